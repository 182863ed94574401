import { describe, expect, test } from 'vitest'
import { costOf, priceOf, sumCosts } from '../../../src/studio/web/charts/cost.ts'
import { factsOf, type Span, tokensPerSecond } from '../../../src/studio/web/charts/span-facts.ts'

const prices = { 'qwen*': { input: 1, output: 4 }, 'qwen3-max': { input: 2, output: 8, cachedInput: 0.5 } }

describe('cost', () => {
  test('counts tokens from the cache at their own price', () => {
    const tokens = { inputTokens: 1130, cachedInputTokens: 812, outputTokens: 412 }
    expect(costOf(tokens, prices['qwen3-max'])).toBeCloseTo((318 * 2 + 812 * 0.5 + 412 * 8) / 1e6, 12)
  })

  test('is unknown without a price or without a count', () => {
    expect(costOf({ inputTokens: 1, outputTokens: 1 }, priceOf('unheard-of', prices))).toBeUndefined()
    expect(costOf({ outputTokens: 1 }, prices['qwen*'])).toBeUndefined()
  })

  test('takes the exact name first, then the longest beginning', () => {
    expect(priceOf('qwen3-max', prices)?.input).toBe(2)
    expect(priceOf('qwen-turbo', prices)?.input).toBe(1)
    expect(priceOf('constructor', {})).toBeUndefined()
  })

  test('tells how many calls of a sum are unknown', () => {
    expect(sumCosts([0.5, undefined, 0.25])).toEqual({ amount: 0.75, known: 2, unknown: 1 })
  })
})

describe('the facts of a span', () => {
  const span = (attributes: Span['attributes'], more: Partial<Span> = {}): Span => ({
    traceId: 't',
    spanId: 's',
    name: 'chat',
    kind: 'model',
    startMs: 1000,
    endMs: 2000,
    attributes,
    ...more,
  })

  test('are read from the standard attributes, numbers in text too', () => {
    const facts = factsOf(span({ 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': '12' }))
    expect(facts).toEqual({ model: 'm', inputTokens: 12 })
  })

  test('take the first chunk for the first content when nothing else tells it', () => {
    const events = [{ name: 'gen_ai.chunk', atMs: 1200 }]
    expect(factsOf(span({}, { events })).firstContentMs).toBe(200)
  })

  test('count speed from the first content to the end', () => {
    const made = span({ 'gen_ai.usage.output_tokens': 80, 'agentscope.first_content_ms': 200 })
    expect(tokensPerSecond(made)).toBe(100)
    expect(tokensPerSecond(span({}))).toBeUndefined()
  })
})
