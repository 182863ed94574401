// The pauses between the tokens of a stream as a strip of columns, so that stalls can be seen.
import { percentile } from './percentiles.ts'

export interface GapColumn {
  /** The longest pause that touches this column, in milliseconds; 0 outside the stream. */
  gapMs: number
  /** 0 (even flow) to 1 (the longest pause of all), on a scale of logarithms: a stall must not hide the rest. */
  level: number
  stalled: boolean
}

export interface GapStrip {
  columns: GapColumn[]
  /** The pauses that were stalls, in order. */
  stalls: { fromMs: number; toMs: number }[]
  medianMs?: number
  longestMs: number
}

/**
 * `times`: when each piece arrived, in milliseconds, in order. A pause is a stall when it is longer than `stallMs`
 * (default: eight times the median pause, but at least 250 ms).
 */
export function gapStrip(times: readonly number[], count: number, stallMs?: number): GapStrip {
  const gaps = times.slice(1).map((toMs, index) => ({ fromMs: times[index] as number, toMs }))
  const lengths = gaps.map(({ fromMs, toMs }) => toMs - fromMs)
  const medianMs = percentile(lengths, 0.5)
  const limit = stallMs ?? Math.max(250, (medianMs ?? 0) * 8)
  const longestMs = lengths.reduce((most, length) => Math.max(most, length), 0)
  const columns = Array.from({ length: gaps.length === 0 ? 0 : count }, () => 0)
  for (const gap of gaps) spread(columns, gap, times)
  return {
    columns: columns.map((gapMs) => ({ gapMs, level: levelOf(gapMs, longestMs), stalled: gapMs > limit })),
    stalls: gaps.filter(({ fromMs, toMs }) => toMs - fromMs > limit),
    ...(medianMs === undefined ? {} : { medianMs }),
    longestMs,
  }
}

function spread(columns: number[], gap: { fromMs: number; toMs: number }, times: readonly number[]): void {
  const start = times[0] as number
  const whole = (times.at(-1) as number) - start || 1
  const column = (ms: number) => Math.min(columns.length - 1, Math.floor(((ms - start) / whole) * columns.length))
  const last = Math.max(column(gap.fromMs), Math.ceil(((gap.toMs - start) / whole) * columns.length) - 1)
  for (let index = column(gap.fromMs); index <= last; index++) {
    columns[index] = Math.max(columns[index] ?? 0, gap.toMs - gap.fromMs)
  }
}

function levelOf(gapMs: number, longestMs: number): number {
  return longestMs === 0 ? 0 : Math.log1p(gapMs) / Math.log1p(longestMs)
}
