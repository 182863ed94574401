// Rows L1 to L5 of the wire requirements: what a LiteLLM proxy makes of OpenAI's wire.
import { describe, expect, test } from 'vitest'
import { everyCut, sse, summary } from '../suites/every-cut.ts'
import { chunk, delta, finish, say } from '../suites/openai-chunks.ts'
import { wireServer } from '../suites/wire-server.ts'
import { wrapperFor } from '../suites/wrappers.ts'

const done = '[DONE]'
const other = (choice: object) => chunk({ index: 1, ...choice })

type Row = [sentence: string, frames: unknown[], expected: object]

const rows: Row[] = [
  [
    'L1: content on choice 1 alone is the message',
    [other({ delta: { content: 'Hi' } }), other({ delta: {}, finish_reason: 'stop' }), done],
    { text: 'Hi', reason: 'stop' },
  ],
  [
    'L1: an empty choice 0 does not take its place',
    [
      delta({ role: 'assistant', content: '' }),
      other({ delta: { content: 'Hi' } }),
      other({ delta: {}, finish_reason: 'length' }),
      done,
    ],
    { text: 'Hi', reason: 'length' },
  ],
  [
    'L2: an end mark without any finish reason is complete',
    [say('Hi'), done],
    { text: 'Hi', reason: 'unknown', complete: true },
  ],
  [
    'L3: a second id and role in the middle go on with the same message',
    [
      say('Hi'),
      { ...delta({ role: 'assistant', content: '' }), id: 'reply-2' },
      { ...say(' you'), id: 'reply-2' },
      finish('stop'),
      done,
    ],
    { text: 'Hi you', blocks: ['text'], reason: 'stop' },
  ],
  [
    'L5: an error and then the end mark is an error',
    [say('Hi'), { error: { message: 'gone', code: '500' } }, done],
    { text: 'Hi', reason: 'error', complete: false },
  ],
]

describe("LiteLLM's wire", () => {
  test.each(rows)('%s', async (_, frames, expected) => {
    const { response } = await everyCut('litellm', sse(...frames))
    expect(summary(response)).toMatchObject(expected)
  })

  test('L3: the ids that came later are in the metadata', async () => {
    const later = { ...say(' you'), id: 'reply-2', model: 'fallback' }
    const { response } = await everyCut('litellm', sse(say('Hi'), later, later, finish('stop'), done))
    expect(response.metadata).toMatchObject({ responseId: 'reply-1', laterResponseIds: ['reply-2'] })
  })

  test('L4: cost, backend and vendor fields are in the metadata', async () => {
    const body = sse(
      delta({ content: 'Hi', provider_specific_fields: { a: 1 } }),
      delta({ provider_specific_fields: { b: 2 } }),
      finish('stop'),
      done,
    )
    const headers = { 'x-litellm-response-cost': '0.0021', 'x-litellm-model-api-base': 'https://b.example' }
    await using server = await wireServer({ body, headers })
    const response = await wrapperFor('litellm', { baseUrl: server.url }).call([{ role: 'user', content: 'Hi' }])
    expect(await response.getText()).toBe('Hi')
    expect(response.metadata).toMatchObject({
      responseCost: 0.0021,
      litellm: { 'model-api-base': 'https://b.example' },
      provider_specific_fields: { a: 1, b: 2 },
    })
  })

  const block = (thinking: string, signature = '') => ({ type: 'thinking', thinking, signature })

  test('L4: thinking blocks in pieces are told once, signed, and kept whole to be sent back', async () => {
    const frames = [
      delta({ reasoning_content: 'Hm', thinking_blocks: [block('Hm')] }),
      delta({ reasoning_content: 'm.', thinking_blocks: [block('m.')] }),
      delta({ reasoning_content: '', thinking_blocks: [block('', 'SIG')] }),
      say('Yes'),
      finish('stop'),
      done,
    ]
    const { response } = await everyCut('litellm', sse(...frames))
    expect(response.message.content).toEqual([
      { type: 'thinking', thinking: 'Hmm.', signature: 'SIG' },
      { type: 'text', text: 'Yes' },
    ])
    expect(response.metadata['thinking_blocks']).toEqual([block('Hmm.', 'SIG')])
  })

  test('L4: thinking blocks that only repeat at the end what was told are not told again', async () => {
    const frames = [
      delta({ reasoning_content: 'Hmm.' }),
      say('Yes'),
      delta({ thinking_blocks: [block('Hmm.', 'SIG')] }),
      finish('stop'),
      done,
    ]
    const { response } = await everyCut('litellm', sse(...frames))
    expect(summary(response)).toMatchObject({ thinking: 'Hmm.', text: 'Yes', blocks: ['thinking', 'text'] })
    expect(response.metadata['thinking_blocks']).toEqual([block('Hmm.', 'SIG')])
  })

  test('L4: a redacted thinking block is kept in its place', async () => {
    const redacted = { type: 'redacted_thinking', data: 'ENC' }
    const { response } = await everyCut(
      'litellm',
      sse(delta({ thinking_blocks: [redacted] }), say('Yes'), finish('stop'), done),
    )
    expect(response.message.content).toEqual([
      { type: 'thinking', thinking: '', redacted: 'ENC' },
      { type: 'text', text: 'Yes' },
    ])
  })

  test('L5: the error is told with the text that had come', async () => {
    const { response } = await everyCut('litellm', sse(say('Hi'), { error: { message: 'gone', code: '500' } }, done))
    await expect(response.getText()).rejects.toMatchObject({ code: '500', partialText: 'Hi', retryable: true })
  })
})
