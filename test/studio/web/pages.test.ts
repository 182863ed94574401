import { describe, expect, test } from 'vitest'
import type { TraceRow } from '../../../src/studio/protocol/rest.ts'
import { curlOf } from '../../../src/studio/web/charts/curl.ts'
import type { Span } from '../../../src/studio/web/charts/span-facts.ts'
import { pricesOf, rowsOf, unpriced } from '../../../src/studio/web/pages/price-rows.ts'
import { markFound } from '../../../src/studio/web/pages/search-marks.ts'
import { costsMore, traceCost, tracesPath, traceTokens } from '../../../src/studio/web/pages/trace-figures.ts'

describe('found words', () => {
  test('are marked whatever their case, and nothing is lost', () => {
    const pieces = markFound('The lake, a Lake', 'lake')
    expect(pieces.filter((piece) => piece.isFound).map((piece) => piece.text)).toEqual(['lake', 'Lake'])
    expect(pieces.map((piece) => piece.text).join('')).toBe('The lake, a Lake')
  })

  test('may hold signs that a pattern would take for its own', () => {
    expect(markFound('a (b) c', '(b)').map((piece) => piece.isFound)).toEqual([false, true, false])
    expect(markFound('西湖的早晨', '西湖')[0]).toEqual({ text: '西湖', isFound: true })
    expect(markFound('as it is', '  ')).toEqual([{ text: 'as it is', isFound: false }])
  })
})

describe('the table of prices', () => {
  test('comes back from its rows as it was', () => {
    const prices = { a: { input: 1, output: 2 }, 'b*': { input: 0, output: 0.5, cachedInput: 0.1 } }
    expect(pricesOf(rowsOf(prices))).toEqual(prices)
  })

  test('is refused with a half row, a negative price or no name', () => {
    const row = { key: 1, model: 'a', input: '1', cachedInput: '', output: '2' }
    for (const wrong of [{ output: '' }, { input: '-1' }, { model: ' ' }, { cachedInput: 'x' }]) {
      expect(pricesOf([{ ...row, ...wrong }])).toBeUndefined()
    }
    expect(pricesOf([{ key: 1, model: '', input: '', cachedInput: '', output: '' }])).toEqual({})
  })

  test('tells which used models have none', () => {
    expect(unpriced(['b', undefined, 'a', 'b', 'qwen-max'], { 'qwen*': { input: 1, output: 1 } })).toEqual(['a', 'b'])
  })
})

describe('a row of the traces', () => {
  const trace: TraceRow = {
    traceId: 't',
    name: 'team',
    startMs: 0,
    spans: 3,
    errors: 0,
    models: ['a', 'b'],
    tools: [],
    usage: [
      { model: 'a', inputTokens: 1000, outputTokens: 500 },
      { model: 'b', inputTokens: 7 },
    ],
  }
  const prices = { a: { input: 2, output: 4 } }

  test('sums tokens and cost, and says what is not known', () => {
    expect(traceTokens(trace)).toBe(1507)
    expect(traceCost(trace, prices)).toEqual({ amount: 0.004, known: 1, unknown: 1 })
    expect(traceTokens({ ...trace, usage: [] })).toBeUndefined()
  })

  test('without a known cost costs more than nothing', () => {
    expect([costsMore(trace, 0.001, prices), costsMore(trace, 0.01, prices)]).toEqual([true, false])
    expect([costsMore(trace, 0.001, {}), costsMore(trace, 0, {})]).toEqual([false, true])
  })

  test('is asked for with the filters of the address', () => {
    const query = new URLSearchParams('q=a b&error=1&minCost=3&trace=x&model=')
    expect(tracesPath(query, 50)).toBe('/api/traces?limit=50&q=a+b&error=1')
  })
})

describe('a call as curl', () => {
  const span = (attributes: Span['attributes'], kind: Span['kind'] = 'model'): Span => {
    return { traceId: 't', spanId: 's', name: 'chat', kind, startMs: 0, attributes }
  }

  test('quotes what the shell would expand, and holds no key', () => {
    const content = [{ type: 'text', text: `it's $HOME` }]
    const curl = curlOf(span({ 'gen_ai.request.model': 'm', 'gen_ai.input.messages': [{ role: 'user', content }] }))
    expect(curl).toContain(`it'\\''s $HOME`)
    expect(curl).toContain('Bearer $API_KEY')
    expect(curl).toContain('"model": "m"')
  })

  test('is not offered for tools or without messages', () => {
    expect(curlOf(span({}))).toBeUndefined()
    expect(curlOf(span({ 'gen_ai.input.messages': [] }, 'tool'))).toBeUndefined()
  })
})
