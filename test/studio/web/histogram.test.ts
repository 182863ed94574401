import { describe, expect, test } from 'vitest'
import { roundMarks, roundStep } from '../../../src/studio/web/charts/axis.ts'
import { binsOf } from '../../../src/studio/web/charts/histogram.ts'

describe('bins', () => {
  test('hold every value once, the greatest too', () => {
    const bins = binsOf([0, 1, 5, 9.99, 10], 5)
    expect(bins.map((bin) => bin.count)).toEqual([2, 0, 1, 0, 2])
    expect(bins[0]).toMatchObject({ from: 0, to: 2 })
  })

  test('have round edges', () => {
    expect(binsOf([103, 418], 5).map((bin) => bin.from)).toEqual([100, 200, 300, 400])
    expect(binsOf([0.1, 0.3], 2).map((bin) => [bin.from, bin.to])).toEqual([
      [0.1, 0.2],
      [0.2, 0.3],
    ])
  })

  test('are one for equal values and none for no values', () => {
    expect(binsOf([250, 250, 250]).reduce((sum, bin) => sum + bin.count, 0)).toBe(3)
    expect(binsOf([])).toEqual([])
    expect(binsOf([0]).reduce((sum, bin) => sum + bin.count, 0)).toBe(1)
  })

  test('hold a hundred thousand values without deep recursion', () => {
    const values = Array.from({ length: 200_000 }, (_, index) => index % 977)
    expect(binsOf(values).reduce((sum, bin) => sum + bin.count, 0)).toBe(200_000)
  })
})

describe('axis marks', () => {
  test('step by 1, 2 or 5 times a power of ten', () => {
    expect([roundStep(10, 10), roundStep(17, 10), roundStep(0.4, 10), roundStep(7300, 10)]).toEqual([1, 2, 0.05, 1000])
  })

  test('are the round values inside', () => {
    expect(roundMarks(3, 21, 4)).toEqual([5, 10, 15, 20])
    expect(roundMarks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3])
  })
})
