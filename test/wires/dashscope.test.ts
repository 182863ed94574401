// Rows D1 to D8 of the wire requirements: DashScope's own wire.
import { describe, expect, test } from 'vitest'
import { decoded, fetchOf } from '../suites/decode.ts'
import { everyCut, sse, summary } from '../suites/every-cut.ts'
import { wrapperFor } from '../suites/wrappers.ts'

type Fields = Record<string, unknown>

const event = (value: unknown, name = 'result', status = 200) =>
  `id:1\nevent:${name}\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(value)}\n\n`
const output = (message: Fields, reason: unknown = 'null', tokens?: number) => ({
  output: { choices: [{ message: { role: 'assistant', content: '', ...message }, finish_reason: reason }] },
  ...(tokens !== undefined && { usage: { input_tokens: 5, output_tokens: tokens, total_tokens: 5 + tokens } }),
  request_id: 'r1',
})
const say = (content: unknown, tokens?: number, reason?: string) => output({ content }, reason, tokens)
const call = (index: number, id: string, name: string | undefined, args: string) => ({
  index,
  id,
  type: 'function',
  function: { ...(name !== undefined && { name }), arguments: args },
})
const body = (...values: unknown[]) => values.map((value) => event(value)).join('')
const snapshots = { call: { incremental_output: false } }

type Row = [sentence: string, values: unknown[], expected: object, options?: object]

const rows: Row[] = [
  [
    'D1: a finish reason of "null" is none',
    [say('Hi'), say(' you'), say('', undefined, 'stop')],
    { text: 'Hi you', reason: 'stop' },
  ],
  ['D1: without another it is a truncated reply', [say('Hi')], { text: 'Hi', reason: 'truncated', complete: false }],
  ['D2: increments are joined', [say('Hi', 1), say(' you', 2), say('!', 3), say('', 3, 'stop')], { text: 'Hi you!' }],
  [
    'D3: snapshots that were asked for give each word once',
    [say('Hi', 1), say('Hi you', 2), say('Hi you!', 3), say('Hi you!', 3, 'stop')],
    { text: 'Hi you!' },
    snapshots,
  ],
  [
    'D3: snapshots that were not asked for are found out',
    [say('Hello', 1), say('Hello my', 2), say('Hello my dear', 3), say('Hello my dear friend', 4, 'stop')],
    { text: 'Hello my dear friend' },
  ],
  [
    'D3: repeated words are no snapshots',
    [say('ha', 1), say('haha', 3), say('!', 4), say('', 4, 'stop')],
    { text: 'hahaha!' },
  ],
  [
    'D3: the same word again is no snapshot',
    [say('ha', 1), say('ha', 2), say('ha', 3), say('', 3, 'stop')],
    { text: 'hahaha' },
  ],
  [
    'D3: reasoning and text may both come as snapshots',
    [
      output({ reasoning_content: 'Well' }, 'null', 1),
      output({ reasoning_content: 'Well, yes' }, 'null', 2),
      output({ reasoning_content: 'Well, yes', content: 'Hi' }, 'null', 3),
      output({ reasoning_content: 'Well, yes', content: 'Hi you' }, 'stop', 4),
    ],
    { thinking: 'Well, yes', text: 'Hi you' },
    snapshots,
  ],
  [
    'D5: content as parts is text, and an empty list is nothing',
    [say([{ text: 'Hi' }]), say([]), say([{ text: ' you' }], 2, 'stop')],
    { text: 'Hi you' },
  ],
  [
    'D6: an empty id and a name in pieces make one call',
    [
      output({ tool_calls: [call(0, 'a', 'wea', '')] }),
      output({ tool_calls: [call(0, '', 'ther', '')] }),
      output({ tool_calls: [call(0, '', undefined, '{"city":')] }),
      output({ tool_calls: [call(0, '', '', '"Rome"}')] }, 'tool_calls'),
    ],
    { calls: [['weather', { city: 'Rome' }]], ids: ['a'], reason: 'tool-calls' },
  ],
  [
    'D6: arguments that are repeated whole each time are read once',
    [
      output({ tool_calls: [call(0, 'a', 'weather', '{')] }),
      output({ tool_calls: [call(0, 'a', 'weather', '{"city":')] }),
      output({ tool_calls: [call(0, 'a', 'weather', '{"city":"Rome"}')] }),
      output({ tool_calls: [call(0, 'a', 'weather', '{"city":"Rome"}')] }, 'tool_calls'),
    ],
    { calls: [['weather', { city: 'Rome' }]] },
    snapshots,
  ],
  [
    'D7: output.text is the text',
    [{ output: { text: 'Hi', finish_reason: 'null' } }, { output: { text: ' you', finish_reason: 'stop' } }],
    { text: 'Hi you', reason: 'stop' },
  ],
  [
    'D8: the last counters win',
    [say('Hi', 1), say(' you', 2), say('', 2, 'stop')],
    { usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 } },
  ],
  [
    'reasoning and a tool call',
    [output({ reasoning_content: 'Hm' }), output({ tool_calls: [call(0, 'a', 'now', '{}')] }, 'tool_calls')],
    { thinking: 'Hm', calls: [['now', {}]], blocks: ['thinking', 'tool_use'] },
  ],
  [
    'an image that is repeated comes out once',
    [
      say([{ image: 'https://a.example/i.png' }]),
      say([{ image: 'https://a.example/i.png' }, { text: 'Hi' }], 2, 'stop'),
    ],
    { blocks: ['image', 'text'] },
  ],
  [
    'a failure without its event name is one',
    [say('Hi'), { code: 'Throttling', message: 'slow down', request_id: 'r1' }],
    { text: 'Hi', reason: 'error', complete: false },
  ],
  [
    'a failure beside an output of null is one',
    [say('Hi'), { output: null, code: 'InternalError', message: 'oh', usage: null }],
    { reason: 'error' },
  ],
  [
    'an empty code beside an output is none',
    [{ ...say('Hi', 1, 'stop'), code: '', message: '' }],
    { text: 'Hi', reason: 'stop' },
  ],
]

describe("DashScope's wire", () => {
  test.each(rows)('%s', async (_, values, expected, options) => {
    const { response } = await everyCut('dashscope', body(...values), options)
    expect(summary(response)).toMatchObject(expected)
  })

  test('D3: once the kind is known every piece is handed on at once', async () => {
    const words = ['a', 'a b', 'a b c', 'a b c d', 'a b c d e']
    const { events } = await everyCut(
      'dashscope',
      body(...words.map((text, at) => say(text, at + 1)), say('a b c d e', 5, 'stop')),
    )
    const deltas = events.flatMap((each) => (each.type === 'text-delta' ? [each.delta] : []))
    expect(deltas.join('')).toBe('a b c d e')
    expect(deltas.slice(-2)).toEqual([' d', ' e'])
  })

  test('D4: an error event gives the status, the code and the request id', async () => {
    const failure = event({ code: 'InvalidParameter', message: 'bad top_p', request_id: 'r9' }, 'error', 400)
    const { response } = await everyCut('dashscope', body(say('Hi')) + failure)
    expect(summary(response)).toMatchObject({ text: 'Hi', reason: 'error', complete: false })
    expect(response.error).toMatchObject({
      type: 'input',
      status: 400,
      code: 'InvalidParameter',
      requestId: 'r9',
      retryable: false,
    })
  })

  test('what was searched is in the metadata, and no content', async () => {
    const search_info = { search_results: [{ title: 'x', url: 'https://a.example' }] }
    const value = say('Hi', 1, 'stop')
    const { response } = await everyCut('dashscope', body({ ...value, output: { ...value.output, search_info } }))
    expect(response.metadata).toMatchObject({ search_info, responseId: 'r1' })
    expect(response.text).toBe('Hi')
  })

  test('a spoken answer is its text and one sound', async () => {
    const values = [
      say([{ text: 'Hi' }]),
      say([{ audio: { data: 'AQID' } }]),
      say([{ audio: { data: 'BAUG' } }], 2, 'stop'),
    ]
    const { response } = await everyCut('dashscope', body(...values))
    expect(response.message.content).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'audio', url: 'data:audio/pcm;base64,AQIDBAUG', mimeType: 'audio/pcm' },
    ])
  })

  test('cached and reasoning tokens are told', async () => {
    const usage = {
      input_tokens: 9,
      output_tokens: 4,
      prompt_tokens_details: { cached_tokens: 6 },
      output_tokens_details: { reasoning_tokens: 2 },
    }
    const { response } = await everyCut('dashscope', body({ ...say('Hi', 1, 'stop'), usage }))
    expect(response.usage).toEqual({
      inputTokens: 9,
      outputTokens: 4,
      totalTokens: 13,
      cachedInputTokens: 6,
      reasoningTokens: 2,
      raw: usage,
    })
  })
})

test('snapshots that were asked for inside parameters are read as such from the first piece', async () => {
  const body = sse(
    { output: { text: 'ha', finish_reason: 'null' } },
    { output: { text: 'haha', finish_reason: 'stop' } },
  )
  const model = wrapperFor('dashscope', { fetch: fetchOf([Buffer.from(body)], 'text/event-stream') })
  const { response } = await decoded(model, { parameters: { incremental_output: false } })
  expect(response.text).toBe('haha')
})

test('a ping after the status comment does not hide the status', async () => {
  const body = ':HTTP_STATUS/429\n: ping\nevent:error\ndata:{"code":"X","message":"busy"}\n\n'
  const { response } = await decoded(
    wrapperFor('dashscope', { fetch: fetchOf([Buffer.from(body)], 'text/event-stream') }),
  )
  expect(response.error).toMatchObject({ type: 'rate-limit', status: 429 })
})
