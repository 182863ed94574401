// Rows Z1 to Z4 of the wire requirements: ZhipuAI's way of speaking OpenAI's wire.
import { describe, expect, test } from 'vitest'
import { decoded, fetchOf } from '../suites/decode.ts'
import { everyCut, sse, summary } from '../suites/every-cut.ts'
import { calls, delta, finish, say } from '../suites/openai-chunks.ts'
import { wrapperFor } from '../suites/wrappers.ts'

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, prompt_tokens_details: { cached_tokens: 4 } }
const counted = { inputTokens: 9, outputTokens: 3, totalTokens: 12, cachedInputTokens: 4 }
const nothing = { usage: null }

type Row = [sentence: string, frames: unknown[], expected: object]

const rows: Row[] = [
  [
    'Z1: reasoning and then content, with a usage of null on each chunk',
    [
      delta({ role: 'assistant', reasoning_content: 'Hm' }, nothing),
      delta({ reasoning_content: 'm.' }, nothing),
      delta({ content: 'Yes' }, nothing),
      finish('stop', { usage }),
      '[DONE]',
    ],
    { thinking: 'Hmm.', text: 'Yes', blocks: ['thinking', 'text'], usage: counted, reason: 'stop' },
  ],
  [
    'Z2: only reasoning and then stop is an empty answer',
    [delta({ reasoning_content: 'Hm' }), finish('stop')],
    { text: '', thinking: 'Hm', reason: 'stop' },
  ],
  [
    'Z3: sensitive is a filter',
    [say('Well'), finish('sensitive')],
    { text: 'Well', reason: 'content-filter', complete: true },
  ],
  [
    'Z3: network_error is an error',
    [say('Well'), finish('network_error')],
    { text: 'Well', reason: 'error', complete: false },
  ],
  [
    'Z3: model_context_window_exceeded is a length limit',
    [say('Well'), finish('model_context_window_exceeded')],
    { reason: 'length', complete: true },
  ],
  [
    'Z4: arguments come whole',
    [calls({ index: 0, id: 'a', type: 'function', name: 'f', args: '{"x": 1}' }), finish('tool_calls')],
    { calls: [['f', { x: 1 }]], ids: ['a'], reason: 'tool-calls' },
  ],
  [
    'Z4: arguments come in fragments',
    [
      calls({ index: 0, id: 'a', type: 'function', name: 'f', args: '' }),
      calls({ index: 0, id: 'a', type: 'function', args: '{"x"' }),
      calls({ index: 0, id: 'a', type: 'function', args: ': 1}' }),
      finish('tool_calls'),
    ],
    { calls: [['f', { x: 1 }]], ids: ['a'] },
  ],
]

describe("ZhipuAI's wire", () => {
  test.each(rows)('%s', async (_, frames, expected) => {
    const { response } = await everyCut('zhipuai', sse(...frames))
    expect(summary(response)).toMatchObject(expected)
  })

  test('Z2: an empty answer is marked, so that an agent may ask again', async () => {
    const { response } = await everyCut('zhipuai', sse(delta({ reasoning_content: 'Hm' }), finish('stop')))
    expect(response.ending).toMatchObject({ note: 'emptyAnswer', complete: true })
  })

  test('Z3: a network error may pass', async () => {
    const { response } = await everyCut('zhipuai', sse(say('Well'), finish('network_error')))
    expect(response.error).toMatchObject({ code: 'network_error', retryable: true, partialText: 'Well' })
  })

  test('what was searched is in the metadata', async () => {
    const web_search = [{ title: 'x', link: 'https://a.example' }]
    const { response } = await everyCut('zhipuai', sse(say('Hi'), finish('stop', { web_search })))
    expect(response.metadata).toMatchObject({ web_search })
    expect(summary(response)).toMatchObject({ text: 'Hi', calls: [] })
  })

  test('an error in its own numbers is told', async () => {
    const { response } = await everyCut('zhipuai', sse(say('Hi'), { error: { code: '1302', message: 'slow down' } }))
    expect(response.error).toMatchObject({ code: '1302', message: expect.stringContaining('slow down') })
  })
})

test.each([
  ['1302', 'rate-limit', true],
  ['1261', 'input', false],
  ['1002', 'auth', false],
  ['1234', 'provider', true],
])('the code %s inside a 200 is a %s error (worth trying again: %s)', async (code, type, retryable) => {
  const body = sse([{ error: { code, message: 'as the service words it' } }])
  const { response } = await decoded(
    wrapperFor('zhipuai', { fetch: fetchOf([Buffer.from(body)], 'text/event-stream') }),
  )
  expect(response.error).toMatchObject({ type, retryable, code })
})
