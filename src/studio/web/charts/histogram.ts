// Bins of equal width with round edges, for histograms.
import { roundStep } from './axis.ts'

export interface Bin {
  from: number
  /** Not in the bin, except in the last one. */
  to: number
  count: number
}

/** About `count` bins that hold every finite value; none when there are no values. */
export function binsOf(values: readonly number[], count = 20): Bin[] {
  const list = values.filter(Number.isFinite)
  if (list.length === 0) return []
  const low = list.reduce((least, value) => Math.min(least, value))
  const high = list.reduce((most, value) => Math.max(most, value))
  const step = roundStep(high - low || Math.abs(high) || 1, count)
  const first = Math.floor(low / step)
  const bins = emptyBins(first, Math.max(1, Math.ceil(high / step - first)), step)
  for (const value of list) binFor(bins, Math.floor(value / step) - first).count++
  return bins
}

function emptyBins(first: number, count: number, step: number): Bin[] {
  const edge = (index: number) => Number(((first + index) * step).toPrecision(12))
  return Array.from({ length: count }, (_, index) => ({ from: edge(index), to: edge(index + 1), count: 0 }))
}

function binFor(bins: Bin[], index: number): Bin {
  return bins[Math.min(bins.length - 1, Math.max(0, index))] as Bin
}
