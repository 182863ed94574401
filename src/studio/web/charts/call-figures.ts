// Calls summed up into the figures that the metrics page shows, by model, agent or tool, and over time.
import type { CallPoint } from '../../protocol/rest.ts'
import { roundStep } from './axis.ts'
import { type CostSum, costOf, type Prices, priceOf, sumCosts } from './cost.ts'
import { type Summary, summarize } from './percentiles.ts'

export type GroupKey = 'model' | 'agent' | 'tool'

export interface CallFigures {
  /** The name of the model, agent or tool; empty for calls that told none. */
  key: string
  calls: number
  failed: number
  firstContentMs: Summary
  durationMs: Summary
  tokensPerSecond: Summary
  /** Absent when no call told a count. */
  inputTokens?: number
  outputTokens?: number
  cachedInputTokens?: number
  cost: CostSum
}

/** Output tokens by the seconds from the first content to the end; `undefined` when a part of that is not known. */
export function speedOf(call: CallPoint): number | undefined {
  const { outputTokens, durationMs, firstContentMs = 0 } = call
  if (outputTokens === undefined || durationMs === undefined || durationMs <= firstContentMs) return undefined
  return (outputTokens * 1000) / (durationMs - firstContentMs)
}

export function figuresOf(key: string, calls: readonly CallPoint[], prices: Prices): CallFigures {
  const models = calls.filter((call) => call.kind === 'model')
  return {
    key,
    calls: calls.length,
    failed: calls.filter((call) => call.failed).length,
    firstContentMs: summarize(told(calls, (call) => call.firstContentMs)),
    durationMs: summarize(told(calls, (call) => call.durationMs)),
    tokensPerSecond: summarize(told(calls, speedOf)),
    ...sumOf('inputTokens', calls),
    ...sumOf('outputTokens', calls),
    ...sumOf('cachedInputTokens', calls),
    cost: sumCosts(models.map((call) => costOf(call, priceOf(call.model, prices)))),
  }
}

/** One row for each name, most calls first. By tool only tools count, by model only models. */
export function groupCalls(calls: readonly CallPoint[], by: GroupKey, prices: Prices): CallFigures[] {
  const groups = new Map<string, CallPoint[]>()
  for (const call of calls) {
    if (by !== 'agent' && call.kind !== by) continue
    const key = call[by] ?? ''
    if (!groups.get(key)?.push(call)) groups.set(key, [call])
  }
  const rows = [...groups].map(([key, list]) => figuresOf(key, list, prices))
  return rows.sort((left, right) => right.calls - left.calls || left.key.localeCompare(right.key))
}

export interface TimeBucket extends CallFigures {
  fromMs: number
  toMs: number
}

/** The calls in stretches of equal, round length, about `count` of them, empty ones too. */
export function bucketCalls(
  calls: readonly CallPoint[],
  range: { fromMs: number; toMs: number },
  count: number,
  prices: Prices,
): TimeBucket[] {
  const step = stretch((range.toMs - range.fromMs) / count)
  const first = Math.floor(range.fromMs / step)
  const length = Math.max(1, Math.ceil(range.toMs / step) - first)
  const lists = Array.from({ length }, (): CallPoint[] => [])
  for (const call of calls) lists[Math.floor(call.at / step) - first]?.push(call)
  return lists.map((list, index) => {
    const fromMs = (first + index) * step
    return { ...figuresOf('', list, prices), fromMs, toMs: fromMs + step }
  })
}

const lengths = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600].map((s) => s * 1000)

/** The shortest round length of time that is not below `ms`. */
function stretch(ms: number): number {
  return lengths.find((length) => length >= ms) ?? roundStep(ms, 1)
}

function told(calls: readonly CallPoint[], value: (call: CallPoint) => number | undefined): number[] {
  return calls.map(value).filter((each) => each !== undefined)
}

type Count = 'inputTokens' | 'outputTokens' | 'cachedInputTokens'

function sumOf(key: Count, calls: readonly CallPoint[]): { [Key in Count]?: number } {
  const counts = told(calls, (call) => call[key])
  return counts.length === 0 ? {} : { [key]: counts.reduce((sum, count) => sum + count, 0) }
}
