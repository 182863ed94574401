// What a message or many of them cost and how fast they were.
import type { Usage } from '../../../core/usage.ts'
import type { RunMessage } from '../../protocol/model.ts'
import { costOf, type Prices, priceOf } from '../charts/cost.ts'

/** Output tokens a second, from the first content to the end; undefined when one of them is not known. */
export function speedOf({ head }: RunMessage): number | undefined {
  const { usage, timing } = head
  if (usage?.outputTokens === undefined || timing?.durationMs === undefined) return undefined
  const ms = timing.durationMs - (timing.firstContentMs ?? 0)
  return ms > 0 ? (usage.outputTokens * 1000) / ms : undefined
}

export interface UsageRow {
  name: string
  calls: number
  input: number | undefined
  cached: number | undefined
  output: number | undefined
  /** Unknown as soon as one call has no price: a part of it would pass for all. */
  cost: number | undefined
}

/** Sums by model or by agent; what nobody reported stays unknown. */
export function usageBy(messages: readonly RunMessage[], by: 'model' | 'agent', prices: Prices = {}): UsageRow[] {
  const rows = new Map<string, UsageRow>()
  for (const { head } of messages) {
    if (head.usage === undefined) continue
    const name = head[by] ?? '–'
    const row = rows.get(name) ?? { name, calls: 0, input: undefined, cached: undefined, output: undefined, cost: 0 }
    rows.set(name, added(row, head.usage, costOf(head.usage, priceOf(head.model, prices))))
  }
  return [...rows.values()].sort((a, b) => (b.output ?? 0) - (a.output ?? 0))
}

function added(row: UsageRow, usage: Usage, cost: number | undefined): UsageRow {
  return {
    name: row.name,
    calls: row.calls + 1,
    input: sum(row.input, usage.inputTokens),
    cached: sum(row.cached, usage.cachedInputTokens),
    output: sum(row.output, usage.outputTokens),
    cost: row.cost === undefined || cost === undefined ? undefined : row.cost + cost,
  }
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}
