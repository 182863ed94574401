import { describe, expect, test } from 'vitest'
import { percentile, summarize } from '../../../src/studio/web/charts/percentiles.ts'

describe('percentiles', () => {
  test('lie between neighbours by straight line', () => {
    expect(percentile([10, 20, 30, 40], 0.5)).toBe(25)
    expect(percentile([40, 10, 30, 20], 0.25)).toBe(17.5)
  })

  test('of one value are that value', () => {
    expect(summarize([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 })
  })

  test('of nothing are not known, and never 0', () => {
    expect(percentile([], 0.5)).toBeUndefined()
    expect(summarize([Number.NaN])).toEqual({ count: 0 })
  })

  test('of a hundred values lie where a hand would put them', () => {
    const values = Array.from({ length: 101 }, (_, index) => index)
    expect(summarize(values)).toEqual({ count: 101, p50: 50, p95: 95, p99: 99, max: 100 })
  })
})
