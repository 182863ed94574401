// Token counts of one reply, the same names for every provider.

/**
 * Input counts everything sent (cache reads and writes included), output everything generated (reasoning included).
 * `undefined` means that the provider did not report it, which is not the same as 0. `raw` is the provider's own object.
 */
export interface Usage {
  inputTokens?: number
  outputTokens?: number
  totalTokens?: number
  cachedInputTokens?: number
  cacheWriteInputTokens?: number
  reasoningTokens?: number
  raw?: unknown
}

type Counts = { [Key in keyof Omit<Usage, 'raw'>]: unknown }

/** Builds a `Usage` from whatever a wire held: anything but a finite number counts as not reported. */
export function usageOf(counts: Counts, raw: unknown): Usage {
  const usage: Usage = {}
  for (const key of Object.keys(counts) as (keyof Counts)[]) {
    const value = counts[key]
    if (typeof value === 'number' && Number.isFinite(value)) usage[key] = value
  }
  const { inputTokens, outputTokens } = usage
  if (usage.totalTokens === undefined && inputTokens !== undefined && outputTokens !== undefined) {
    usage.totalTokens = inputTokens + outputTokens
  }
  usage.raw = raw
  return usage
}

/** The sum of those that were reported; `undefined` when the first was not. */
export function sumReported(first: unknown, ...others: unknown[]): number | undefined {
  if (typeof first !== 'number') return undefined
  return others.reduce<number>((sum, each) => sum + (typeof each === 'number' ? each : 0), first)
}
