// A span printed as a test: run by vitest, in the words of each way in which spans tell an answer.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { fixtureOf } from '../../../src/studio/web/charts/fixture.ts'
import { saidIn } from '../../../src/studio/web/charts/said.ts'
import type { Span } from '../../../src/studio/web/charts/span-facts.ts'

const root = resolve(import.meta.dirname, '../../..')
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

function span(attributes: Record<string, unknown>, kind: Span['kind'] = 'model'): Span {
  return { traceId: 't', spanId: 's', name: 'chat', kind, startMs: 0, endMs: 1, status: 'ok', attributes }
}

const calls = [{ type: 'tool_use', id: 'call_1', name: 'get_weather', rawInput: '{"city":"Hángzhōu \\"西湖\\""}' }]
const content = [
  { type: 'thinking', thinking: 'First the `weather`…' },
  { type: 'text', text: `Let me look: it's \${here}.\nOne\u2028moment 🙂` },
  ...calls,
]
const messages = [{ role: 'user', content: [{ type: 'text', text: 'How is the "weather"?' }] }]

describe('a span as a test fixture', () => {
  test.each(['dashscope', 'openai'])('is a test that passes, with what the span said (%s)', async (provider) => {
    const code = fixtureOf(
      span({
        'gen_ai.provider.name': provider,
        'gen_ai.request.model': 'qwen3-max',
        'gen_ai.input.messages': messages,
        'gen_ai.output.messages': content,
      }),
    )
    const { success, numPassedTests, testResults } = await ran(code ?? '')
    expect(testResults[0]?.assertionResults.flatMap(({ failureMessages }) => failureMessages)).toEqual([])
    expect({ success, numPassedTests }).toEqual({ success: true, numPassedTests: 1 })
    expect(code).toContain('How is the \\"weather\\"?')
  })

  test('is not offered for tools, or when the span does not say what was answered', () => {
    expect(fixtureOf(span({ 'gen_ai.output.messages': content }, 'tool'))).toBeUndefined()
    expect(fixtureOf(span({ 'gen_ai.request.model': 'm' }))).toBeUndefined()
  })

  test('reads the messages of OpenTelemetry and plain words too', () => {
    const parts = [
      { type: 'reasoning', content: 'Hm.' },
      { type: 'text', content: 'Yes.' },
      { type: 'tool_call', id: 'c', name: 'look', arguments: { at: 1 } },
    ]
    const said = { thinking: 'Hm.', text: 'Yes.', toolCalls: [{ id: 'c', name: 'look', input: { at: 1 } }] }
    expect(saidIn(JSON.stringify([{ role: 'assistant', parts }]))).toEqual(said)
    expect(saidIn('Just words.')).toEqual({ thinking: '', text: 'Just words.', toolCalls: [] })
    expect(saidIn([{ type: 'tool_use', name: 'cut', rawInput: '{"a":' }])?.toolCalls).toEqual([
      { name: 'cut', rawInput: '{"a":' },
    ])
  })
})

interface Report {
  success: boolean
  numPassedTests: number
  testResults: { assertionResults: { failureMessages: string[] }[] }[]
}

/** Runs it as whoever pastes it would, in a folder of this package, so that its own name leads to its sources. */
async function ran(code: string): Promise<Report> {
  const data = join(root, '.data')
  await mkdir(data, { recursive: true })
  const folder = await mkdtemp(join(data, 'fixture-'))
  folders.push(folder)
  await writeFile(join(folder, 'pasted.test.ts'), code)
  const report = join(folder, 'report.json')
  const args = [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`]
  const env = { ...process.env, NODE_OPTIONS: '--conditions=agentscope-source' }
  await promisify(execFile)(process.execPath, args, { env, cwd: folder }).catch(() => {})
  return JSON.parse(await readFile(report, 'utf8')) as Report
}
