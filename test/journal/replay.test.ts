// The pace of a replay: as it was, faster, without long pauses, and never back in time.
import { describe, expect, test } from 'vitest'
import { durationText, ReplayPace, type ReplayPaceOptions } from '../../src/journal/replay.ts'

function dues(ats: readonly number[], options: ReplayPaceOptions = {}): number[][] {
  const pace = new ReplayPace(options)
  return ats.map((at) => {
    const { dueMs, skippedMs } = pace.next(at)
    return skippedMs > 0 ? [dueMs, skippedMs] : [dueMs]
  })
}

describe('a replay', () => {
  test('keeps the distances, whenever it began', () => {
    expect(dues([1_000_000, 1_000_020, 1_000_500])).toEqual([[0], [20], [500]])
  })

  test('goes as many times as fast as it is told, and slower too', () => {
    expect(dues([0, 100, 300], { speed: 10 })).toEqual([[0], [10], [30]])
    expect(dues([0, 100], { speed: 0.5 })).toEqual([[0], [200]])
    expect(dues([0, 100, 1e9], { speed: Number.POSITIVE_INFINITY, maxPauseMs: 5 })).toEqual([[0], [0], [0]])
  })

  test('shortens a pause that is too long at that speed, and tells how much of it was left out', () => {
    const maxPauseMs = 5000
    expect(dues([0, 125_000, 125_100], { maxPauseMs })).toEqual([[0], [5000, 120_000], [5100]])
    expect(dues([0, 40_000, 100_000], { maxPauseMs, speed: 10 })).toEqual([[0], [4000], [9000, 10_000]])
  })

  test('takes a clock that went back for no time, and counts from the latest moment on', () => {
    expect(dues([100, 40, 90, 110])).toEqual([[0], [0], [0], [10]])
  })
})

test.each([
  [0, '0 s'],
  [400, '400 ms'],
  [40_400, '40 s'],
  [120_000, '2 min'],
  [3_900_000, '1 h 5 min'],
  [7_200_000, '2 h'],
  [260_000_000, '3 d'],
])('%d milliseconds are told as %s', (ms, text) => expect(durationText(ms)).toBe(text))
