// Percentiles of measured values, for latencies that people compare.

export interface Summary {
  count: number
  p50?: number
  p95?: number
  p99?: number
  max?: number
}

/**
 * The value below which `share` (0 to 1) of the values lie, between neighbours by straight line (as spreadsheets do).
 * `undefined` for no values; values that are not finite numbers are left out.
 */
export function percentile(values: readonly number[], share: number): number | undefined {
  return atShare(sorted(values), share)
}

export function summarize(values: readonly number[]): Summary {
  const list = sorted(values)
  if (list.length === 0) return { count: 0 }
  const at = (share: number) => atShare(list, share) as number
  return { count: list.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

function sorted(values: readonly number[]): number[] {
  return values.filter(Number.isFinite).sort((left, right) => left - right)
}

function atShare(list: readonly number[], share: number): number | undefined {
  const place = Math.min(1, Math.max(0, share)) * (list.length - 1)
  const below = list[Math.floor(place)]
  const above = list[Math.ceil(place)]
  if (below === undefined || above === undefined) return undefined
  return below + (above - below) * (place - Math.floor(place))
}
