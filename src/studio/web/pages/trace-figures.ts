// What a row of the traces list shows beside its name: the sums of a trace's calls, and whether it fits the filters.
import type { TraceRow } from '../../protocol/rest.ts'
import { type CostSum, costOf, type Prices, priceOf, sumCosts } from '../charts/cost.ts'

export function traceCost(trace: TraceRow, prices: Prices): CostSum {
  return sumCosts(trace.usage.map((usage) => costOf(usage, priceOf(usage.model, prices))))
}

/** `undefined` when no call told its tokens. */
export function traceTokens(trace: TraceRow): number | undefined {
  const told = trace.usage.flatMap(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])
  const counts = told.filter((count) => count !== undefined)
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}

/** The filters that Studio applies, as the query of `/api/traces`. The cost is ours: Studio's rows have no prices. */
export function tracesPath(query: URLSearchParams, limit: number): string {
  const asked = new URLSearchParams({ limit: String(limit) })
  for (const name of ['q', 'model', 'tool', 'error', 'minMs']) {
    const value = query.get(name)
    if (value !== null && value !== '') asked.set(name, value)
  }
  return `/api/traces?${asked}`
}

/** A trace whose cost is not known at all does not cost more than anything. */
export function costsMore(trace: TraceRow, minCost: number, prices: Prices): boolean {
  if (!(minCost > 0)) return true
  const { known, amount } = traceCost(trace, prices)
  return known > 0 && amount > minCost
}
