// The fast lane of the decoding: frames that it takes must give exactly what the long way gives.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Repeats } from '../../src/models/repeats.ts'
import { SseReader } from '../../src/stream/sse.ts'
import { comparable } from '../suites/decode.ts'
import { playBody } from '../suites/every-cut.ts'
import { mutated, randomFrom } from '../suites/mutate.ts'
import type { Wire } from '../suites/wrappers.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 60)

type Say = (text: string, count: number) => object

const openai = (delta: object) => (count: number) => ({
  id: 'r',
  created: 1700 + (count % 2),
  model: 'm',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
  usage: count % 5 === 0 ? null : { prompt_tokens: 3, completion_tokens: count },
})
const delta = (type: string, field: string) => (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type, [field]: text },
})
const gemini = (text: string, count: number, more: object) => ({
  candidates: [{ content: { parts: [{ text, ...more }], role: 'model' }, index: 0 }],
  usageMetadata: { promptTokenCount: 2, candidatesTokenCount: count },
  responseId: 'r',
})
const ollama = (message: object, count: number) => ({ model: 'm', created_at: `t${count}`, message, done: false })
const dashscope = (message: object, count: number) => ({
  output: { choices: [{ message: { role: 'assistant', ...message }, finish_reason: 'null' }] },
  usage: { input_tokens: 3, output_tokens: count },
  request_id: 'r',
})
/** What a wire says, in the shapes that are said again and again. */
const says: Partial<Record<Wire, Say[]>> = {
  openai: [
    (text, count) => openai({ content: text })(count),
    (text, count) => openai({ role: 'assistant', content: '', reasoning_content: text })(count),
    (text, count) => openai({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: text } }] })(count),
  ],
  anthropic: [
    delta('text_delta', 'text'),
    delta('thinking_delta', 'thinking'),
    delta('input_json_delta', 'partial_json'),
    () => ({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'c', name: 'f', input: {} },
    }),
    () => ({ type: 'ping' }),
  ],
  gemini: [(text, count) => gemini(text, count, {}), (text, count) => gemini(text, count, { thought: true })],
  ollama: [(text, count) => ollama({ content: text }, count), (text, count) => ollama({ thinking: text }, count)],
  dashscope: [
    (text, count) => dashscope({ content: text }, count),
    (text, count) => dashscope({ content: '', reasoning_content: text }, count),
  ],
}
const words = [
  'Hi',
  ' there',
  '',
  '"q"',
  '\\',
  '\n\n',
  ' 🌍',
  '\ud83d',
  '\ude00',
  '语言',
  ' a longer piece of text ',
  '{}',
  '\u2028',
]

function bodyOf(wire: Wire, random: () => number): string {
  const pick = <Value>(from: readonly Value[]) => from[Math.floor(random() * from.length)] as Value
  const end = pick(['\n', '\r\n'])
  const values: unknown[] = []
  while (values.length < 120) {
    const say = pick(says[wire] as Say[])
    for (let run = Math.floor(random() * 20); run >= 0; run -= 1) values.push(say(pick(words), values.length))
    if (random() < 0.2) values.push(...mutated([say('x', 1)], random))
  }
  const frame = (value: unknown, index: number) => {
    if (wire === 'ollama') return `${JSON.stringify(value)}${end}`
    const lead = {
      dashscope: `id:${index}${end}event:result${end}:HTTP_STATUS/200${end}data:`,
      anthropic: `event: x${end}data: `,
    }
    const comment = random() < 0.03 ? `: ping${end}${end}` : ''
    return `${comment}${lead[wire as keyof typeof lead] ?? 'data: '}${JSON.stringify(value)}${end}${end}`
  }
  return values.map(frame).join('')
}

async function outcome(wire: Wire, body: string, size: number) {
  const { events, response } = await playBody(wire, body, size)
  const { usage, metadata, raw, text, thinking, ending } = response
  return { events: comparable(events), usage, metadata, raw, text, thinking, ending }
}

afterEach(() => void vi.restoreAllMocks())

describe(`the fast lane (FUZZ_SEED=${seed})`, () => {
  test.each(Object.keys(says) as Wire[])(
    '%s: gives what the long way gives, wherever the bytes are cut',
    async (wire) => {
      for (let round = 0; round < rounds; round += 1) {
        const random = randomFrom(seed + round)
        const body = bodyOf(wire, random)
        const size = [body.length + 9, 4096, 300, 64, 7][round % 5] as number
        const fast = await outcome(wire, body, size)
        const learn = vi.spyOn(Repeats.prototype, 'learn').mockImplementation(() => {})
        const slow = await outcome(wire, body, size)
        learn.mockRestore()
        expect(fast, `FUZZ_SEED=${seed + round} FUZZ_ROUNDS=1, pieces of ${size}`).toEqual(slow)
      }
    },
  )

  test('takes nearly all frames of a long reply', async () => {
    const frame = (text: string) => `data: ${JSON.stringify(openai({ content: text })(1))}\n\n`
    const body = Array.from({ length: 1000 }, (_, index) => frame(`w${index} `)).join('')
    const skip = vi.spyOn(SseReader.prototype, 'skip')
    await playBody('openai', body, 2000)
    const taken = skip.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0)
    expect(taken).toBeGreaterThan(body.length * 0.8)
  })

  test('counts the bytes that it takes, so that a broken frame is told with its place', async () => {
    const frame = (text: string) => `data: ${JSON.stringify(openai({ content: text })(1))}\n\n`
    const good = Array.from({ length: 50 }, () => frame('语 🌍 é')).join('')
    const { response } = await playBody('openai', `${good}data: {"cut\n\n`, 4096)
    expect(response.error).toMatchObject({ type: 'wire', offset: Buffer.byteLength(good) })
  })
})
