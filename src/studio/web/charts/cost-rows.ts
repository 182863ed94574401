// What calls of models have cost, one row for each day, run and model, in the time zone of the reader.
import type { CallPoint } from '../../protocol/rest.ts'
import { costOf, type Prices, priceOf } from './cost.ts'

export interface CostRow {
  /** As `dayOf` writes it. */
  day: string
  runId: string | undefined
  model: string | undefined
  calls: number
  /** Of the calls whose cost is known; `undefined` when there is none: never 0 for want of a price. */
  cost: number | undefined
  /** Calls whose cost nobody knows. */
  unknown: number
}

/** Newest call first. */
export function costRows(calls: readonly CallPoint[], prices: Prices, dayOf: (ms: number) => string): CostRow[] {
  const rows = new Map<string, CostRow>()
  for (const call of calls.toReversed()) {
    if (call.kind !== 'model') continue
    const { runId, model } = call
    const day = dayOf(call.at)
    const key = JSON.stringify([day, runId, model])
    const row = rows.get(key) ?? { day, runId, model, calls: 0, cost: undefined, unknown: 0 }
    rows.set(key, added(row, costOf(call, priceOf(model, prices))))
  }
  return [...rows.values()]
}

function added(row: CostRow, cost: number | undefined): CostRow {
  const calls = row.calls + 1
  if (cost === undefined) return { ...row, calls, unknown: row.unknown + 1 }
  return { ...row, calls, cost: (row.cost ?? 0) + cost }
}
