// How full the context window of each call was: the newest calls as bars, and as a table.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { CallPoint } from '../../protocol/rest.ts'
import { Bars } from '../charts/bars.tsx'
import { ChartCard, type ChartColumn } from '../charts/chart-card.tsx'
import { type ContextFill, contextFill, type Windows } from '../charts/context-fill.ts'
import { visible } from '../components/visible.ts'
import { formatDateTime, formatNumber, formatPercent, formatTime } from '../i18n/format.ts'
import { metricsWords } from './metrics.words.ts'

/** More rows than this are slow to draw and nobody reads them. */
const mostRows = 500
const mostBars = 60
const nearlyFull = 0.9

type FilledCall = CallPoint & ContextFill

export function ContextFills({ calls, windows }: { calls: readonly CallPoint[]; windows: Windows }): JSX.Element {
  const words = metricsWords()
  const rows = useMemo(() => fillsOf(calls, windows), [calls, windows])
  const known = rows.filter((row) => row.share !== undefined)
  const most = known.reduce<FilledCall | undefined>(
    (best, row) => (shareOf(row) > shareOf(best) ? row : best),
    undefined,
  )
  return (
    <ChartCard
      title={words.context}
      figure={
        most === undefined ? <a href="/settings">{words.setWindows}</a> : words.fullest(formatPercent(most.share))
      }
      columns={columnsOf()}
      rows={rows}
      fileName="context-windows"
    >
      {known.length === 0 ? (
        <p class="chart-empty faint">{words.noWindows}</p>
      ) : (
        <Bars
          summary={words.contextSummary(known.length, formatPercent(most?.share))}
          format={formatPercent}
          colours={['var(--c2)', 'var(--warn)']}
          bars={known.slice(0, mostBars).toReversed().map(barOf)}
        />
      )}
    </ChartCard>
  )
}

/** Newest first. */
function fillsOf(calls: readonly CallPoint[], windows: Windows): FilledCall[] {
  const models = calls.filter((call) => call.kind === 'model').slice(-mostRows)
  return models.toReversed().map((call) => ({ ...call, ...contextFill(call, windows) }) as FilledCall)
}

function barOf(row: FilledCall) {
  const share = shareOf(row)
  const tokens = `${formatNumber(row.inputTokens)} / ${formatNumber(row.window)}`
  return {
    label: formatTime(row.at),
    title: `${formatDateTime(row.at)}, ${visible(row.model ?? '')}: ${formatPercent(share)} (${tokens})`,
    parts: share >= nearlyFull ? [0, share] : [share],
  }
}

function shareOf(row: FilledCall | undefined): number {
  return row?.share ?? 0
}

function columnsOf(): ChartColumn<FilledCall>[] {
  const words = metricsWords()
  return [
    { title: words.time, value: (row) => new Date(row.at).toISOString(), show: (row) => formatDateTime(row.at) },
    { title: words.byName.model, value: (row) => row.model, show: (row) => visible(row.model ?? '–') },
    { title: words.fill, value: (row) => row.share, show: (row) => formatPercent(row.share), isNumber: true },
    {
      title: words.input,
      value: (row) => row.inputTokens,
      show: (row) => formatNumber(row.inputTokens),
      isNumber: true,
    },
    { title: words.window, value: (row) => row.window, show: (row) => formatNumber(row.window), isNumber: true },
    { title: words.byName.agent, value: (row) => row.agent, show: (row) => visible(row.agent ?? '–') },
  ]
}
