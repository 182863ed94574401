// Replies that no provider would send: decoding never throws, keeps its promises and pollutes nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { comparable, type Decoded } from '../suites/decode.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { lines, playBody, sse, wholeReply } from '../suites/every-cut.ts'
import { mutated, randomFrom } from '../suites/mutate.ts'
import { call, calls, chunk, delta, finish, say } from '../suites/openai-chunks.ts'
import type { Wire } from '../suites/wrappers.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 400)

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, prompt_tokens_details: { cached_tokens: 1 } }
const openai = [
  { choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
  delta({
    role: 'assistant',
    reasoning_content: 'Hm',
    reasoning_details: [{ type: 'reasoning.text', text: 'Hm', signature: 'S' }],
  }),
  delta({
    thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: 'S' }],
    provider_specific_fields: { a: 1 },
  }),
  say('Hi 🌍'),
  say([
    { type: 'text', text: 'a' },
    { type: 'thinking', thinking: [{ type: 'text', text: 'b' }] },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
  ]),
  delta({
    refusal: 'No',
    audio: { id: 'a', data: 'AAAA', transcript: 'Hi' },
    images: [{ type: 'image_url', image_url: { url: 'x' } }],
  }),
  calls({ index: 0, id: 'a', name: 'f', args: '{"x":' }, { index: 1, id: 'b', name: 'g', args: '' }),
  calls({ index: 0, args: '1}' }, { index: 1, args: '{}' }),
  chunk({
    index: 1,
    delta: { content: 'other', tool_calls: [call({ index: 0, name: 'h', args: '{}' })] },
    finish_reason: 'stop',
  }),
  chunk({
    index: 0,
    delta: {},
    finish_reason: 'tool_calls',
    logprobs: { content: [{ token: 'a' }] },
    content_filter_results: { hate: {} },
  }),
  { ...finish('stop', { usage }), x_groq: { id: 'g', usage } },
]
const anthropic = [
  {
    type: 'message_start',
    message: { id: 'm', model: 'c', usage: { input_tokens: 5, output_tokens: 1 }, container: { id: 'c' } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: 'H', signature: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'm' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'S' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'redacted_thinking', data: 'ENC' } },
  { type: 'content_block_start', index: 2, content_block: { type: 'text', text: '', citations: [{}] } },
  { type: 'content_block_delta', index: 2, delta: { type: 'text_delta', text: 'Hi 🌍' } },
  { type: 'content_block_delta', index: 2, delta: { type: 'citations_delta', citation: { cited_text: 'x' } } },
  { type: 'content_block_stop', index: 2 },
  {
    type: 'content_block_start',
    index: 3,
    content_block: { type: 'tool_use', id: 't', name: 'f', input: {}, caller: { type: 'direct' } },
  },
  { type: 'content_block_delta', index: 3, delta: { type: 'input_json_delta', partial_json: '{"x":1}' } },
  { type: 'content_block_stop', index: 3 },
  {
    type: 'content_block_start',
    index: 4,
    content_block: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
  },
  { type: 'content_block_delta', index: 4, delta: { type: 'input_json_delta', partial_json: '{"q":1}' } },
  { type: 'content_block_delta', index: 4, delta: { type: 'compaction_delta', content: 'x' } },
  { type: 'content_block_stop', index: 4 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use', container: { id: 'c' } },
    usage: { output_tokens: 7 },
    context_management: {},
  },
  { type: 'message_stop' },
]
const parts = (...list: unknown[]) => ({ candidates: [{ index: 0, content: { parts: list } }], responseId: 'r' })
const gemini = [
  parts({ text: 'Hm', thought: true, thoughtSignature: 'S' }, { text: 'Hi 🌍' }),
  parts({ functionCall: { id: 'a', name: 'f', args: { x: 1 } }, thoughtSignature: 'S' }),
  parts({ functionCall: { name: 'g', willContinue: true } }),
  parts({ functionCall: { partialArgs: [{ jsonPath: '$.a[1].b', stringValue: 'x' }], willContinue: true } }),
  parts(
    { functionCall: {} },
    { inlineData: { mimeType: 'image/png', data: 'AA' } },
    { fileData: { fileUri: 'gs://x' } },
  ),
  parts(
    { executableCode: { code: '1' } },
    { codeExecutionResult: { output: '1' } },
    { text: '', thoughtSignature: 'T' },
  ),
  { candidates: [{ index: 1, content: { parts: [{ text: 'other' }] }, finishReason: 'STOP' }] },
  {
    candidates: [{ finishReason: 'STOP', groundingMetadata: { x: 1 }, safetyRatings: [{}] }],
    promptFeedback: { safetyRatings: [] },
  },
  { usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, thoughtsTokenCount: 1 } },
]
const line = (message: object, beside: object = {}) => ({
  model: 'm',
  created_at: 'now',
  message,
  done: false,
  ...beside,
})
const ollama = [
  line({ role: 'assistant', thinking: 'Hm' }),
  line({ content: 'Hi 🌍' }),
  line({
    content: '',
    tool_calls: [
      { id: 'a', function: { index: 0, name: 'f', arguments: { x: 1 } } },
      { function: { name: 'g', arguments: '{}' } },
    ],
  }),
  { model: 'm', response: 'x' },
  line({ content: '!' }, { done: true, done_reason: 'stop', prompt_eval_count: 3, eval_count: 2, total_duration: 9 }),
]
const output = (message: object, reason = 'null') => ({
  output: { choices: [{ message, finish_reason: reason }], search_info: { search_results: [{}] } },
  usage: { input_tokens: 3, output_tokens: 2, output_tokens_details: { reasoning_tokens: 1 } },
  request_id: 'r',
})
const dashscope = [
  output({ reasoning_content: 'Hm' }),
  output({ content: 'Hi' }),
  output({ content: 'Hi there 🌍' }),
  output({ content: [{ text: 'Hi there 🌍, you' }, { image: 'https://a.example' }, { audio: { url: 'x' } }] }),
  output({ content: '', tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }] }),
  output({ content: '', tool_calls: [{ index: 0, id: '', function: { arguments: ':1}' } }] }),
  { output: { text: 'x', finish_reason: 'null' } },
  output({ content: '' }, 'tool_calls'),
]
const streams: [wire: Wire, values: unknown[]][] = [
  ['openai', openai],
  ['anthropic', anthropic],
  ['gemini', gemini],
  ['ollama', ollama],
  ['dashscope', dashscope],
]

const unhandled: unknown[] = []
const note = (reason: unknown) => void unhandled.push(reason)
beforeEach(() => void process.on('unhandledRejection', note))
afterEach(() => void process.off('unhandledRejection', note))

const bodyOf = (wire: Wire, values: readonly unknown[]) => (wire === 'ollama' ? lines(...values) : sse(...values))

function expectSound({ events, response }: Decoded): void {
  checkEventLaws(events, response.message)
  expect(response.error?.message ?? '').not.toContain('could not be decoded')
  expect(response.ending).toBeDefined()
  expect(typeof response.text).toBe('string')
}

describe(`a hostile gateway (FUZZ_SEED=${seed})`, () => {
  test.each(streams)('%s: damaged frames never break the decoding', async (wire, values) => {
    for (let round = 0; round < rounds; round += 1) {
      const body = bodyOf(wire, mutated(values, randomFrom(seed + round)))
      try {
        const whole = await playBody(wire, body, body.length + 9)
        expectSound(whole)
        if (round % 3 > 0) continue
        expect(comparable((await playBody(wire, body, 1 + (round % 40))).events)).toEqual(comparable(whole.events))
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed + round} FUZZ_ROUNDS=1 ${wire} broke on:\n${body}`, { cause: error })
      }
    }
    expect(unhandled).toEqual([])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect('polluted' in {}).toBe(false)
  })

  test.each(streams)('%s: the undamaged frames are a complete reply', async (wire, values) => {
    const played = await playBody(wire, bodyOf(wire, values), 64)
    expectSound(played)
    expect(played.response.ending).toMatchObject({
      reason: wire === 'openai' ? 'refusal' : 'tool-calls',
      complete: true,
    })
    expect(played.response.text).toContain('🌍')
  })

  test.each(streams)(
    '%s: a whole reply that is damaged rejects with a typed error or gives an answer',
    async (wire, values) => {
      for (let round = 0; round < rounds / 10; round += 1) {
        const [value] = mutated([values[round % values.length]], randomFrom(seed + round))
        const settled = await wholeReply(wire, value ?? null).catch((error: unknown) => error)
        const type = settled instanceof Error ? (settled as Error & { type?: string }).type : 'answer'
        expect(['answer', 'provider', 'wire', 'input', 'auth', 'rate-limit'], JSON.stringify(value)).toContain(type)
        if (settled instanceof Error) expect(settled.message).not.toContain('could not be decoded')
      }
    },
  )

  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

  const deepCalls: [Wire, (input: string) => string][] = [
    [
      'openai',
      (input) =>
        `{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":${input}}}}]}}]}`,
    ],
    [
      'anthropic',
      (input) =>
        `{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"f","input":{"x":${input}}}}`,
    ],
    [
      'gemini',
      (input) => `{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"x":${input}}}}]}}]}`,
    ],
    ['ollama', (input) => `{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"x":${input}}}}]}}`],
    [
      'dashscope',
      (input) =>
        `{"output":{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":${input}}}}]}}]}}`,
    ],
  ]

  test.each(deepCalls)(
    '%s: nesting that no listener could write out is a broken frame, any other is a value',
    async (wire, frame) => {
      const play = async (levels: number) => {
        const text = frame(nested(levels))
        const played = await playBody(wire, wire === 'ollama' ? `${text}\n${text}\n` : sse(text), 4096)
        checkEventLaws(played.events, played.response.message)
        return played.response
      }
      expect((await play(50_000)).error).toMatchObject({
        type: 'wire',
        message: expect.not.stringContaining('could not be decoded'),
      })
      expect((await play(900)).toolCalls[0]).toMatchObject({ name: 'f' })
    },
  )
})
