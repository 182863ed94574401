import { describe, expect, test } from 'vitest'
import type { CallPoint } from '../../../src/studio/protocol/rest.ts'
import { bucketCalls, figuresOf, groupCalls, speedOf } from '../../../src/studio/web/charts/call-figures.ts'

const prices = { big: { input: 1, output: 2 } }
const call = (more: Partial<CallPoint>): CallPoint => ({ at: 0, kind: 'model', ...more })

describe('the figures of calls', () => {
  test('keep what nobody told unknown', () => {
    const figures = figuresOf('', [call({})], prices)
    expect(figures).toMatchObject({ calls: 1, failed: 0, cost: { known: 0, unknown: 1 }, firstContentMs: { count: 0 } })
    expect(figures.inputTokens).toBeUndefined()
  })

  test('sum tokens, cost and failures', () => {
    const first = call({ model: 'big', inputTokens: 100, outputTokens: 50, durationMs: 700, firstContentMs: 200 })
    const figures = figuresOf('big', [first, call({ model: 'big', inputTokens: 10, failed: true })], prices)
    expect(figures).toMatchObject({ calls: 2, failed: 1, inputTokens: 110, outputTokens: 50 })
    expect(figures.cost).toEqual({ amount: 0.0002, known: 1, unknown: 1 })
    expect(figures.tokensPerSecond.p50).toBe(100)
  })

  test('tell no speed that was not measured', () => {
    expect(speedOf(call({ outputTokens: 5 }))).toBeUndefined()
    expect(speedOf(call({ outputTokens: 5, durationMs: 100, firstContentMs: 100 }))).toBeUndefined()
  })

  test('count no tool as a call without a price', () => {
    expect(figuresOf('', [call({ kind: 'tool', tool: 'bash' })], prices).cost.unknown).toBe(0)
  })
})

describe('groups of calls', () => {
  const calls = [
    call({ model: 'small', agent: 'Planner' }),
    call({ model: 'big', agent: 'Planner' }),
    call({ model: 'big', agent: 'Critic' }),
    call({ kind: 'tool', tool: 'bash', agent: 'Critic', failed: true }),
  ]

  test('by model hold models, by tool tools, most calls first', () => {
    expect(groupCalls(calls, 'model', prices).map((row) => [row.key, row.calls])).toEqual([
      ['big', 2],
      ['small', 1],
    ])
    expect(groupCalls(calls, 'tool', prices).map((row) => [row.key, row.failed])).toEqual([['bash', 1]])
  })

  test('by agent hold both', () => {
    expect(groupCalls(calls, 'agent', prices).map((row) => [row.key, row.calls])).toEqual([
      ['Critic', 2],
      ['Planner', 2],
    ])
  })
})

describe('calls over time', () => {
  test('lie in round stretches, empty ones too', () => {
    const calls = [call({ at: 61_000 }), call({ at: 62_000 }), call({ at: 185_000 })]
    const buckets = bucketCalls(calls, { fromMs: 60_000, toMs: 240_000 }, 3, prices)
    expect(buckets.map((bucket) => [bucket.fromMs, bucket.calls])).toEqual([
      [60_000, 2],
      [120_000, 0],
      [180_000, 1],
    ])
  })

  test('are days for a month', () => {
    const day = 24 * 3600_000
    const buckets = bucketCalls([], { fromMs: 0, toMs: 30 * day }, 30, prices)
    expect(buckets).toHaveLength(30)
    expect(buckets[1]).toMatchObject({ fromMs: day, toMs: 2 * day })
  })
})
