// The charts of the metrics page, each with the table of its figures.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { CallPoint } from '../../protocol/rest.ts'
import { Bars } from '../charts/bars.tsx'
import { bucketCalls, type GroupKey, groupCalls, type TimeBucket } from '../charts/call-figures.ts'
import { ChartCard, type ChartColumn } from '../charts/chart-card.tsx'
import type { Prices } from '../charts/cost.ts'
import { type Bin, binsOf } from '../charts/histogram.ts'
import { Lines } from '../charts/lines.tsx'
import type { Summary } from '../charts/percentiles.ts'
import { visible } from '../components/visible.ts'
import {
  formatCompact,
  formatDateTime,
  formatDuration,
  formatFineMoney,
  formatMoney,
  formatNumber,
  formatTime,
} from '../i18n/format.ts'
import { metricsWords } from './metrics.words.ts'

/** How long until the first token came, as a histogram with the two percentiles that matter. */
export function FirstTokens({ calls, summary }: { calls: readonly CallPoint[]; summary: Summary }): JSX.Element {
  const words = metricsWords()
  const bins = useMemo(() => binsOf(calls.map((call) => call.firstContentMs ?? Number.NaN)), [calls])
  const columns: ChartColumn<Bin>[] = [
    { title: `${words.from} (ms)`, value: (bin) => bin.from, isNumber: true },
    { title: `${words.to} (ms)`, value: (bin) => bin.to, isNumber: true },
    { title: words.calls, value: (bin) => bin.count, isNumber: true },
  ]
  const figure = `p50 ${formatDuration(summary.p50)} · p95 ${formatDuration(summary.p95)}`
  return (
    <ChartCard title={words.firstToken} figure={figure} columns={columns} rows={bins} fileName="time-to-first-token">
      <Bars
        summary={`${words.firstToken}: ${figure}`}
        format={(value) => formatNumber(value)}
        bars={bins.map((bin) => ({
          label: formatDuration(bin.from),
          title: `${formatDuration(bin.from)} – ${formatDuration(bin.to)}: ${formatNumber(bin.count)}`,
          parts: [bin.count],
        }))}
        lines={[...lineAt(bins, summary.p50, 'p50'), ...lineAt(bins, summary.p95, 'p95')]}
      />
    </ChartCard>
  )
}

function lineAt(bins: readonly Bin[], value: number | undefined, label: string): { at: number; label: string }[] {
  const first = bins[0]
  if (first === undefined || value === undefined) return []
  return [{ at: (value - first.from) / (first.to - first.from || 1), label }]
}

export function TokensOverTime({ buckets }: { buckets: readonly TimeBucket[] }): JSX.Element {
  const words = metricsWords()
  const fresh = (bucket: TimeBucket) =>
    bucket.inputTokens === undefined ? undefined : bucket.inputTokens - (bucket.cachedInputTokens ?? 0)
  const columns: ChartColumn<TimeBucket>[] = [
    timeColumn(words.time),
    { title: words.fresh, value: fresh, isNumber: true },
    { title: words.cached, value: (bucket) => bucket.cachedInputTokens, isNumber: true },
    { title: words.output, value: (bucket) => bucket.outputTokens, isNumber: true },
  ]
  const figure = [words.fresh, words.cached, words.output]
  return (
    <ChartCard title={words.tokens} columns={columns} rows={told(buckets)} fileName="tokens">
      <Bars
        summary={words.tokens}
        format={formatCompact}
        bars={buckets.map((bucket) => {
          const parts = [fresh(bucket), bucket.cachedInputTokens, bucket.outputTokens]
          const names = parts.map((part, index) => `${figure[index]} ${formatNumber(part)}`)
          return barOf(bucket, parts, names.join(' · '))
        })}
      />
      <ul class="chart-legend">
        {figure.map((name, index) => (
          <li key={name} class="row">
            <i class="swatch" style={{ background: `var(--c${index + 1})` }} />
            {name}
          </li>
        ))}
      </ul>
    </ChartCard>
  )
}

export function CostOverTime({ buckets }: { buckets: readonly TimeBucket[] }): JSX.Element {
  const words = metricsWords()
  const known = (bucket: TimeBucket) => (bucket.cost.known === 0 ? undefined : bucket.cost.amount)
  const columns: ChartColumn<TimeBucket>[] = [
    timeColumn(words.time),
    { title: `${words.costTile} ($)`, value: known, show: (bucket) => formatMoney(known(bucket)), isNumber: true },
    { title: words.unpriced, value: (bucket) => bucket.cost.unknown, isNumber: true },
  ]
  const priced = buckets.some((bucket) => bucket.cost.known > 0)
  return (
    <ChartCard
      title={words.cost}
      columns={columns}
      rows={told(buckets)}
      fileName="cost"
      figure={priced ? undefined : <a href="/settings">{words.setPrices}</a>}
    >
      <Bars
        summary={words.cost}
        format={formatFineMoney}
        bars={buckets.map((bucket) => barOf(bucket, [known(bucket)], formatMoney(known(bucket))))}
        colours={['var(--c3)']}
      />
    </ChartCard>
  )
}

export interface LinesOverTimeProps {
  calls: readonly CallPoint[]
  by: GroupKey
  range: { fromMs: number; toMs: number }
  prices: Prices
  figure: 'speed' | 'latency'
}

/** One line for each of the five that were called most. */
export function LinesOverTime({ calls, by, range, prices, figure }: LinesOverTimeProps): JSX.Element {
  const words = metricsWords()
  const lines = useMemo(() => linesOf(calls, by, range, prices, figure), [calls, by, range, prices, figure])
  const format = figure === 'speed' ? (value: number) => formatNumber(value) : formatDuration
  const rows = lines.times.map((at, index) => ({ at, index })).filter(({ index }) => lines.has(index))
  const columns: ChartColumn<{ at: number; index: number }>[] = [
    { title: words.time, value: ({ at }) => new Date(at).toISOString(), show: ({ at }) => formatDateTime(at) },
    ...lines.series.map(({ name, values }) => ({
      title: name,
      value: ({ index }: { index: number }) => values[index],
      show: ({ index }: { index: number }) => (values[index] === undefined ? '–' : format(values[index])),
      isNumber: true,
    })),
  ]
  return (
    <ChartCard title={words[figure]} columns={columns} rows={rows} fileName={figure}>
      <Lines summary={words[figure]} {...lines} format={format} formatTime={formatTime} />
    </ChartCard>
  )
}

function linesOf(
  calls: readonly CallPoint[],
  by: GroupKey,
  range: LinesOverTimeProps['range'],
  prices: Prices,
  figure: 'speed' | 'latency',
) {
  const names = groupCalls(calls, by, prices).slice(0, 5)
  const buckets = names.map(({ key }) => {
    const own = calls.filter(
      (call) => (call[by] ?? '') === key && (by === 'agent' ? call.kind === 'model' : call.kind === by),
    )
    return bucketCalls(own, range, 24, prices)
  })
  const figureIn = (bucket: TimeBucket) => (figure === 'speed' ? bucket.tokensPerSecond.p50 : bucket.durationMs.p95)
  const series = names.map(({ key }, index) => ({
    name: visible(key) || metricsWords().unnamed,
    values: (buckets[index] ?? []).map(figureIn),
  }))
  const times = (buckets[0] ?? []).map((bucket) => bucket.fromMs)
  return { times, series, has: (index: number) => series.some(({ values }) => values[index] !== undefined) }
}

function timeColumn(title: string): ChartColumn<TimeBucket> {
  return {
    title,
    value: (bucket) => new Date(bucket.fromMs).toISOString(),
    show: (bucket) => formatDateTime(bucket.fromMs),
  }
}

function told(buckets: readonly TimeBucket[]): TimeBucket[] {
  return buckets.filter((bucket) => bucket.calls > 0)
}

function barOf(bucket: TimeBucket, parts: readonly (number | undefined)[], figures: string) {
  const day = bucket.toMs - bucket.fromMs >= 12 * 3_600_000
  const label = day ? formatDateTime(bucket.fromMs).replace(/,?\s*\d+:.*/, '') : formatTime(bucket.fromMs)
  return { label, title: `${formatDateTime(bucket.fromMs)}: ${figures}`, parts: parts.map((part) => part ?? 0) }
}
