import { describe, expect, test } from 'vitest'
import { gapStrip } from '../../../src/studio/web/charts/gap-strip.ts'

describe('the strip of pauses', () => {
  test('shows a stall where it was', () => {
    const times = [0, 20, 40, 60, 80, 880, 900, 920, 940, 960, 980, 1000]
    const strip = gapStrip(times, 10)
    expect(strip.stalls).toEqual([{ fromMs: 80, toMs: 880 }])
    expect(strip.columns.map((column) => column.stalled)).toEqual([true, ...Array(8).fill(true), false])
    expect(strip).toMatchObject({ medianMs: 20, longestMs: 800 })
  })

  test('keeps small pauses visible beside a long one', () => {
    const strip = gapStrip([0, 20, 40, 60, 1060], 10)
    expect(strip.columns.at(-1)?.level).toBe(1)
    expect(gapStrip([0, 50, 100, 150, 200], 4).columns.every((column) => column.level === 1)).toBe(true)
  })

  test('calls nothing a stall that flows evenly, however slowly', () => {
    expect(gapStrip([0, 300, 600, 900], 3).stalls).toEqual([])
  })

  test('takes a limit of your own', () => {
    expect(gapStrip([0, 30, 130], 4, 50).stalls).toEqual([{ fromMs: 30, toMs: 130 }])
  })

  test('is empty for fewer than two pieces', () => {
    expect(gapStrip([5], 10)).toEqual({ columns: [], stalls: [], longestMs: 0 })
  })
})
