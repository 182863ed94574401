// The writer keeps the promises of the event list, whatever order a dialect calls it in.
import { describe, expect, test } from 'vitest'
import type { Ending } from '../../src/core/ending.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { EventWriter } from '../../src/core/writer.ts'
import { checkEventLaws } from '../suites/event-laws.ts'

const stop: Ending = { reason: 'stop', complete: true }

/** The events that a dialect's calls lead to, without what is the same in all of them. */
function written(calls: (writer: EventWriter) => void): unknown[] {
  const writer = new EventWriter({ id: 'm', name: 'Ann' })
  calls(writer)
  writer.end(stop)
  checkEventLaws(writer.events)
  return writer.events.slice(1, -1).map(({ id: _, ...event }) => event)
}

const deltas = (events: unknown[]) =>
  (events as StreamEvent[]).flatMap((event) => ('delta' in event ? [event.delta] : []))

test('a message begins with who speaks and ends with how, in this order and once', () => {
  const writer = new EventWriter({ id: 'm', name: 'Ann', role: 'user', replyId: 'r' })
  writer.text('Hi')
  writer.end(stop, { inputTokens: 1 }, { model: 'x' })
  writer.end({ reason: 'error', complete: false })
  writer.notice('silence', 'too late')
  checkEventLaws(writer.events)
  expect(writer.events[0]).toEqual({ type: 'message-start', id: 'm', role: 'user', name: 'Ann', replyId: 'r' })
  expect(writer.events.at(-1)).toEqual({
    type: 'message-end',
    id: 'm',
    ending: stop,
    usage: { inputTokens: 1 },
    metadata: { model: 'x' },
  })
})

test('pieces of one kind share a block, and another kind begins a new one', () => {
  const events = written((writer) => {
    writer.thinking('Hm')
    writer.thinking('.')
    writer.text('Yes')
    writer.text('!')
    writer.thinking('More')
    writer.refusal('No.')
  })
  expect(events.map((event) => (event as StreamEvent).type)).toEqual(
    ['thinking', 'thinking', 'text', 'text', 'thinking', 'text'].reduce<string[]>((list, kind, at, kinds) => {
      if (at > 0 && kinds[at - 1] !== kind) list.push('block-end')
      if (kinds[at - 1] !== kind) list.push('block-start')
      return list.concat(`${kind}-delta`, at === kinds.length - 1 ? 'block-end' : [])
    }, []),
  )
})

test('empty pieces write nothing', () => {
  const nothing = (writer: EventWriter) => {
    writer.text('')
    writer.thinking('')
    writer.refusal('')
    writer.endProse()
    writer.endToolUse(0)
    writer.toolUseDelta(0, 'x')
  }
  expect(written(nothing)).toEqual([])
})

test('tool calls may interleave, and prose that follows one does not close it', () => {
  const events = written((writer) => {
    const first = writer.beginToolUse('a', 'water')
    const second = writer.beginToolUse('b', 'weed')
    writer.toolUseDelta(second, '{"x":')
    writer.toolUseDelta(first, '{}')
    writer.text('meanwhile')
    writer.toolUseDelta(second, '1}')
    writer.endToolUse(first)
    writer.endToolUse(second)
    writer.toolUseDelta(second, 'too late')
  })
  expect(deltas(events)).toEqual(['{"x":', '{}', 'meanwhile', '1}'])
})

test('a tool call that nobody sealed is sealed at the end as incomplete', () => {
  const events = written((writer) => writer.toolUseDelta(writer.beginToolUse('a', 'water'), '{"bed":'))
  expect(events.at(-1)).toEqual({ type: 'block-end', index: 0, incomplete: true })
})

describe('signatures', () => {
  test('leave with the end of the block that they sign', () => {
    const events = written((writer) => {
      writer.thinking('Hm')
      writer.sign('thinking', 's1')
      writer.text('Yes')
      writer.annotate({ citations: [1] })
      writer.annotate({ more: true })
    })
    const ends = events.filter((event) => (event as StreamEvent).type === 'block-end')
    expect(ends).toEqual([
      { type: 'block-end', index: 0, signature: 's1' },
      { type: 'block-end', index: 1, metadata: { citations: [1], more: true } },
    ])
  })

  test('a second, other one begins a new block, so that neither is lost', () => {
    const events = written((writer) => {
      writer.text('a')
      writer.sign('text', 's1')
      writer.sign('text', 's1')
      writer.sign('text', 's2')
    })
    expect(events.filter((event) => (event as StreamEvent).type === 'block-end')).toMatchObject([
      { signature: 's1' },
      { signature: 's2' },
    ])
  })

  test('one without a block is kept on an empty one', () => {
    expect(written((writer) => writer.sign('thinking', 's1'))).toEqual([
      { type: 'block-start', index: 0, block: { type: 'thinking', thinking: '' } },
      { type: 'block-end', index: 0, signature: 's1' },
    ])
  })
})

describe('half a character', () => {
  test('waits for its other half', () => {
    const events = written((writer) => {
      for (const piece of ['A\ud83d', '\ude00\ud83d', '\ude01', '\ud83d', '\ude02']) writer.text(piece)
    })
    expect(deltas(events)).toEqual(['A', '😀', '😁', '😂'])
  })

  test('waits in its own block, and is U+FFFD when the block ends or goes on without it', () => {
    const events = written((writer) => {
      writer.thinking('a\ud83d')
      writer.text('b\ud83d')
      writer.text('c')
    })
    expect(deltas(events)).toEqual(['a', '\uFFFD', 'b', '\uFFFDc'])
  })

  test('waits in each tool call by itself', () => {
    const events = written((writer) => {
      const first = writer.beginToolUse('a', 'water')
      const second = writer.beginToolUse('b', 'weed')
      writer.toolUseDelta(first, '"\ud83d')
      writer.toolUseDelta(second, '"\ud83d')
      writer.toolUseDelta(first, '\ude00"')
      writer.toolUseDelta(second, '\ude01"')
    })
    expect(deltas(events)).toEqual(['"', '"', '😀"', '😁"'])
  })
})

test('what was seen is known at any time, and taking events does not change it', () => {
  const writer = new EventWriter({ id: 'm', name: 'Ann' })
  expect(writer).toMatchObject({ contentSeen: false, textSeen: false, thinkingSeen: false, toolCalls: 0 })
  writer.raw({ unknown: true })
  writer.notice('retry', 'again', { attempt: 1 })
  expect(writer.contentSeen).toBe(false)
  expect(writer.take()).toHaveLength(3)
  expect(writer.events).toEqual([])
  writer.thinking('Hm')
  writer.beginToolUse('a', 'water')
  writer.block({ type: 'image', url: 'https://garden.example/rose.png' })
  writer.text('Yes')
  expect(writer).toMatchObject({ contentSeen: true, textSeen: true, thinkingSeen: true, toolCalls: 1 })
})

test('an unknown value is forwarded without the secrets that it may hold', () => {
  const writer = new EventWriter({ id: 'm', name: 'Ann', secrets: ['sk-1234567'] })
  writer.raw({ note: 'your key sk-1234567' })
  writer.raw(undefined)
  expect(writer.events.slice(1)).toEqual([
    { type: 'raw', id: 'm', value: { note: 'your key [redacted]' } },
    { type: 'raw', id: 'm', value: null },
  ])
})

test('any order of calls keeps the promises', () => {
  const acts: ((writer: EventWriter) => void)[] = [
    (writer) => writer.text('t\ud83d'),
    (writer) => writer.text('\ude00'),
    (writer) => writer.thinking('h\ud83d'),
    (writer) => writer.refusal('no'),
    (writer) => writer.sign('text', 's'),
    (writer) => writer.sign('thinking', 'z'),
    (writer) => writer.endProse(),
    (writer) => writer.toolUseDelta(writer.beginToolUse('a', 'f'), '{'),
    (writer) => writer.toolUseDelta(1, '"x\ud83d'),
    (writer) => writer.endToolUse(1),
    (writer) => writer.block({ type: 'image', url: 'data:,' }),
    (writer) => writer.raw(7),
  ]
  let seed = 20260101
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0)
  for (let round = 0; round < 300; round += 1) {
    written((writer) => {
      for (let step = 0; step < 20; step += 1) acts[next() % acts.length]!(writer)
    })
  }
})
