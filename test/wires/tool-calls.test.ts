// Rows K1 to K19 of the wire requirements: tool calls as servers of OpenAI's wire really send them.
import { describe, expect, test } from 'vitest'
import { IncrementalJson } from '../../src/core/json-incremental.ts'
import { everyCut, playBody, sse, summary } from '../suites/every-cut.ts'
import { calls, chunk, delta, finish, say } from '../suites/openai-chunks.ts'

type Row = [sentence: string, frames: unknown[], calls: unknown[], beyond?: object]

const done = [finish('tool_calls'), '[DONE]']
const paris = ['weather', { city: 'Paris' }]
const rome = ['weather', { city: 'Rome' }]
const whole = (city: string) => `{"city":"${city}"}`

const rows: Row[] = [
  [
    'K1: two calls whose fragments come in turns get their own arguments',
    [
      calls({ index: 0, id: 'a', name: 'weather', args: '' }, { index: 1, id: 'b', name: 'weather', args: '' }),
      calls({ index: 0, args: '{"city":' }),
      calls({ index: 1, args: '{"city":"Ro' }, { index: 0, args: '"Paris"}' }),
      calls({ index: 1, args: 'me"}' }),
    ],
    [paris, rome],
    { ids: ['a', 'b'] },
  ],
  [
    'K2: distinct ids without an index are two calls',
    [
      calls({ id: 'a', name: 'weather', args: whole('Paris') }),
      calls({ id: 'b', name: 'weather', args: whole('Rome') }),
    ],
    [paris, rome],
    { ids: ['a', 'b'] },
  ],
  [
    'K2: whole calls without ids and without an index are two calls',
    [calls({ name: 'weather', args: whole('Paris') }), calls({ name: 'weather', args: whole('Rome') })],
    [paris, rome],
  ],
  [
    'K2: two calls of a tool without arguments in one chunk are two calls',
    [calls({ name: 'now', args: '{}' }, { name: 'now', args: '{}' })],
    [
      ['now', {}],
      ['now', {}],
    ],
  ],
  [
    'K3: distinct ids at index 0 are two calls',
    [
      calls({ index: 0, id: 'a', name: 'weather', args: whole('Paris') }),
      calls({ index: 0, id: 'b', name: 'weather', args: '' }),
      calls({ index: 0, args: whole('Rome') }),
    ],
    [paris, rome],
    { ids: ['a', 'b'] },
  ],
  [
    'a call whose name was lost has one that no tool has, so that the history with it can be sent again',
    [calls({ index: 0, id: 'a', args: whole('Paris') })],
    [['unnamed', { city: 'Paris' }]],
    { ids: ['a'] },
  ],
  [
    'K5: an empty id and an empty name on later fragments overwrite nothing',
    [
      calls({ index: 0, id: 'a', name: 'weather', args: '' }),
      calls({ index: 0, id: '', name: '', args: '{"city":' }),
      calls({ index: 0, id: '', name: '', args: '"Paris"}' }),
    ],
    [paris],
    { ids: ['a'] },
  ],
  [
    'K6: an id and a name that are repeated on each fragment are not joined',
    [
      calls({ index: 0, id: 'a', name: 'weather', args: '{"city":' }),
      calls({ index: 0, id: 'a', name: 'weather', args: '"Paris"' }),
      calls({ index: 0, id: 'a', name: 'weather', args: '}' }),
    ],
    [paris],
    { ids: ['a'] },
  ],
  [
    'K7: arguments that come before the name wait for it',
    [
      calls({ index: 0, id: 'a', args: '{"city":' }),
      calls({ index: 0, args: '"Par' }),
      calls({ index: 0, name: 'weather', args: 'is"}' }),
    ],
    [paris],
    { ids: ['a'] },
  ],
  [
    'K8: arguments as an object are written out once',
    [calls({ index: 0, id: 'a', name: 'weather', args: { city: 'Paris' } })],
    [paris],
  ],
  [
    'K9: arguments of null and then text are the text',
    [calls({ index: 0, id: 'a', name: 'weather', args: null }), calls({ index: 0, args: whole('Paris') })],
    [paris],
  ],
  ['K10: empty arguments are an empty object', [calls({ index: 0, id: 'a', name: 'now', args: '' })], [['now', {}]]],
  [
    'K11: an empty object first and then the real one is the real one',
    [calls({ index: 0, id: 'a', name: 'weather', args: '{}' }), calls({ index: 0, args: whole('Paris') })],
    [paris],
  ],
  [
    'K11: an empty object alone stays one',
    [calls({ index: 0, id: 'a', name: 'now', args: '{}' }), calls({ index: 0, args: '' })],
    [['now', {}]],
  ],
  [
    'K12: a raw tab in a string of the arguments is read as a tab',
    [calls({ index: 0, id: 'a', name: 'weather', args: '{"city":"Pa\tris"}' })],
    [['weather', { city: 'Pa\tris' }]],
  ],
  [
    'K14: an index that starts at 1 is fine',
    [calls({ index: 1, id: 'a', name: 'weather', args: '{"city":' }), calls({ index: 1, args: '"Paris"}' })],
    [paris],
  ],
  [
    'K14: arguments at another index than their call belong to it',
    [
      calls({ index: 0, id: 'a', name: 'weather' }),
      calls({ index: 1, args: '{"city":' }),
      calls({ index: 1, args: '"Paris"}' }),
    ],
    [paris],
    { ids: ['a'] },
  ],
  [
    'K14: an index that is written as text is one',
    [
      calls({ index: '0', id: 'a', name: 'weather', args: '' }, { index: '1', id: 'b', name: 'weather', args: '' }),
      calls({ index: '0', args: whole('Paris') }),
      calls({ index: '1', args: whole('Rome') }),
    ],
    [paris, rome],
  ],
  [
    'K15: text and a tool call in one delta are both kept, the text first',
    [delta({ content: 'Look: ', tool_calls: [{ index: 0, id: 'a', function: { name: 'now', arguments: '{}' } }] })],
    [['now', {}]],
    { text: 'Look: ', blocks: ['text', 'tool_use'] },
  ],
  [
    'a huge, a negative and a broken index are only names of places',
    [
      calls(
        { index: 1e9, id: 'a', name: 'weather', args: '{"city":' },
        { index: -1, id: 'b', name: 'weather', args: '' },
      ),
      calls({ index: 1e9, args: '"Paris"}' }, { index: -1, args: whole('Rome') }),
    ],
    [paris, rome],
  ],
  [
    'fragments that say nothing are no calls',
    [say('Hi'), delta({ tool_calls: [{}, null, 7, { index: 0, function: { arguments: '' } }] })],
    [],
    { text: 'Hi', blocks: ['text'] },
  ],
  [
    'a name that grows in pieces is joined before the arguments begin',
    [
      calls({ index: 0, id: 'a', name: 'wea', args: '' }),
      calls({ index: 0, name: 'ther' }),
      calls({ index: 0, args: whole('Rome') }),
    ],
    [rome],
  ],
  [
    'a name and arguments that stand beside the id are read there (Cloudflare)',
    [delta({ tool_calls: [{ name: 'weather', arguments: { city: 'Paris' } }] })],
    [paris],
  ],
  [
    'arguments that nest the same key are no repetition',
    [calls({ index: 0, id: 'a', name: 'f', args: '{"a":' }), calls({ index: 0, args: '{"a":1}}' })],
    [['f', { a: { a: 1 } }]],
  ],
  [
    'digits that a gateway turned into numbers are joined as text',
    [
      calls({ index: 0, id: 'a', name: 'f', args: '{"a":' }),
      calls({ index: 0, args: 4 }),
      calls({ index: 0, args: 2 }),
      calls({ index: 0, args: '}' }),
    ],
    [['f', { a: 42 }]],
  ],
  [
    'the function_call of old is a tool call',
    [
      delta({ function_call: { name: 'weather', arguments: '' } }),
      delta({ function_call: { arguments: '{"city":' } }),
      delta({ function_call: { arguments: '"Paris"}' } }),
    ],
    [paris],
  ],
]

describe('tool calls on the OpenAI wire', () => {
  test.each(rows)('%s', async (_, frames, expected, beyond = {}) => {
    const { response } = await everyCut('openai', sse(...frames, ...done))
    const reason = expected.length > 0 ? 'tool-calls' : undefined
    expect(summary(response)).toMatchObject({ calls: expected, complete: true, ...(reason && { reason }), ...beyond })
  })

  test('K4: a call without an id gets one, the same every time the bytes are decoded', async () => {
    const body = sse(
      calls({ index: 0, name: 'weather', args: whole('Paris') }, { index: 1, name: 'now', args: '{}' }),
      ...done,
    )
    const [first, second] = [await everyCut('openai', body), await everyCut('openai', body)]
    const ids = first.response.toolCalls.map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{9,40}$/)
    expect(second.response.toolCalls.map(({ id }) => id)).toEqual(ids)
  })

  test('K4: replies with other ids of their own mint other ids', async () => {
    const idOf = async (id: string) => {
      const { response } = await everyCut(
        'openai',
        sse({ ...calls({ index: 0, name: 'now', args: '{}' }), id }, ...done),
      )
      return response.toolCalls[0]?.id
    }
    expect(await idOf('reply-1')).not.toBe(await idOf('reply-2'))
  })

  test('K7: the call is announced once its name is known, with all the arguments that came before', async () => {
    const frames = [
      calls({ index: 0, args: '{"a"' }),
      calls({ index: 0, args: ':1' }),
      calls({ index: 0, name: 'f', args: '}' }),
    ]
    const { events } = await everyCut('openai', sse(...frames, ...done))
    const starts = events.flatMap((event) => (event.type === 'block-start' ? [event.block] : []))
    expect(starts).toMatchObject([{ type: 'tool_use', name: 'f' }])
  })

  test('K12: the text of the arguments stays as it came', async () => {
    const { response } = await everyCut(
      'openai',
      sse(calls({ index: 0, id: 'a', name: 'f', args: '{"x":"\t"}' }), ...done),
    )
    expect(response.toolCalls[0]?.rawInput).toBe('{"x":"\t"}')
  })

  test('K13: a finish reason of stop although there are calls means tool calls', async () => {
    const { response } = await everyCut(
      'openai',
      sse(calls({ index: 0, id: 'a', name: 'now', args: '{}' }), finish('stop')),
    )
    expect(response.ending).toEqual({ reason: 'tool-calls', complete: true, raw: 'stop' })
  })

  test('K16: an end inside the arguments is a truncated reply and proves no input', async () => {
    const { response } = await everyCut(
      'openai',
      sse(calls({ index: 0, id: 'a', name: 'weather', args: '{"city":"Par' })),
    )
    expect(summary(response)).toMatchObject({ calls: [['weather', undefined]], reason: 'truncated', complete: false })
    expect(response.toolCalls[0]?.rawInput).toBe('{"city":"Par')
  })

  test.each(['tool_calls', 'stop'])(
    'K16: arguments that never closed prove no input although the reason is %s',
    async (reason) => {
      const body = sse(calls({ index: 0, id: 'a', name: 'weather', args: '{"city":"Par' }), finish(reason), '[DONE]')
      const { response } = await everyCut('openai', body)
      expect(response.toolCalls[0]).toMatchObject({ input: undefined })
      expect(response.ending).toMatchObject({ note: 'truncatedToolCall' })
    },
  )

  test('K17: a length limit inside the arguments proves no input', async () => {
    const { response } = await everyCut(
      'openai',
      sse(calls({ index: 0, id: 'a', name: 'f', args: '{"x":' }), finish('length')),
    )
    expect(summary(response)).toMatchObject({ calls: [['f', undefined]], reason: 'length' })
    expect(response.ending?.note).toBe('truncatedToolCall')
  })

  test('K17: a length limit before the first letter of the arguments proves no input', async () => {
    const { response } = await everyCut(
      'openai',
      sse(calls({ index: 0, id: 'a', name: 'f', args: '' }), finish('length')),
    )
    expect(response.toolCalls[0]).toMatchObject({ input: undefined })
  })

  test('K18: a length limit after closed arguments says length, so that no tool runs by default', async () => {
    const body = sse(calls({ index: 0, id: 'a', name: 'f', args: '{"x":1}' }), finish('length'))
    const { response } = await everyCut('openai', body)
    expect(summary(response)).toMatchObject({ calls: [['f', { x: 1 }]], reason: 'length' })
  })

  test("Gemini's signature of a call is kept on the call", async () => {
    const signed = {
      index: 0,
      id: 'a',
      function: { name: 'f', arguments: '{}' },
      extra_content: { google: { thought_signature: 'S' } },
    }
    const { response } = await everyCut('openai', sse(delta({ tool_calls: [signed] }), ...done))
    expect(response.message.content).toMatchObject([{ type: 'tool_use', signature: 'S' }])
  })

  test('a call of a kind that is not ours to run is forwarded and is no tool call', async () => {
    const foreign = { index: 0, id: 'a', type: 'code_interpreter', code_interpreter: { input: '1+1' } }
    const { events, response } = await everyCut(
      'openai',
      sse(delta({ tool_calls: [foreign] }), say('2'), finish('stop')),
    )
    expect(summary(response)).toMatchObject({ text: '2', calls: [], reason: 'stop' })
    expect(events).toContainEqual(expect.objectContaining({ type: 'raw', value: foreign }))
  })

  test('a call in the second choice is no call of the message', async () => {
    const other = chunk({
      index: 1,
      delta: { tool_calls: [{ index: 0, id: 'b', function: { name: 'f', arguments: '{}' } }] },
    })
    const { response } = await everyCut('openai', sse(say('Hi'), other, finish('stop')))
    expect(summary(response)).toMatchObject({ calls: [], reason: 'stop' })
  })

  test('arguments in 8,000 fragments without an index cost linear time, however many brackets close in them', async () => {
    const fragments = Array.from({ length: 8000 }, (_, at) => calls({ args: `${at === 0 ? '' : ','}{"n":${at}}` }))
    const body = sse(calls({ id: 'a', name: 'f', args: '{"l":[' }), ...fragments, calls({ args: ']}' }), ...done)
    const before = process.cpuUsage()
    const { response } = await playBody('openai', body, body.length)
    const { user, system } = process.cpuUsage(before)
    expect(response.toolCalls).toMatchObject([{ name: 'f', input: { l: { length: 8000 } } }])
    expect((user + system) / 1000).toBeLessThan(1500)
  })
})

test('K19: after each of 8,000 argument deltas the partial input is right', async () => {
  const input = { text: 'const a = "b"\n'.repeat(6000), lines: [1, 2, { deep: true }] }
  const raw = JSON.stringify(input)
  const pieces = raw.match(/.{1,12}/gs) ?? []
  const start = calls({ index: 0, id: 'call_1', name: 'write', args: '' })
  const frames = pieces.map((piece) => calls({ index: 0, args: piece }))
  const body = sse(start, ...frames, finish('tool_calls'), '[DONE]')
  const { events, response } = await playBody('openai', body, body.length)
  const json = new IncrementalJson()
  const ends = endsInJson(input.text)
  let [read, whole] = [-'{"text":"'.length, 0]
  for (const event of events) {
    if (event.type !== 'tool-use-delta') continue
    json.push(event.delta)
    read += event.delta.length
    while ((ends[whole] ?? Number.POSITIVE_INFINITY) <= read) whole += 1
    expect((json.value as typeof input).text ?? '').toHaveLength(whole)
  }
  expect(pieces.length).toBeGreaterThan(8000)
  expect(json.value).toEqual(input)
  expect(response.toolCalls[0]).toMatchObject({ input, rawInput: raw })
})

/** Where each character of a text ends in its JSON form, in which some take two. */
function endsInJson(text: string): number[] {
  let end = 0
  return [...text].map((each) => {
    end += JSON.stringify(each).length - 2
    return end
  })
}
