// Replies that do not stream: each gives the message that its stream gives, and a failure rejects the call.
import { describe, expect, test } from 'vitest'
import { checkEventLaws } from '../suites/event-laws.ts'
import { everyCut, lines, namedSse, playBody, sse, summary, wholeReply } from '../suites/every-cut.ts'
import { chunk, delta, finish } from '../suites/openai-chunks.ts'
import type { Wire } from '../suites/wrappers.ts'

interface Pair {
  sentence: string
  wire: Wire
  whole: unknown
  streamed: string
}

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const toolCall = { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }

function openaiPair(sentence: string, message: Record<string, unknown>, reason: string, wire: Wire = 'openai'): Pair {
  const choice = { index: 0, message: { role: 'assistant', ...message }, finish_reason: reason }
  const whole = { ...chunk(choice), object: 'chat.completion', usage }
  return { sentence, wire, whole, streamed: sse(delta(message), finish(reason), { choices: [], usage }, '[DONE]') }
}

const blocks = [
  { type: 'thinking', thinking: 'Hm', signature: 'S' },
  { type: 'redacted_thinking', data: 'ENC' },
  { type: 'text', text: 'Look', citations: [{ type: 'char_location', cited_text: 'x' }] },
  { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
  { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
  { type: 'tool_use', id: 't', name: 'f', input: { x: 1 } },
]
const claude = { id: 'm1', type: 'message', role: 'assistant', model: 'claude' }
const claudeUsage = { input_tokens: 5, cache_read_input_tokens: 4, output_tokens: 7 }
const claudeEnd = { stop_reason: 'tool_use', stop_sequence: null }
const parts = [
  { text: 'Hm', thought: true },
  { text: 'Look', thoughtSignature: 'S1' },
  { executableCode: { language: 'PYTHON', code: '1' } },
  { functionCall: { id: 'a', name: 'f', args: { x: 1 } }, thoughtSignature: 'S2' },
  { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
]
const geminiReply = {
  responseId: 'r',
  modelVersion: 'm',
  candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, thoughtsTokenCount: 3, totalTokenCount: 9 },
}
const ollamaReply = {
  model: 'm',
  created_at: '2026-01-01T00:00:00Z',
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 7,
  eval_count: 3,
  message: {
    role: 'assistant',
    thinking: 'Hm',
    content: 'Look',
    tool_calls: [{ function: { name: 'f', arguments: { x: 1 } } }],
  },
}
const dashscopeReply = {
  request_id: 'r',
  usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
  output: {
    choices: [
      {
        message: { role: 'assistant', reasoning_content: 'Hm', content: 'Look', tool_calls: [toolCall] },
        finish_reason: 'tool_calls',
      },
    ],
  },
}

const pairs: Pair[] = [
  openaiPair('text', { content: 'Hi' }, 'stop'),
  openaiPair(
    'reasoning, text and a tool call',
    { reasoning_content: 'Hm', content: 'Look', tool_calls: [toolCall] },
    'tool_calls',
  ),
  openaiPair('a refusal', { content: null, refusal: 'No.' }, 'stop'),
  openaiPair('a length limit', { content: 'Hi' }, 'length'),
  openaiPair(
    'thinking blocks',
    { content: 'Hi', reasoning_content: 'Hm', thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: 'S' }] },
    'stop',
    'litellm',
  ),
  openaiPair(
    'parts',
    {
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
        { type: 'text', text: 'Hi' },
      ],
    },
    'stop',
  ),
  openaiPair('a sensitive answer', { content: 'Well' }, 'sensitive', 'zhipuai'),
  {
    sentence: 'every kind of block',
    wire: 'anthropic',
    whole: { ...claude, content: blocks, ...claudeEnd, usage: claudeUsage },
    streamed: namedSse(
      { type: 'message_start', message: { ...claude, content: [], usage: { ...claudeUsage, output_tokens: 1 } } },
      ...blocks.flatMap((content_block, index) => [
        { type: 'content_block_start', index, content_block },
        { type: 'content_block_stop', index },
      ]),
      { type: 'message_delta', delta: claudeEnd, usage: { output_tokens: 7 } },
      { type: 'message_stop' },
    ),
  },
  { sentence: 'every kind of part', wire: 'gemini', whole: geminiReply, streamed: sse(geminiReply) },
  { sentence: 'thinking, text and a tool call', wire: 'ollama', whole: ollamaReply, streamed: lines(ollamaReply) },
  {
    sentence: 'reasoning, text and a tool call',
    wire: 'dashscope',
    whole: dashscopeReply,
    streamed: sse(dashscopeReply),
  },
]

describe.each(pairs)('$wire: $sentence', ({ wire, whole, streamed }) => {
  test('a whole reply gives the message of the streamed one', async () => {
    const [one, other] = [await wholeReply(wire, whole), (await everyCut(wire, streamed)).response]
    expect(summary(one)).toEqual(summary(other))
    expect(one.message.content).toEqual(other.message.content)
    expect(one.ending).toEqual(other.ending)
    expect(one.stream).toBeNull()
    expect(await one.getText()).toBe(other.text)
    expect(one.raw).toEqual(whole)
  })

  test('a whole reply to a streaming request is decoded too', async () => {
    const body = JSON.stringify(whole, null, wire === 'ollama' ? 0 : 2)
    const played = await playBody(wire, body, 7, { contentType: 'application/json' })
    checkEventLaws(played.events, played.response.message)
    expect(summary(played.response)).toEqual(summary((await everyCut(wire, streamed)).response))
  })
})

const failures: [wire: Wire, value: unknown, expected: object][] = [
  [
    'openai',
    { error: { message: 'nope', code: 'server_error' } },
    { type: 'provider', code: 'server_error', retryable: true },
  ],
  [
    'openai',
    {
      choices: [{ index: 0, message: { content: '' }, finish_reason: 'error', error: { code: 502, message: 'nope' } }],
    },
    { code: 502 },
  ],
  ['openai', [{ error: { code: 429, message: 'nope', status: 'RESOURCE_EXHAUSTED' } }], { type: 'rate-limit' }],
  ['zhipuai', { error: { code: '1302', message: 'nope' } }, { code: '1302' }],
  ['litellm', { detail: 'nope' }, { message: expect.stringContaining('nope') }],
  [
    'anthropic',
    { type: 'error', error: { type: 'overloaded_error', message: 'nope' } },
    { code: 'overloaded_error', retryable: true },
  ],
  ['gemini', { error: { code: 400, message: 'nope', status: 'INVALID_ARGUMENT' } }, { type: 'input' }],
  ['gemini', [{ error: { code: 503, message: 'nope', status: 'UNAVAILABLE' } }], { retryable: true }],
  ['ollama', { error: 'nope' }, { message: expect.stringContaining('nope') }],
  ['dashscope', { code: 'Throttling', message: 'nope', request_id: 'r' }, { type: 'rate-limit', requestId: 'r' }],
]

describe('a failure inside a whole reply with status 200', () => {
  test.each(failures)('%s: %j rejects the call', async (wire, value, expected) => {
    await expect(wholeReply(wire, value)).rejects.toMatchObject({
      message: expect.stringContaining('nope'),
      ...expected,
    })
  })

  test.each(failures)('%s: %j to a streaming request is the same failure', async (wire, value, expected) => {
    const { response } = await playBody(wire, JSON.stringify(value), 9, { contentType: 'application/json' })
    await expect(response.getText()).rejects.toMatchObject(expected)
  })
})

describe('a whole reply that is no reply of the wire', () => {
  const wires: Wire[] = ['openai', 'anthropic', 'gemini', 'ollama', 'dashscope']

  test.each(wires)('%s: JSON that says nothing known is no empty success', async (wire) => {
    await expect(wholeReply(wire, { hello: 'world' })).rejects.toMatchObject({
      message: expect.stringContaining('hello'),
    })
  })
})
