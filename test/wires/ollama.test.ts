// Rows O1 to O8 of the wire requirements: Ollama's lines.
import { describe, expect, test } from 'vitest'
import { comparable } from '../suites/decode.ts'
import { everyCut, lines, playBody, summary } from '../suites/every-cut.ts'

const at = '2026-01-01T00:00:00Z'
const line = (message: object, beside: object = {}) => ({
  model: 'm',
  created_at: at,
  message: { role: 'assistant', content: '', ...message },
  done: false,
  ...beside,
})
const say = (content: unknown) => line({ content })
const end = (beside: object = {}) => line({}, { done: true, done_reason: 'stop', ...beside })
const call = (name: string, args?: unknown, beside: object = {}) => ({
  ...beside,
  function: { name, ...(args !== undefined && { arguments: args }) },
})
const counters = { prompt_eval_count: 7, eval_count: 3, total_duration: 5 }

type Row = [sentence: string, lines: unknown[], expected: object, model?: Record<string, unknown>]

const rows: Row[] = [
  [
    'O2: an error line keeps what came before',
    [say('Hi'), { error: 'out of memory' }],
    { text: 'Hi', reason: 'error', complete: false },
  ],
  [
    'O3: thinking is reasoning',
    [line({ thinking: 'Hm' }), line({ thinking: 'm.' }), say('Yes'), end()],
    { thinking: 'Hmm.', text: 'Yes', blocks: ['thinking', 'text'] },
  ],
  [
    'O4: two calls of the same name without ids on one line are two calls',
    [line({ tool_calls: [call('f', { x: 1 }), call('f', { x: 1 })] }), end()],
    {
      calls: [
        ['f', { x: 1 }],
        ['f', { x: 1 }],
      ],
      reason: 'tool-calls',
    },
  ],
  [
    'O4: two calls of the same name without ids on two lines are two calls',
    [line({ tool_calls: [call('f', { x: 1 })] }), line({ tool_calls: [call('f', { x: 1 })] }), end()],
    {
      calls: [
        ['f', { x: 1 }],
        ['f', { x: 1 }],
      ],
    },
  ],
  [
    'O5: content in the last line is kept',
    [say('Hi'), line({ content: ' you' }, { done: true, done_reason: 'stop' })],
    { text: 'Hi you', reason: 'stop' },
  ],
  ['O6: length is a length limit', [say('Hi'), end({ done_reason: 'length' })], { reason: 'length', complete: true }],
  ['O6: load is no answer', [end({ done_reason: 'load' })], { complete: false }],
  ['O6: unload is no answer', [end({ done_reason: 'unload' })], { complete: false }],
  ['O7: an end without done is a truncated reply', [say('Hi')], { text: 'Hi', reason: 'truncated', complete: false }],
  [
    'O8: arguments that are JSON as text are read',
    [line({ tool_calls: [call('f', '{"x":[1]}')] }), end()],
    { calls: [['f', { x: [1] }]] },
  ],
  [
    'O8: text that is no JSON proves no input',
    [line({ tool_calls: [call('f', '{"x":')] }), end()],
    { calls: [['f', undefined]] },
  ],
  ['a call without arguments takes none', [line({ tool_calls: [call('f')] }), end()], { calls: [['f', {}]] }],
  [
    'thinking and a tool call',
    [line({ thinking: 'Hm' }), line({ tool_calls: [call('f', {})] }), end()],
    { blocks: ['thinking', 'tool_use'], reason: 'tool-calls' },
  ],
  ['an id of the wire is kept', [line({ tool_calls: [call('f', {}, { id: 'own' })] }), end()], { ids: ['own'] }],
  [
    'a done without a reason, as of old, is complete',
    [say('Hi'), { ...end(), done_reason: undefined }],
    { text: 'Hi', reason: 'unknown', complete: true },
  ],
  ['counters are counted', [say('Hi'), end(counters)], { usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } }],
  ['a counter that is missing is not 0', [say('Hi'), end({ eval_count: 3 })], { usage: { outputTokens: 3 } }],
  [
    'the generating endpoint says response',
    [
      { model: 'm', response: 'Hi' },
      { response: ' you', done: true, done_reason: 'stop' },
    ],
    { text: 'Hi you', reason: 'stop' },
  ],
  [
    'think tags are never shown',
    [say('<thi'), say('nk>Hm</think>'), say('Yes'), end()],
    { thinking: 'Hm', text: 'Yes' },
    { thinkTags: true },
  ],
]

describe("Ollama's wire", () => {
  test.each(rows)('%s', async (_, values, expected, model = {}) => {
    const { response } = await everyCut('ollama', lines(...values), { model })
    expect(summary(response)).toMatchObject(expected)
  })

  test('O1: cut every 3 bytes, blank lines, CRLF and a last line without its end change nothing', async () => {
    const body = lines(say('你好'), line({ thinking: 'é' }), say('🌍'), end(counters))
    const expected = comparable((await everyCut('ollama', body)).events)
    for (const form of [body, body.replaceAll('\n', '\r\n\r\n'), `\n\n${body}`, body.trimEnd()]) {
      expect(comparable((await playBody('ollama', form, 3)).events)).toEqual(expected)
    }
  })

  test('O2: the error is told in its own words', async () => {
    const { response } = await everyCut('ollama', lines(say('Hi'), { error: 'out of memory' }))
    await expect(response.getText()).rejects.toMatchObject({
      message: expect.stringContaining('out of memory'),
      partialText: 'Hi',
    })
  })

  test('O4: ids that are minted differ within a reply and are the same every time', async () => {
    const body = lines(
      line({ tool_calls: [call('f', {}), call('f', {})] }),
      line({ tool_calls: [call('f', {})] }),
      end(),
    )
    const [first, second] = [await everyCut('ollama', body), await everyCut('ollama', body)]
    expect(new Set(summary(first.response).ids).size).toBe(3)
    expect(summary(second.response).ids).toEqual(summary(first.response).ids)
  })

  test('O6: load says that the model was loaded', async () => {
    const { response } = await everyCut('ollama', lines(end({ done_reason: 'load' })))
    expect(response.ending).toMatchObject({ note: 'modelLoaded', raw: 'load' })
  })

  test('counters of a reply that was cut off are not reported', async () => {
    expect((await everyCut('ollama', lines(say('Hi')))).response.usage).toBeUndefined()
  })
})
