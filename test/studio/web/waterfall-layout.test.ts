import { describe, expect, test } from 'vitest'
import type { Span } from '../../../src/studio/web/charts/span-facts.ts'
import {
  concurrencyOf,
  firstView,
  layoutWaterfall,
  placeIn,
  zoomView,
} from '../../../src/studio/web/charts/waterfall-layout.ts'

function span(spanId: string, startMs: number, endMs?: number, more: Partial<Span> = {}): Span {
  const end = endMs === undefined ? {} : { endMs }
  return { traceId: 't', spanId, name: spanId, kind: 'other', startMs, attributes: {}, ...end, ...more }
}
const child = (parentSpanId: string) => ({ parentSpanId })

describe('the rows of a waterfall', () => {
  test('are a tree by parents, siblings by start, whatever the order they came in', () => {
    const spans = [span('b', 50, 90, child('root')), span('a1', 12, 20, child('a')), span('a', 10, 40, child('root'))]
    const { rows } = layoutWaterfall([...spans, span('root', 0, 100)], { nowMs: 200 })
    expect(rows.map((row) => [row.span.spanId, row.depth])).toEqual([
      ['root', 0],
      ['a', 1],
      ['a1', 2],
      ['b', 1],
    ])
    expect(rows[0]?.children).toBe(2)
  })

  test('grow with now while they are open', () => {
    const spans = [span('root', 0), span('done', 10, 20, child('root'))]
    expect(layoutWaterfall(spans, { nowMs: 100 })).toMatchObject({ endMs: 100 })
    const later = layoutWaterfall(spans, { nowMs: 150 })
    expect(later.rows.map((row) => [row.endMs, row.open])).toEqual([
      [150, true],
      [20, false],
    ])
    expect(later).toMatchObject({ startMs: 0, endMs: 150 })
  })

  test('mark when the first token of a model call came', () => {
    const call = span('call', 1000, 2000, { kind: 'model', attributes: { 'agentscope.first_content_ms': 182 } })
    expect(layoutWaterfall([call], { nowMs: 0 }).rows[0]?.firstContentMs).toBe(1182)
    expect(
      layoutWaterfall([span('tool', 0, 5, { kind: 'tool' })], { nowMs: 0 }).rows[0]?.firstContentMs,
    ).toBeUndefined()
  })

  test('put a child whose parent is not there yet at the root', () => {
    const { rows } = layoutWaterfall([span('child', 5, 6, child('later'))], { nowMs: 9 })
    expect(rows.map((row) => [row.span.spanId, row.depth])).toEqual([['child', 0]])
  })

  test('show every span once when parents run in a circle', () => {
    const circle = [span('a', 1, 2, child('b')), span('b', 0, 3, child('a')), span('c', 1, 2, child('a'))]
    const { rows } = layoutWaterfall([...circle, span('self', 0, 1, child('self'))], { nowMs: 9 })
    expect(rows.map((row) => row.span.spanId).sort()).toEqual(['a', 'b', 'c', 'self'])
  })

  test('keep only failures and those above them when errors only are asked for', () => {
    const failed = span('tool', 5, 6, { parentSpanId: 'agent', status: 'error' })
    const spans = [span('agent', 0, 9), failed, span('fine', 1, 2, child('agent')), span('other', 0, 1)]
    const { rows } = layoutWaterfall(spans, { nowMs: 9, errorsOnly: true })
    expect(rows.map((row) => [row.span.spanId, row.failed])).toEqual([
      ['agent', false],
      ['tool', true],
    ])
  })

  test('fold children away', () => {
    const spans = [span('root', 0, 9), span('in', 1, 2, child('root')), span('deep', 1, 2, child('in'))]
    const { rows } = layoutWaterfall(spans, { nowMs: 9, folded: new Set(['root']) })
    expect(rows.map((row) => row.span.spanId)).toEqual(['root'])
  })

  test('take ten thousand spans, in a chain or in a row', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => span(`${i}`, i, i + 1, i === 0 ? {} : child(`${i - 1}`)))
    expect(layoutWaterfall(chain, { nowMs: 0 }).rows.at(-1)?.depth).toBe(9999)
    const row = Array.from({ length: 10_000 }, (_, i) => span(`${i}`, i, i + 1, i === 0 ? {} : child('0')))
    expect(layoutWaterfall(row, { nowMs: 0 }).rows).toHaveLength(10_000)
  })
})

describe('what runs at once', () => {
  test('is counted in steps', () => {
    const steps = concurrencyOf([span('a', 0, 10), span('b', 5, 20), span('c', 5)], 30)
    expect(steps).toEqual([
      { atMs: 0, count: 1 },
      { atMs: 5, count: 3 },
      { atMs: 10, count: 2 },
      { atMs: 20, count: 1 },
      { atMs: 30, count: 0 },
    ])
  })
})

describe('the part that is shown', () => {
  const whole = { startMs: 0, endMs: 1000 }

  test('clips bars, and leaves out what lies outside', () => {
    const view = { startMs: 100, endMs: 300 }
    expect(placeIn(view, { startMs: 0, endMs: 200 })).toEqual({ left: 0, width: 0.5 })
    expect(placeIn(view, { startMs: 200, endMs: 999 })).toEqual({ left: 0.5, width: 0.5 })
    expect(placeIn(view, { startMs: 400, endMs: 500 })).toBeUndefined()
  })

  test('keeps the moment under the pointer where it is when zooming', () => {
    expect(zoomView(whole, whole, 2, 250)).toEqual({ startMs: 125, endMs: 625 })
  })

  test('never leaves the whole', () => {
    expect(zoomView(whole, { startMs: 0, endMs: 500 }, 0.1, 400)).toEqual(whole)
    expect(zoomView(whole, { startMs: 900, endMs: 1000 }, 0.5, 1000)).toEqual({ startMs: 800, endMs: 1000 })
  })
})

describe('what a waterfall shows at first', () => {
  const model = { kind: 'model' } as const

  test('is the calls, when a run has waited long for somebody', () => {
    const spans = [span('root', 0), span('call', 100, 1100, model), span('tool', 1100, 2100, { kind: 'tool' })]
    expect(firstView(layoutWaterfall(spans, { nowMs: 200_000 }))).toEqual({ startMs: 0, endMs: 2200 })
  })

  test('is all of it, when the calls fill most of it or there are none', () => {
    const spans = [span('root', 0, 1000), span('call', 100, 900, model)]
    expect(firstView(layoutWaterfall(spans, { nowMs: 0 }))).toEqual({ startMs: 0, endMs: 1000 })
    expect(firstView(layoutWaterfall([span('root', 0, 1000)], { nowMs: 0 }))).toEqual({ startMs: 0, endMs: 1000 })
  })

  test('goes on with a call that is still open', () => {
    const spans = [span('root', 0), span('call', 100_000, undefined, model)]
    expect(firstView(layoutWaterfall(spans, { nowMs: 120_000 })).endMs).toBe(120_000)
  })
})
