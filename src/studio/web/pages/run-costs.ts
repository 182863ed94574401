// What each run of a list has cost, from the calls of models that Studio knows of and the table of prices.
import type { RunHead } from '../../protocol/frames.ts'
import type { MetricsAnswer } from '../../protocol/rest.ts'
import { type CostSum, costOf, type Prices, priceOf, sumCosts } from '../charts/cost.ts'
import { useRest } from '../state/use-rest.ts'
import { useSettings } from './use-settings.ts'

const everyMs = 10_000
/** Programs' clocks may differ from each other by so much. */
const skewMs = 60_000

/** Asks nothing while there are no prices. A run that is not in the map has a cost that nobody knows. */
export function useRunCosts(runs: readonly RunHead[]): ReadonlyMap<string, number> {
  const { settings } = useSettings()
  const prices = settings?.prices ?? {}
  const starts = runs.map(({ startedAt }) => Date.parse(startedAt)).filter(Number.isFinite)
  const since = Math.min(...starts) - skewMs
  const isWanted = Object.keys(prices).length > 0 && starts.length > 0
  const isGoingOn = runs.some(({ status }) => status === 'running' || status === 'waiting')
  const path = isWanted ? `/api/metrics?since=${since}` : undefined
  const { data } = useRest<MetricsAnswer>(path, isGoingOn && isWanted ? { everyMs } : {})
  return data === undefined ? new Map() : costsByRun(runs, data, since, prices)
}

/** Only runs of which every call is there and has a price: a part would pass for all. */
export function costsByRun(
  runs: readonly RunHead[],
  { series, total }: MetricsAnswer,
  since: number,
  prices: Prices,
): Map<string, number> {
  const covered = total > series.length ? (series[0]?.at ?? Number.POSITIVE_INFINITY) : since
  const calls = Map.groupBy(
    series.filter(({ kind }) => kind === 'model'),
    ({ runId }) => runId,
  )
  const costs = new Map<string, number>()
  for (const { id, startedAt } of runs) {
    const own = calls.get(id)
    if (own === undefined || Date.parse(startedAt) < covered) continue
    const sum: CostSum = sumCosts(own.map((call) => costOf(call, priceOf(call.model, prices))))
    if (sum.unknown === 0) costs.set(id, sum.amount)
  }
  return costs
}
