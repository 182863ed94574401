// The recorded replies of real providers, when they lie beside the checkout: what must come out does, whole and cut.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blocksOf } from '../../src/core/message.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { comparable, decoded, fetchOf } from '../suites/decode.ts'
import { cut } from '../suites/wire-server.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

const folder = join(import.meta.dirname, '../../../shared/corpus')
const wireOf: Record<string, Wire> = {
  openai: 'openai',
  'dashscope-compat': 'openai',
  dashscope: 'dashscope',
  gemini: 'gemini',
  zhipu: 'zhipuai',
  ollama: 'ollama',
  litellm: 'litellm',
  anthropic: 'anthropic',
}

interface Expectation {
  file: string
  http: { status: number; contentType: string }
  decodeHints?: { incrementalOutput?: boolean }
  lenient: string[]
  expected: {
    text: string
    reasoning: string
    refusal?: string
    toolCalls: { id: string | null; name: string; input: unknown; inputRaw: string | null }[]
    finishReason: string | null
    finishCategory: (string | null)[]
    usage: Record<string, number> | null
    error?: { message: string; code?: unknown }
    blocks: { type: string; text?: string; call?: number }[]
    reasoningBlocks?: { text: string; signature?: string; redactedData?: string }[]
    signatures?: { on: string; value: string }[]
  }
}

const cases = existsSync(folder)
  ? Object.keys(wireOf).flatMap((group) =>
      readdirSync(join(folder, group))
        .filter((name) => name.endsWith('.expect.json'))
        .map((name) => ({ group, name: name.replace('.expect.json', '') })),
    )
  : []

describe.skipIf(cases.length === 0)(
  'the recorded replies (skipped when ../shared/corpus is not beside the checkout)',
  () => {
    describe.each(cases)('$group/$name', ({ group, name }) => {
      const expectation: Expectation = JSON.parse(readFileSync(join(folder, group, `${name}.expect.json`), 'utf8'))
      const body = readFileSync(join(folder, group, expectation.file))
      const run = (bytes: Uint8Array, size: number) => decode(wireOf[group] as Wire, expectation, bytes, size)

      test('gives what must come out', async () => {
        const { response } = await run(body, body.length)
        checkContent(response, expectation)
        checkEnding(response, expectation)
        checkUsage(response, expectation, group)
        checkBlocks(response, expectation)
      })

      test.each([64, 7, 1])('gives the same events cut into %i bytes, with LF and with CRLF', async (size) => {
        const whole = comparable((await run(body, body.length)).events)
        expect(comparable((await run(body, size)).events)).toEqual(whole)
        const crlf = Buffer.from(body.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
        expect(comparable((await run(crlf, size)).events)).toEqual(whole)
      })
    })
  },
)

function decode(wire: Wire, { http, decodeHints }: Expectation, bytes: Uint8Array, size: number) {
  const fetch = fetchOf(cut(bytes, size), http.contentType, http.status)
  const options = decodeHints?.incrementalOutput === false ? { incremental_output: false } : {}
  return decoded(wrapperFor(wire, { fetch }), options)
}

function checkContent(response: ModelResponse, { expected }: Expectation): void {
  expect(response.text ?? '').toBe(expected.text)
  expect(response.thinking ?? '').toBe(expected.reasoning)
  expect(response.refusal ?? '').toBe(expected.refusal ?? '')
  expect(response.toolCalls.map(({ name, input }) => ({ name, input }))).toEqual(
    expected.toolCalls.map(({ name, input }) => ({ name, input: input ?? undefined })),
  )
  for (const [at, call] of expected.toolCalls.entries()) {
    const ours = response.toolCalls[at]
    if (call.id !== null) expect(ours?.id).toBe(call.id)
    else expect(ours?.id).toMatch(/^\w+$/)
    if (call.inputRaw !== null) expect(ours?.rawInput).toBe(call.inputRaw)
  }
}

function checkEnding(response: ModelResponse, { expected, lenient }: Expectation): void {
  const reason = response.ending?.reason.replace('-', '_') as string
  const expectedReasons = expected.finishCategory.flatMap((each) => (each === null ? ['truncated', 'unknown'] : [each]))
  expect(expectedReasons).toContain(reason)
  if (!lenient.some((note) => note.startsWith('finishReason')) && expected.finishReason !== null) {
    expect(response.ending?.raw).toBe(expected.finishReason)
  }
  if (expected.error === undefined) return
  expect(response.ending?.complete).toBe(false)
  expect(response.error?.message).toContain(expected.error.message)
  if (expected.error.code) expect(response.error?.code).toBe(expected.error.code)
}

function checkUsage(response: ModelResponse, { expected, lenient }: Expectation, group: string): void {
  if (expected.usage === null) {
    if (!lenient.some((note) => note.startsWith('usage'))) expect(response.usage).toBeUndefined()
    return
  }
  const { inputTokensTotal, outputTokensTotal, toolUsePromptTokens, ...counted } = expected.usage
  const input = group === 'anthropic' ? inputTokensTotal : counted['inputTokens']
  const want = { ...counted, inputTokens: input, outputTokens: outputTokensTotal ?? counted['outputTokens'] }
  expect(response.usage).toMatchObject(want)
}

function checkBlocks(response: ModelResponse, { expected }: Expectation): void {
  const blocks = blocksOf(response.message)
  const ours = blocks.filter((block) => block.type !== 'text' || block.text !== '')
  const kinds = { text: 'text', thinking: 'reasoning', tool_use: 'tool_call' } as Record<string, string>
  expect(ours.map(({ type }) => kinds[type] ?? type)).toEqual(
    expected.blocks.map(({ type }) =>
      type.includes('reasoning') ? 'reasoning' : kinds[type] || ['text', 'tool_call'].includes(type) ? type : 'raw',
    ),
  )
  const thoughts = blocks.filter((block) => block.type === 'thinking')
  for (const [at, thought] of (expected.reasoningBlocks ?? []).entries()) {
    expect(thoughts[at]?.thinking).toBe(thought.text)
    if (thought.signature) expect(thoughts[at]?.signature).toBe(thought.signature)
    if (thought.redactedData) expect(thoughts[at]?.redacted).toBe(thought.redactedData)
  }
  const signatures = blocks.flatMap((block) =>
    'signature' in block && block.type !== 'thinking' ? [block.signature] : [],
  )
  if (expected.signatures) expect(signatures).toEqual(expected.signatures.map(({ value }) => value))
}
