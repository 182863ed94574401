import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../../src/core/event.ts'
import type { JournalEntry } from '../../../src/journal/journal.ts'
import { longestPauseMs, Pacing } from '../../../src/studio/web/replay/pacing.ts'
import { placeText } from '../../../src/studio/web/replay/place-words.ts'
import { ReplayClock } from '../../../src/studio/web/replay/replay-clock.ts'
import { ReplayRun } from '../../../src/studio/web/replay/replay-run.ts'
import { spansAt } from '../../../src/studio/web/replay/spans-at.ts'

const speaker = { name: 'Ada', id: 'ada' }

function pacingOf(...times: number[]): Pacing {
  const pacing = new Pacing()
  for (const time of times) pacing.add(time)
  return pacing
}

function entries(...events: [at: number, event: StreamEvent][]): JournalEntry[] {
  return events.map(([at, event], index) => ({ offset: index + 1, record: { type: 'event', at, speaker, event } }))
}

const said = (id: string, from: number, ...texts: string[]) => [
  [from, { type: 'message-start', id, role: 'assistant', name: 'Ada' }] as [number, StreamEvent],
  [from, { type: 'block-start', id, index: 0, block: { type: 'text', text: '' } }] as [number, StreamEvent],
  ...texts.map((delta, at): [number, StreamEvent] => [from + at * 50, { type: 'text-delta', id, index: 0, delta }]),
]

describe('the pacing of a replay', () => {
  test('keeps the pauses between entries as they were', () => {
    const pacing = pacingOf(1000, 1000, 1040, 1500)
    expect(pacing.length).toBe(500)
    expect([0, 39, 40, 499, 500].map((place) => pacing.countAt(place))).toEqual([2, 2, 3, 3, 4])
  })

  test('shortens a long pause, and says how long it was', () => {
    const pacing = pacingOf(0, 100, 60_100, 60_200)
    expect(pacing.pauses).toEqual([{ from: 100, to: 100 + longestPauseMs, realMs: 60_000 }])
    expect(pacing.length).toBe(200 + longestPauseMs)
    expect(pacing.pauseAt(100 + longestPauseMs / 2)?.realMs).toBe(60_000)
    expect(pacing.pauseAt(50)).toBeUndefined()
  })

  test('never goes back for an entry that was told late', () => {
    const pacing = pacingOf(1000, 1200, 400, 1300)
    expect(pacing.length).toBe(300)
    expect(pacing.countAt(200)).toBe(3)
  })

  test('knows what time it was at each place, also within a shortened pause', () => {
    const pacing = pacingOf(1000, 1100, 61_100)
    expect(pacing.timeAt(50)).toBe(1050)
    expect(pacing.timeAt(100 + longestPauseMs / 2)).toBe(31_100)
    expect(pacing.timeAt(pacing.length)).toBe(61_100)
    for (const place of [0, 30, 100, 900, pacing.length])
      expect(pacing.placeOf(pacing.timeAt(place))).toBeCloseTo(place)
  })

  test('is nothing for a run of which nothing is known', () => {
    expect(pacingOf().length).toBe(0)
    expect(pacingOf().countAt(10)).toBe(0)
  })
})

describe('the clock of a replay', () => {
  test('goes at its speed, from where it was when the speed changed, and stops at the end', () => {
    const clock = new ReplayClock()
    clock.play(1000)
    expect(clock.at(1500, 10_000)).toBe(500)
    clock.setSpeed(10, 1500, 10_000)
    expect(clock.at(1600, 10_000)).toBe(1500)
    expect(clock.at(9000, 10_000)).toBe(10_000)
    expect(clock.playing).toBe(false)
  })

  test('stands while it is paused, and goes on from any place', () => {
    const clock = new ReplayClock()
    clock.play(0)
    clock.pause(300, 1000)
    expect(clock.at(900, 1000)).toBe(300)
    clock.seek(700, 900)
    clock.play(2000)
    expect(clock.at(2100, 1000)).toBe(800)
  })

  test('is told in minutes and seconds', () => {
    expect([0, 7400, 725_000, 3_725_000].map(placeText)).toEqual(['0:00', '0:07', '12:05', '1:02:05'])
  })
})

describe('a run that is played again', () => {
  const story = entries(...said('m1', 0, 'One ', 'two ', 'three.'), ...said('m2', 1000, 'Four ', 'five.'))
  const texts = (run: ReplayRun) => run.model.messages.map(({ parts }) => parts.map(({ text }) => text).join(''))
  const blob = () => 'not-kept'

  test('shows at each entry what was there then', () => {
    const run = new ReplayRun('r', story, blob)
    const shown = story.map((_, index) => {
      run.show(index + 1)
      return texts(run).join('|')
    })
    expect(shown).toEqual([
      '',
      '',
      'One ',
      'One two ',
      'One two three.',
      ...['|', '|', '|Four ', '|Four five.'].map((t) => `One two three.${t}`),
    ])
  })

  test('shows the same after any way there and back', () => {
    const run = new ReplayRun('r', story, blob)
    for (const count of [9, 4, 8, 2, 0, 7, 3]) {
      run.show(count)
      const straight = new ReplayRun('r', story, blob)
      straight.show(count)
      expect(texts(run)).toEqual(texts(straight))
    }
  })

  test('tells whoever shows a text only what it has grown by', () => {
    const run = new ReplayRun('r', story, blob)
    run.show(3)
    const heard: (string | undefined)[] = []
    run.model.listen('part m1.0', ({ appended }) => heard.push(appended))
    run.show(4)
    run.show(5)
    run.show(3)
    expect(heard).toEqual(['two ', 'three.', undefined])
  })
})

describe('the spans at one moment', () => {
  const span = {
    traceId: 't',
    name: 'chat',
    kind: 'model',
    attributes: { 'gen_ai.usage.output_tokens': 9, x: 1 },
  } as const
  const all = [
    { ...span, spanId: 'a', startMs: 0, endMs: 100, status: 'ok' as const },
    { ...span, spanId: 'b', startMs: 50, endMs: 300, status: 'error' as const },
    { ...span, spanId: 'c', startMs: 250 },
  ]

  test('are those that had begun, and what was still going on is open', () => {
    const shown = spansAt(all, 200)
    expect(shown.map(({ spanId, endMs, status }) => [spanId, endMs, status])).toEqual([
      ['a', 100, 'ok'],
      ['b', undefined, undefined],
    ])
    expect(shown[1]?.attributes).toEqual({ x: 1 })
  })
})
