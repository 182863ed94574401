// Rows A1 to A15 of the wire requirements, and the blocks that Anthropic's own tools bring.
import { describe, expect, test } from 'vitest'
import { everyCut, namedSse, sse, summary } from '../suites/every-cut.ts'
import { gate } from '../suites/gate.ts'
import { wireServer } from '../suites/wire-server.ts'
import { wrapperFor } from '../suites/wrappers.ts'

type Event = { type: string } & Record<string, unknown>

const usage = { input_tokens: 25, cache_read_input_tokens: 4, output_tokens: 1 }
const started: Event = {
  type: 'message_start',
  message: { id: 'm1', type: 'message', model: 'claude', content: [], usage },
}
const ping: Event = { type: 'ping' }
const stopped: Event = { type: 'message_stop' }
const start = (index: number, content_block: object): Event => ({ type: 'content_block_start', index, content_block })
const grow = (index: number, delta: object): Event => ({ type: 'content_block_delta', index, delta })
const stop = (index: number): Event => ({ type: 'content_block_stop', index })
const end = (stop_reason: string | null, beside: object = {}): Event => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  ...beside,
})
const text = (index: number, words: string): Event[] => [
  start(index, { type: 'text', text: '' }),
  grow(index, { type: 'text_delta', text: words }),
  stop(index),
]
const tool = (index: number, name: string, ...json: string[]): Event[] => [
  start(index, { type: 'tool_use', id: `toolu_${index}`, name, input: {} }),
  ...json.map((partial_json) => grow(index, { type: 'input_json_delta', partial_json })),
  stop(index),
]
const overloaded: Event = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
const finished = [end('end_turn', { usage: { output_tokens: 15 } }), stopped]

type Row = [sentence: string, events: Event[], expected: object]

const rows: Row[] = [
  [
    'A1: a ping anywhere is ignored',
    [ping, started, ping, ...text(0, 'Hi'), ping, ...finished, ping],
    { text: 'Hi', blocks: ['text'] },
  ],
  [
    'A2: the counters of message_delta replace those of message_start, and input counts the cache',
    [started, ...text(0, 'Hi'), ...finished],
    { usage: { inputTokens: 29, outputTokens: 15, totalTokens: 44, cachedInputTokens: 4 } },
  ],
  [
    'A3: overloaded in the middle keeps the text',
    [started, start(0, { type: 'text', text: 'Hi' }), overloaded],
    { text: 'Hi', reason: 'error', complete: false },
  ],
  [
    'A6: an end inside a text block is a truncated reply',
    [started, start(0, { type: 'text', text: '' }), grow(0, { type: 'text_delta', text: 'Hi' })],
    { text: 'Hi', reason: 'truncated', complete: false },
  ],
  [
    'A7: a stop reason and then the end without message_stop is complete',
    [started, ...text(0, 'Hi'), end('end_turn')],
    { text: 'Hi', reason: 'stop', complete: true },
  ],
  [
    'A9: a tool without input deltas takes no arguments',
    [started, ...tool(0, 'now'), end('tool_use'), stopped],
    { calls: [['now', {}]], reason: 'tool-calls' },
  ],
  [
    'A9: an input that stands whole where the block starts is the input',
    [started, start(0, { type: 'tool_use', id: 't', name: 'f', input: { x: [1] } }), stop(0), end('tool_use'), stopped],
    { calls: [['f', { x: [1] }]], ids: ['t'] },
  ],
  [
    'A10: an input that max_tokens cut proves nothing',
    [started, ...tool(0, 'f', '{"x":', '"ab'), end('max_tokens'), stopped],
    { calls: [['f', undefined]], reason: 'length', complete: true },
  ],
  [
    'A11: unknown events, blocks and deltas break nothing',
    [
      started,
      { type: 'weather_report', sky: 'blue' },
      start(0, { type: 'hologram', depth: 3 }),
      stop(0),
      start(1, { type: 'text', text: '' }),
      grow(1, { type: 'smell_delta', smell: 'rose' }),
      grow(1, { type: 'text_delta', text: 'Hi' }),
      stop(1),
      ...finished,
    ],
    { text: 'Hi', blocks: ['raw', 'text'], reason: 'stop' },
  ],
  [
    'A12: a message_delta without usage is fine',
    [started, ...text(0, 'Hi'), end('end_turn'), stopped],
    { text: 'Hi', reason: 'stop', complete: true },
  ],
  ['A14: refusal', [started, ...text(0, 'No'), end('refusal'), stopped], { reason: 'refusal', complete: true }],
  ['A14: pause_turn', [started, ...text(0, 'Wait'), end('pause_turn'), stopped], { reason: 'pause', complete: true }],
  [
    'A14: a stop reason that nobody knows',
    [started, ...text(0, 'Hi'), end('bored'), stopped],
    { reason: 'unknown', complete: true },
  ],
  [
    'A15: a second message_start changes nothing',
    [started, ...text(0, 'Hi'), started, ...text(1, '!'), ...finished],
    { text: 'Hi!', reason: 'stop' },
  ],
  [
    'a block that starts again at an open place seals the one before',
    [
      started,
      start(0, { type: 'tool_use', id: 'a', name: 'f', input: {} }),
      start(0, { type: 'text', text: 'Hi' }),
      stop(0),
      ...finished,
    ],
    { text: 'Hi', blocks: ['tool_use', 'text'] },
  ],
  [
    'a tool use without an id gets one',
    [started, start(0, { type: 'tool_use', name: 'f', input: {} }), stop(0), end('tool_use'), stopped],
    { calls: [['f', {}]], ids: [expect.stringMatching(/^call_\w+$/)] },
  ],
]

describe("Anthropic's wire", () => {
  test.each(rows)('%s', async (_, events, expected) => {
    const { response } = await everyCut('anthropic', namedSse(...events))
    expect(summary(response)).toMatchObject(expected)
  })

  test('A3: overloaded in the middle is told as an error that may pass, with the partial text', async () => {
    const { response } = await everyCut(
      'anthropic',
      namedSse(started, start(0, { type: 'text', text: 'Hi' }), overloaded),
    )
    await expect(response.getText()).rejects.toMatchObject({
      type: 'provider',
      code: 'overloaded_error',
      retryable: true,
      partialText: 'Hi',
    })
  })

  test.each([
    ['A4: overloaded as the first event', [overloaded]],
    ['A5: overloaded after message_start and ping', [started, ping, overloaded]],
  ])('%s is tried again', async (_, events) => {
    const good = { body: namedSse(started, ...text(0, 'Hi'), ...finished) }
    await using server = await wireServer({ body: namedSse(...events), headers: { 'retry-after-ms': '1' } }, good)
    const model = wrapperFor('anthropic', { baseUrl: server.url, maxRetries: 1 })
    const response = await model.call([{ role: 'user', content: 'Hi' }])
    expect(await response.getText()).toBe('Hi')
    expect(server.received).toHaveLength(2)
  })

  test('A7: a connection that breaks after the stop reason leaves a note', async () => {
    const heard = gate()
    const body = [namedSse(started, ...text(0, 'Hi'), end('end_turn')), '']
    await using server = await wireServer({ body, gate: () => heard.opened, end: 'destroy' })
    const response = await wrapperFor('anthropic', { baseUrl: server.url }).call([{ role: 'user', content: 'Hi' }])
    for await (const event of response.events) if (event.type === 'block-end') heard.open()
    expect(response.text).toBe('Hi')
    expect(response.ending).toEqual({ reason: 'stop', complete: true, raw: 'end_turn', note: 'uncleanClose' })
  })

  test('A8: thoughts, signatures and redacted thoughts stand in their order between the texts', async () => {
    const thought = (index: number, words: string, signature: string) => [
      start(index, { type: 'thinking', thinking: '', signature: '' }),
      ...(words === '' ? [] : [grow(index, { type: 'thinking_delta', thinking: words })]),
      grow(index, { type: 'signature_delta', signature }),
      stop(index),
    ]
    const redacted = [start(3, { type: 'redacted_thinking', data: 'ENC' }), stop(3)]
    const events = [
      started,
      ...thought(0, 'One', 'S1'),
      ...text(1, 'A'),
      ...thought(2, '', 'S2'),
      ...redacted,
      ...text(4, 'B'),
      ...finished,
    ]
    const { response } = await everyCut('anthropic', namedSse(...events))
    expect(response.message.content).toEqual([
      { type: 'thinking', thinking: 'One', signature: 'S1' },
      { type: 'text', text: 'A' },
      { type: 'thinking', thinking: '', signature: 'S2' },
      { type: 'thinking', thinking: '', redacted: 'ENC' },
      { type: 'text', text: 'B' },
    ])
  })

  test('A11: what nobody knows is forwarded as raw', async () => {
    const odd = { type: 'weather_report', sky: 'blue' }
    const { events } = await everyCut('anthropic', namedSse(started, odd, ...text(0, 'Hi'), ...finished))
    expect(events).toContainEqual(expect.objectContaining({ type: 'raw', value: odd }))
  })

  test('A13: without event lines the type is taken from the JSON', async () => {
    const events = [started, ...text(0, 'Hi'), ...tool(1, 'f', '{"x":1}'), end('tool_use'), stopped]
    const named = await everyCut('anthropic', namedSse(...events))
    const plain = await everyCut('anthropic', sse(...events))
    expect(summary(plain.response)).toEqual(summary(named.response))
  })

  test('A13: an event whose JSON has no type is what its event line says', async () => {
    const { type: _, ...untyped } = overloaded
    const { response } = await everyCut('anthropic', `event: error\n${sse(untyped)}`)
    expect(response.error).toMatchObject({ code: 'overloaded_error', retryable: true })
  })
})

const search = { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {} }
const found = {
  type: 'web_search_tool_result',
  tool_use_id: 'srv_1',
  content: [{ type: 'web_search_result', url: 'https://a.example' }],
}

describe("Anthropic's own tools", () => {
  test('a tool that the provider ran is kept in its place and is no tool call', async () => {
    const events = [
      started,
      ...text(0, 'Looking'),
      start(1, search),
      grow(1, { type: 'input_json_delta', partial_json: '{"query":' }),
      grow(1, { type: 'input_json_delta', partial_json: '"x"}' }),
      stop(1),
      start(2, found),
      stop(2),
      ...text(3, 'Found'),
      ...finished,
    ]
    const { response } = await everyCut('anthropic', namedSse(...events))
    expect(summary(response)).toMatchObject({ calls: [], reason: 'stop', text: 'LookingFound' })
    expect(response.message.content).toMatchObject([
      { type: 'text' },
      { type: 'raw', dialect: 'anthropic', value: { ...search, input: { query: 'x' } } },
      { type: 'raw', dialect: 'anthropic', value: found },
      { type: 'text' },
    ])
  })

  test.each([
    'mcp_tool_use',
    'mcp_tool_result',
    'code_execution_tool_result',
    'bash_code_execution_tool_result',
    'container_upload',
  ])('a %s block is kept as it came', async (type) => {
    const block = { type, id: 'x', content: [{ type: 'text', text: 'inside' }] }
    const { response } = await everyCut(
      'anthropic',
      namedSse(started, start(0, block), stop(0), ...text(1, 'Hi'), ...finished),
    )
    expect(response.message.content).toEqual([
      { type: 'raw', dialect: 'anthropic', value: block },
      { type: 'text', text: 'Hi' },
    ])
    expect(response.toolCalls).toEqual([])
  })

  test('citations leave with the text that they belong to', async () => {
    const citation = { type: 'char_location', cited_text: 'x', document_index: 0 }
    const cited = [
      start(0, { type: 'text', text: '', citations: [] }),
      grow(0, { type: 'citations_delta', citation }),
      grow(0, { type: 'text_delta', text: 'Green' }),
      stop(0),
    ]
    const { response } = await everyCut('anthropic', namedSse(started, ...cited, ...text(1, '!'), ...finished))
    expect(response.message.content).toEqual([
      { type: 'text', text: 'Green', metadata: { citations: [citation] } },
      { type: 'text', text: '!' },
    ])
  })

  test('citations of a text that was cut off are kept', async () => {
    const citation = { type: 'char_location', cited_text: 'x' }
    const events = [started, start(0, { type: 'text', text: 'Gre' }), grow(0, { type: 'citations_delta', citation })]
    const { response } = await everyCut('anthropic', namedSse(...events))
    expect(response.message.content).toEqual([{ type: 'text', text: 'Gre', metadata: { citations: [citation] } }])
  })

  test('a tool that a program of the provider calls is ours to run, and keeps its caller', async () => {
    const caller = { type: 'code_execution_20250825', tool_id: 'srv_1' }
    const events = [
      started,
      start(0, { type: 'tool_use', id: 't', name: 'f', input: {}, caller }),
      stop(0),
      end('tool_use'),
      stopped,
    ]
    const { response } = await everyCut('anthropic', namedSse(...events))
    expect(response.toolCalls).toMatchObject([{ id: 't', name: 'f', input: {} }])
    expect(response.message.content).toMatchObject([{ metadata: { caller } }])
  })

  test('a block that grows by deltas of its own kind is kept whole', async () => {
    const events = [
      started,
      start(0, { type: 'compaction', content: null }),
      grow(0, { type: 'compaction_delta', content: 'The user ', encrypted_content: 'ENC' }),
      grow(0, { type: 'compaction_delta', content: 'said hi.' }),
      stop(0),
      ...text(1, 'Hi'),
      ...finished,
    ]
    const { response } = await everyCut('anthropic', namedSse(...events))
    const value = { type: 'compaction', content: 'The user said hi.', encrypted_content: 'ENC' }
    expect(response.message.content).toEqual([
      { type: 'raw', dialect: 'anthropic', value },
      { type: 'text', text: 'Hi' },
    ])
  })

  test('what it says about the reply as a whole is in the metadata', async () => {
    const context_management = { applied_edits: [{ type: 'clear_tool_uses_20250919' }] }
    const events = [
      started,
      ...text(0, 'Hi'),
      {
        ...end('stop_sequence'),
        delta: { stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c1' } },
        context_management,
      },
      stopped,
    ]
    const { response } = await everyCut('anthropic', namedSse(...events))
    expect(response.metadata).toMatchObject({
      responseId: 'm1',
      model: 'claude',
      stopSequence: 'END',
      container: { id: 'c1' },
      contextManagement: context_management,
    })
    expect(response.ending?.reason).toBe('stop')
  })

  test('input in pieces without a block that it belongs to is forwarded, not lost', async () => {
    const stray = grow(7, { type: 'input_json_delta', partial_json: '{"x":1}' })
    const { events } = await everyCut('anthropic', namedSse(started, stray, ...text(0, 'Hi'), ...finished))
    expect(events).toContainEqual(expect.objectContaining({ type: 'raw', value: stray }))
  })
})
