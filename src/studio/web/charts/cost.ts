// What tokens cost by a table of prices; a price that nobody entered stays unknown and is never counted as 0.
import { ofModel } from './of-model.ts'
import type { SpanTokens } from './span-facts.ts'

/** Money for a million tokens. `cachedInput` defaults to `input`. */
export interface Price {
  input: number
  output: number
  cachedInput?: number
}

/** By model name; a name that ends with `*` holds for all names that begin so, and the longest one wins. */
export type Prices = Readonly<Record<string, Price>>

/** What several calls cost together: `unknown` of them have no price or told no tokens. */
export interface CostSum {
  amount: number
  known: number
  unknown: number
}

export function priceOf(model: string | undefined, prices: Prices): Price | undefined {
  return ofModel(model, prices)
}

/** `undefined` when the price or a count is not known. Input tokens count those that were read from a cache too. */
export function costOf(tokens: SpanTokens, price: Price | undefined): number | undefined {
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = tokens
  if (price === undefined || inputTokens === undefined || outputTokens === undefined) return undefined
  const fresh = Math.max(0, inputTokens - cachedInputTokens)
  const cached = cachedInputTokens * (price.cachedInput ?? price.input)
  return (fresh * price.input + cached + outputTokens * price.output) / 1_000_000
}

export function sumCosts(costs: Iterable<number | undefined>): CostSum {
  const sum: CostSum = { amount: 0, known: 0, unknown: 0 }
  for (const cost of costs) {
    if (cost === undefined) sum.unknown++
    else {
      sum.amount += cost
      sum.known++
    }
  }
  return sum
}
