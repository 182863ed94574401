// Rows C1 to C25 of the wire requirements: what servers of OpenAI's wire really send.
import { describe, expect, test } from 'vitest'
import { everyCut, sse, summary } from '../suites/every-cut.ts'
import { chunk, delta, finish, say } from '../suites/openai-chunks.ts'

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const counted = { inputTokens: 9, outputTokens: 3, totalTokens: 12 }
const stop = finish('stop')
const done = '[DONE]'

type Row = [sentence: string, frames: unknown[], expected: object, model?: Record<string, unknown>]

const think = { model: { generateArgs: {}, thinkTags: true } }

const rows: Row[] = [
  [
    'C1: a first chunk without choices, as Azure sends its filter results, is no content',
    [{ choices: [], prompt_filter_results: [{ prompt_index: 0 }] }, say('Hi'), stop, done],
    { text: 'Hi', reason: 'stop', blocks: ['text'] },
  ],
  [
    'C2: a chunk that knows no choices is ignored',
    [{ object: 'ping' }, say('Hi'), { object: 'ping' }, stop, done],
    { text: 'Hi', reason: 'stop' },
  ],
  [
    'C3: choices may be null',
    [{ id: 'reply-1', choices: null }, say('Hi'), { choices: null }, stop, done],
    { text: 'Hi', reason: 'stop' },
  ],
  [
    'C4: a choice without a delta may carry the finish reason',
    [say('Hi'), chunk({ index: 0, finish_reason: 'length' }), done],
    { text: 'Hi', reason: 'length', complete: true },
  ],
  [
    'C5: a delta may be null and the finish reason still counts',
    [say('Hi'), chunk({ index: 0, delta: null, finish_reason: 'length' }), done],
    { text: 'Hi', reason: 'length', complete: true },
  ],
  [
    'C6: a tool call in the first delta counts although no role was ever sent',
    [
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }] }),
      finish('tool_calls'),
    ],
    { calls: [['f', { x: 1 }]], reason: 'tool-calls' },
  ],
  [
    'C7: an empty or unknown role on deltas does not matter',
    [delta({ role: '', content: 'Hi' }), delta({ role: 'bot', content: ' you' }), stop, done],
    { text: 'Hi you', reason: 'stop' },
  ],
  [
    'C8: usage comes in a last chunk without choices',
    [say('Hi'), stop, { choices: [], usage }, done],
    { text: 'Hi', usage: counted },
  ],
  [
    'C9: usage that grows on every chunk is never added up',
    [
      delta({ content: 'a' }, { usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } }),
      delta({ content: 'b' }, { usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } }),
      finish('stop', { usage }),
    ],
    { text: 'ab', usage: counted },
  ],
  [
    'C10: usage may stand inside the choice, as Moonshot writes it',
    [say('Hi'), chunk({ index: 0, delta: {}, finish_reason: 'stop', usage }), done],
    { usage: counted },
  ],
  [
    'C11: a later usage of null does not take the counters away',
    [say('Hi'), finish('stop', { usage }), { choices: [], usage: null }, done],
    { usage: counted },
  ],
  [
    'C12: reasoning_content with a content of null is reasoning',
    [delta({ reasoning_content: 'Hm', content: null }), delta({ reasoning_content: 'm.' }), say('Yes'), stop],
    { thinking: 'Hmm.', text: 'Yes', blocks: ['thinking', 'text'] },
  ],
  [
    'C13: reasoning with an empty content is reasoning',
    [delta({ reasoning: 'Hm', content: '' }), delta({ reasoning: 'm.', content: '' }), say('Yes'), stop],
    { thinking: 'Hmm.', text: 'Yes', blocks: ['thinking', 'text'] },
  ],
  [
    'C14: two reasoning fields with the same words are told once',
    [delta({ reasoning: 'Hm', reasoning_content: 'Hm' }), say('Yes'), stop],
    { thinking: 'Hm', text: 'Yes' },
  ],
  [
    'C15: think tags that are cut anywhere are never shown',
    [say('<thi'), say('nk>Hm'), say('m</th'), say('ink>a <'), say('b> c'), stop],
    { thinking: 'Hmm', text: 'a <b> c' },
    think,
  ],
  [
    'C15: a text that ends in half a tag keeps it, before the tool call that follows',
    [say('a <th'), delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] }), stop],
    { text: 'a <th', blocks: ['text', 'tool_use'] },
    think,
  ],
  [
    'C16: an empty finish reason on each chunk, as SGLang sends it, is none',
    [chunk({ index: 0, delta: { content: 'Hi' }, finish_reason: '' }), say(' you'), stop],
    { text: 'Hi you', reason: 'stop' },
  ],
  [
    'C17: a finish reason that comes too early stops nothing',
    [finish('stop'), say('Hi'), say(' you'), finish('stop'), say('!'), done],
    { text: 'Hi you!', reason: 'stop' },
  ],
  [
    'C18: tool_calls of null or an empty list on text chunks are none',
    [delta({ content: 'Hi', tool_calls: null }), delta({ content: '!', tool_calls: [] }), stop],
    { text: 'Hi!', calls: [], reason: 'stop' },
  ],
  [
    'C19: only the choice that spoke first is the message',
    [
      chunk({ index: 0, delta: { content: 'A' } }),
      chunk({ index: 1, delta: { content: 'B' } }),
      chunk({ index: 1, delta: {}, finish_reason: 'length' }),
      chunk({ index: 0, delta: { content: 'A' }, finish_reason: 'stop' }),
    ],
    { text: 'AA', reason: 'stop' },
  ],
  [
    'C20: content may be a list of parts',
    [say([{ type: 'text', text: 'Hi' }]), say([{ type: 'text', text: ' you' }, '!']), stop],
    { text: 'Hi you!', blocks: ['text'] },
  ],
  [
    'C21: a refusal is shown and is the reason',
    [delta({ refusal: 'I can' }), delta({ refusal: 'not.' }), stop],
    { text: '', refusal: 'I cannot.', reason: 'refusal', complete: true },
  ],
  [
    'C22: a filter that left no content is a reason and no exception',
    [finish('content_filter'), done],
    { text: '', reason: 'content-filter', complete: true, blocks: [] },
  ],
  [
    'C23: an error in the middle keeps what came before',
    [say('Hi'), { error: { message: 'went away', code: 'server_error' } }, say('never')],
    { text: 'Hi', reason: 'error', complete: false },
  ],
  [
    'C25: the finish reason "error" is a failure',
    [say('Hi'), finish('error', { error: { message: 'upstream', code: 502 } }), done],
    { text: 'Hi', reason: 'error', complete: false },
  ],
]

describe('a server of the OpenAI kind', () => {
  test.each(rows)('%s', async (_, frames, expected, model) => {
    const { response } = await everyCut('openai', sse(...frames), model)
    expect(summary(response)).toMatchObject(expected)
  })

  test('C1: what the filter found is kept in the metadata', async () => {
    const first = { id: '', model: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] }
    const { response } = await everyCut('openai', sse(first, say('Hi'), stop, done))
    expect(response.metadata).toMatchObject({ prompt_filter_results: [{ prompt_index: 0 }], responseId: 'reply-1' })
  })

  test('C15: a < that begins no tag is shown with the next piece at the latest', async () => {
    const { events } = await everyCut('openai', sse(say('a <'), say('b'), say('c'), stop), think)
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []))).toEqual(['a ', '<b', 'c'])
  })

  test('C19: what another choice said is kept in the metadata', async () => {
    const other = chunk({ index: 1, delta: { content: 'B' }, finish_reason: 'length' })
    const { response } = await everyCut('openai', sse(say('A'), other, other, stop))
    expect(response.metadata['otherChoices']).toEqual([{ index: 1, text: 'BB', finishReason: 'length' }])
  })

  test('C23: the error names the code and keeps the partial text', async () => {
    const failure = { error: { message: 'went away', code: 'server_error' } }
    const { response } = await everyCut('openai', sse(say('Hi'), failure))
    await expect(response.getText()).rejects.toMatchObject({ code: 'server_error', partialText: 'Hi', retryable: true })
  })

  test('C24: an event called error is one, whatever its data looks like', async () => {
    const body = `${sse(say('Hi'))}event: error\ndata: {"code":"1234","message":"busy"}\n\n`
    const { response } = await everyCut('openai', body)
    expect(summary(response)).toMatchObject({ text: 'Hi', reason: 'error', complete: false })
    expect(response.error).toMatchObject({ code: '1234', message: expect.stringContaining('busy') })
  })

  test('C25: the error that stands beside the finish reason is the one that is told', async () => {
    const { response } = await everyCut('openai', sse(finish('error', { error: { message: 'upstream', code: 502 } })))
    expect(response.error).toMatchObject({ code: 502, message: expect.stringContaining('upstream') })
  })
})
