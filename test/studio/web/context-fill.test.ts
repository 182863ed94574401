// Figures that must never read 0 for want of knowledge: context windows, costs by day, run and model.
import { describe, expect, test } from 'vitest'
import type { CallPoint } from '../../../src/studio/protocol/rest.ts'
import { contextFill } from '../../../src/studio/web/charts/context-fill.ts'
import { costRows } from '../../../src/studio/web/charts/cost-rows.ts'
import { patternsIn } from '../../../src/studio/web/pages/pattern-lines.ts'
import { windowRowsOf, windowsOf, withoutWindow } from '../../../src/studio/web/pages/window-rows.ts'

describe('how full a context window is', () => {
  test('is the share of input tokens in it, by the longest name that fits', () => {
    const windows = { 'gpt-5*': 400_000, 'gpt-5-mini*': 200_000 }
    expect(contextFill({ model: 'gpt-5-mini-2', inputTokens: 50_000 }, windows)).toEqual({
      inputTokens: 50_000,
      window: 200_000,
      share: 0.25,
    })
  })

  test('is unknown, not 0, without the window, the tokens or the model', () => {
    expect(contextFill({ model: 'a', inputTokens: 5 }, {}).share).toBeUndefined()
    expect(contextFill({ model: 'a' }, { a: 100 }).share).toBeUndefined()
    expect(contextFill({ inputTokens: 5 }, { a: 100 }).share).toBeUndefined()
    expect(contextFill({ model: 'a', inputTokens: 0 }, { a: 100 }).share).toBe(0)
  })

  test('comes back from the rows of its table, which refuse what is no whole number from 1 up', () => {
    const windows = { a: 1000, 'b*': 1_000_000 }
    expect(windowsOf(windowRowsOf(windows))).toEqual(windows)
    expect(windowsOf([{ key: 0, model: ' ', tokens: '' }])).toEqual({})
    for (const tokens of ['', '0', '1.5', 'many']) expect(windowsOf([{ key: 0, model: 'a', tokens }])).toBeUndefined()
    expect(withoutWindow(['c', 'b-1', 'c', undefined], windows)).toEqual(['c'])
  })
})

describe('costs by day, run and model', () => {
  const call = (at: number, runId: string, model: string, more: Partial<CallPoint> = {}): CallPoint => {
    return { at, kind: 'model', runId, model, inputTokens: 1_000_000, outputTokens: 0, ...more }
  }
  const dayOf = (ms: number) => (ms < 100 ? 'monday' : 'tuesday')

  test('are summed for each, newest first, and leave tools out', () => {
    const calls = [call(1, 'r', 'a'), call(2, 'r', 'a'), call(200, 'r', 'a'), { at: 201, kind: 'tool' as const }]
    expect(costRows(calls, { a: { input: 2, output: 4 } }, dayOf)).toEqual([
      { day: 'tuesday', runId: 'r', model: 'a', calls: 1, cost: 2, unknown: 0 },
      { day: 'monday', runId: 'r', model: 'a', calls: 2, cost: 4, unknown: 0 },
    ])
  })

  test('are unknown, not 0, without a price, and say how many calls they lack', () => {
    const calls = [call(1, 'r', 'b'), call(2, 's', 'a'), { at: 3, kind: 'model' as const, runId: 's', model: 'a' }]
    const [part, none] = costRows(calls, { a: { input: 2, output: 4 } }, dayOf)
    expect(part).toMatchObject({ cost: 2, unknown: 1, calls: 2 })
    expect(none).toEqual({ day: 'monday', runId: 'r', model: 'b', calls: 1, cost: undefined, unknown: 1 })
  })
})

describe('the patterns that are written, one a line', () => {
  test('are trimmed and each once, and empty lines do not count', () => {
    expect(patternsIn(' sk-* \n\nsk-*\nanna@example.com')).toEqual({
      patterns: ['sk-*', 'anna@example.com'],
      isTooMany: false,
    })
  })

  test('name the line that cannot be one, and say when they are too many', () => {
    expect(patternsIn('fine\n\na*b').wrong).toEqual({ line: 3, text: 'a*b' })
    expect(patternsIn('a*b*c*d*').wrong?.line).toBe(1)
    expect(patternsIn(Array.from({ length: 51 }, (_, index) => `word ${index}`).join('\n')).isTooMany).toBe(true)
  })
})
