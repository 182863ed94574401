// The tables of the metrics page: tool errors, and every figure of every model, agent or tool.
import type { JSX } from 'preact'
import { Bars } from '../charts/bars.tsx'
import type { CallFigures, GroupKey } from '../charts/call-figures.ts'
import { ChartCard, type ChartColumn } from '../charts/chart-card.tsx'
import { visible } from '../components/visible.ts'
import { formatDuration, formatMoney, formatNumber, formatPercent } from '../i18n/format.ts'
import { metricsWords } from './metrics.words.ts'

export function ToolErrors({ tools }: { tools: readonly CallFigures[] }): JSX.Element {
  const words = metricsWords()
  const columns: ChartColumn<CallFigures>[] = [
    nameColumn(words.byName.tool),
    { title: words.calls, value: (row) => row.calls, isNumber: true },
    { title: words.errors, value: (row) => row.failed, isNumber: true },
    { title: words.errorRate, value: rateOf, show: (row) => formatPercent(rateOf(row)), isNumber: true },
  ]
  return (
    <ChartCard title={words.toolErrors} columns={columns} rows={tools} fileName="tool-errors">
      <Bars
        summary={words.toolErrors}
        format={(value) => formatNumber(value)}
        colours={['var(--bad)', 'var(--c2)']}
        bars={tools.slice(0, 12).map((tool) => ({
          label: visible(tool.key) || words.unnamed,
          title: `${visible(tool.key)}: ${formatNumber(tool.failed)} / ${formatNumber(tool.calls)}`,
          parts: [tool.failed, tool.calls - tool.failed],
        }))}
      />
    </ChartCard>
  )
}

export function FigureTableCard({ groups, by }: { groups: readonly CallFigures[]; by: GroupKey }): JSX.Element {
  const words = metricsWords()
  return <ChartCard title={words.table} columns={columnsOf(by)} rows={groups} fileName={`metrics-by-${by}`} wide />
}

function columnsOf(by: GroupKey): ChartColumn<CallFigures>[] {
  const words = metricsWords()
  const ms = (title: string, value: (row: CallFigures) => number | undefined): ChartColumn<CallFigures> => ({
    title,
    value,
    show: (row) => formatDuration(value(row)),
    isNumber: true,
  })
  const count = (title: string, value: (row: CallFigures) => number | undefined): ChartColumn<CallFigures> => ({
    title,
    value,
    show: (row) => formatNumber(value(row)),
    isNumber: true,
  })
  const common = [
    nameColumn(words.byName[by]),
    count(words.calls, (row) => row.calls),
    { title: words.errorRate, value: rateOf, show: (row: CallFigures) => formatPercent(rateOf(row)), isNumber: true },
    ms(`${words.duration} p50`, (row) => row.durationMs.p50),
    ms(`${words.duration} p95`, (row) => row.durationMs.p95),
    ms(`${words.duration} p99`, (row) => row.durationMs.p99),
  ]
  if (by === 'tool') return common
  return [
    ...common,
    ms(`${words.firstToken} p50`, (row) => row.firstContentMs.p50),
    ms(`${words.firstToken} p95`, (row) => row.firstContentMs.p95),
    count(words.perSecond('').trim(), (row) => row.tokensPerSecond.p50),
    count(words.input, (row) => row.inputTokens),
    count(words.cached, (row) => row.cachedInputTokens),
    count(words.output, (row) => row.outputTokens),
    { title: `${words.costTile} ($)`, value: costOf, show: (row) => formatMoney(costOf(row)), isNumber: true },
  ]
}

function nameColumn(title: string): ChartColumn<CallFigures> {
  return { title, value: (row) => row.key, show: (row) => visible(row.key) || metricsWords().unnamed }
}

function rateOf(row: CallFigures): number | undefined {
  return row.calls === 0 ? undefined : row.failed / row.calls
}

function costOf({ cost }: CallFigures): number | undefined {
  return cost.known === 0 ? undefined : cost.amount
}
