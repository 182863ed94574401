import { describe, expect, test } from 'vitest'
import { applyEvent, type MessageStart, type StreamEvent } from '../../../src/core/event.ts'
import type { Msg } from '../../../src/core/message.ts'
import { saidBlocks } from '../../../src/studio/server/ingest-v1-blocks.ts'
import { CumulativeMessage } from '../../../src/studio/server/ingest-v1-message.ts'
import { checkEventLaws } from '../../suites/event-laws.ts'

const start: MessageStart = { type: 'message-start', id: 'm', role: 'assistant', name: 'Friday', replyId: 'r' }
const stop = { reason: 'stop', complete: true } as const
const text = (said: string) => ({ type: 'text', text: said })
const thinking = (said: string) => ({ type: 'thinking', thinking: said })
const call = (input: unknown, id = 'c1') => ({ type: 'tool_use', id, name: 'weather', input })
const result = (output: unknown) => ({ type: 'tool_result', id: 'c1', name: 'weather', output })
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }

/** Pushes one content after the other, a second apart, and ends. */
function told(...contents: unknown[]): StreamEvent[] {
  const message = new CumulativeMessage(start)
  const events = contents.flatMap((content, at) => message.push(saidBlocks(content), undefined, at * 1000))
  return [...events, ...message.end(stop, contents.length * 1000)]
}

function folded(events: readonly StreamEvent[]): Msg {
  return events.reduce<Msg | undefined>((sofar, event) => applyEvent(sofar, event), undefined) as Msg
}

const deltas = (events: readonly StreamEvent[]) => events.flatMap((event) => ('delta' in event ? [event.delta] : []))

describe('a message that is told again and again', () => {
  test('becomes one delta for what is new in each push', () => {
    const events = told([text('Hel')], [text('Hello')], [text('Hello')], [text('Hello, you')])
    expect(deltas(events)).toEqual(['Hel', 'lo', ', you'])
    checkEventLaws(events, {
      id: 'm',
      name: 'Friday',
      role: 'assistant',
      content: [text('Hello, you') as never],
      ending: stop,
    })
  })

  test.each<[string, unknown[], unknown[]]>([
    ['a plain string', ['Hel', 'Hello'], [text('Hello')]],
    ['thinking, then text', [[thinking('Hm')], [thinking('Hm!'), text('A')]], [thinking('Hm!'), text('A')]],
    [
      'an image',
      [[text('See')], [text('See'), picture]],
      [text('See'), { type: 'image', url: 'data:image/png;base64,iVBO' }],
    ],
    ['an image of v0.1.6', [[{ type: 'image', url: 'https://x/y.png' }]], [{ type: 'image', url: 'https://x/y.png' }]],
    ['a result that grows', [[result('Sun')], [result('Sunny')]], [result('Sunny')]],
    ['a result in blocks', [[result([text('Sun')])], [result([text('Sunny')])]], [result('Sunny')]],
    [
      'a result with a picture',
      [[result([text('Sun')])], [result([text('Sun'), picture])]],
      [result([text('Sun'), { type: 'image', url: 'data:image/png;base64,iVBO' }])],
    ],
    ['no content', [null, []], []],
    [
      'a block that nobody knows',
      [[{ type: 'hologram', z: 1 }]],
      [{ type: 'raw', dialect: 'agentscope-python', value: { type: 'hologram', z: 1 } }],
    ],
  ])('keeps %s', (_, contents, expected) => {
    const events = told(...contents)
    checkEventLaws(events)
    expect(folded(events).content).toEqual(expected)
  })

  test('tells the arguments of a call as they grow, and proves them at the end', () => {
    const events = told(
      [call({})],
      [call({ city: 'Ha' })],
      [call({ city: 'Hangzhou' })],
      [call({ city: 'Hangzhou', days: 2 })],
    )
    checkEventLaws(events)
    expect(deltas(events)).toEqual(['{', '"city":"Ha', 'ngzhou', '","days":2', '}'])
    expect(folded(events).content).toEqual([
      { ...call({ city: 'Hangzhou', days: 2 }), rawInput: '{"city":"Hangzhou","days":2}' },
    ])
  })

  test('takes the text of the arguments when the program sends it', () => {
    const raw = (rawInput: string) => ({ ...call({}), raw_input: rawInput })
    expect(deltas(told([raw('{"a"')], [raw('{"a": 1}')]))).toEqual(['{"a"', ': 1}'])
  })

  test('keeps calls that run side by side apart', () => {
    const events = told([call({ a: 1 })], [call({ a: 1 }), call({ b: 2 }, 'c2')])
    checkEventLaws(events)
    expect(folded(events).content).toMatchObject([
      { id: 'c1', input: { a: 1 } },
      { id: 'c2', input: { b: 2 } },
    ])
  })

  test('waits with half a character', () => {
    const events = told([text('a\ud83d')], [text('a\ud83d\ude00')])
    expect(deltas(events)).toEqual(['a', '\ud83d\ude00'])
  })
})

describe('a message that changes what it had said', () => {
  test('begins anew under its id, after a notice', () => {
    const events = told([text('Hello wurld')], [text('Hello world')])
    expect(events.map(({ type }) => type)).toEqual([
      'message-start',
      'block-start',
      'text-delta',
      'notice',
      'message-start',
      'block-start',
      'text-delta',
      'block-end',
      'message-end',
    ])
    expect(folded(events).content).toEqual([text('Hello world')])
  })

  test.each<[string, unknown[][]]>([
    ['a block inserted before another', [[text('A')], [thinking('T'), text('A')]]],
    ['a block taken away', [[text('A'), text('B')], [text('A')]]],
    [
      'text that grows behind a later block',
      [
        [text('A'), call({})],
        [text('AB'), call({})],
        [text('ABC'), call({})],
      ],
    ],
    ['another picture', [[picture], [{ type: 'image', url: 'https://x/other.png' }]]],
    ['an answer in other words', [[result('Sun')], [result([picture])]]],
  ])('ends as the last push says: %s', (_, contents) => {
    expect(folded(told(...contents)).content).toEqual(folded(told(contents.at(-1))).content)
  })

  test('keeps its blocks open once a sealed one has grown, so that it grows on by deltas', () => {
    const events = told([text('A'), call({})], [text('AB'), call({})], [text('ABC'), call({})])
    expect(events.filter(({ type }) => type === 'message-start')).toHaveLength(2)
  })

  test('is told at most four times a second, and the last word always', () => {
    const message = new CumulativeMessage(start)
    const cursor = Array.from({ length: 1000 }, (_, at) => saidBlocks(`${'x'.repeat(at)}|`))
    const events = cursor.flatMap((said, at) => message.push(said, undefined, at))
    events.push(...message.end(stop, 1000))
    expect(events.filter(({ type }) => type === 'notice').length).toBeLessThanOrEqual(5)
    expect(folded(events).content).toEqual([text(`${'x'.repeat(999)}|`)])
  })
})

describe('a message that has ended', () => {
  test('stays as it is when it is told again', () => {
    const message = new CumulativeMessage(start)
    message.push(saidBlocks('Hello'), undefined, 0)
    message.end(stop, 1)
    expect(message.push(saidBlocks('Hello'), undefined, 2)).toEqual([])
    expect(message.end(stop, 3)).toEqual([])
  })

  test('begins anew when it goes on', () => {
    const message = new CumulativeMessage(start)
    const before = [...message.push(saidBlocks('Hello'), undefined, 0), ...message.end(stop, 1)]
    const after = [...message.push(saidBlocks('Hello, you'), undefined, 2), ...message.end(stop, 3)]
    expect(folded([...before, ...after]).content).toEqual([text('Hello, you')])
  })

  test('carries the metadata that came last', () => {
    const message = new CumulativeMessage(start)
    message.push(saidBlocks('x'), { a: 1 }, 0)
    message.push(saidBlocks('x'), { a: 2 }, 0)
    expect(message.end(stop, 1).at(-1)).toMatchObject({ type: 'message-end', metadata: { a: 2 } })
  })
})

test('what is told costs what is new: twice the pushes, twice the events', () => {
  const cost = (pushes: number) => {
    const contents = Array.from({ length: pushes }, (_, at) => [text('12345'.repeat(at + 1))])
    return JSON.stringify(told(...contents)).length
  }
  expect(cost(2000) / cost(1000)).toBeLessThan(2.1)
})
