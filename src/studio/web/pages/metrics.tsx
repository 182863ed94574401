// The metrics: how fast models answer, what they cost and how often calls fail, over a time, by model, agent or tool.
import type { ComponentChildren, JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { CallPoint, MetricsAnswer } from '../../protocol/rest.ts'
import { bucketCalls, type CallFigures, figuresOf, type GroupKey, groupCalls } from '../charts/call-figures.ts'
import type { Prices } from '../charts/cost.ts'
import { EmptyState, LoadError, Page, Skeleton } from '../components/page.tsx'
import { Tabs } from '../components/tabs.tsx'
import { formatCompact, formatDuration, formatMoney, formatNumber, formatPercent } from '../i18n/format.ts'
import { setQuery } from '../state/router.ts'
import { useRest } from '../state/use-rest.ts'
import type { PageProps } from './index.ts'
import { metricsWords } from './metrics.words.ts'
import { CostOverTime, FirstTokens, LinesOverTime, TokensOverTime } from './metrics-charts.tsx'
import { ContextFills } from './metrics-context.tsx'
import { CostsByDay } from './metrics-costs.tsx'
import { FigureTableCard, ToolErrors } from './metrics-tables.tsx'
import './pages.css'
import { useSettings } from './use-settings.ts'

const hour = 3_600_000
const ranges = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour }
type Range = keyof typeof ranges

export default function Metrics({ route }: PageProps): JSX.Element {
  const words = metricsWords()
  const range = rangeOf(route.query.get('range'))
  const by = groupOf(route.query.get('by'))
  const since = useMemo(() => Date.now() - ranges[range], [range])
  const asked = useRest<MetricsAnswer>(`/api/metrics?since=${since}&by=${by}`, { everyMs: 10_000 })
  const prices = useSettings().settings?.prices ?? {}
  return (
    <Page title={words.title} actions={<Choices range={range} by={by} />}>
      {asked.loading && <Skeleton rows={8} />}
      {asked.error !== undefined && <LoadError error={asked.error} onRetry={asked.reload} />}
      {asked.data !== undefined && asked.data.series.length === 0 && (
        <EmptyState icon="metrics" title={words.empty}>
          <p>{words.emptyText}</p>
        </EmptyState>
      )}
      {asked.data !== undefined && asked.data.series.length > 0 && (
        <Board answer={asked.data} since={since} by={by} prices={prices} />
      )}
    </Page>
  )
}

interface BoardProps {
  answer: MetricsAnswer
  since: number
  by: GroupKey
  prices: Prices
}

function Board({ answer, since, by, prices }: BoardProps): JSX.Element {
  const calls = answer.series
  const windows = useSettings().settings?.windows ?? {}
  const range = useMemo(() => spanOf(calls, since), [calls, since])
  const figures = useMemo(() => {
    const models = calls.filter((call) => call.kind === 'model')
    return {
      all: figuresOf('', calls, prices),
      models: figuresOf('', models, prices),
      groups: groupCalls(calls, by, prices),
      tools: groupCalls(calls, 'tool', prices),
      buckets: bucketCalls(models, range, 24, prices),
    }
  }, [calls, range, by, prices])
  return (
    <>
      {answer.total > calls.length && <p class="hint">{metricsWords().sampled(calls.length, answer.total)}</p>}
      <Tiles all={figures.all} models={figures.models} />
      <div class="chart-grid">
        <FirstTokens calls={calls} summary={figures.models.firstContentMs} />
        <TokensOverTime buckets={figures.buckets} />
        <LinesOverTime calls={calls} by={by} range={range} prices={prices} figure="speed" />
        <LinesOverTime calls={calls} by={by} range={range} prices={prices} figure="latency" />
        <CostOverTime buckets={figures.buckets} />
        <ContextFills calls={calls} windows={windows} />
        <ToolErrors tools={figures.tools} />
        <FigureTableCard groups={figures.groups} by={by} />
        <CostsByDay calls={calls} prices={prices} />
      </div>
    </>
  )
}

function Tiles({ all, models }: { all: CallFigures; models: CallFigures }): JSX.Element {
  const words = metricsWords()
  const { firstContentMs: first, durationMs: duration, tokensPerSecond: speed, cost } = models
  const { inputTokens, cachedInputTokens } = models
  const share = inputTokens && cachedInputTokens !== undefined ? cachedInputTokens / inputTokens : undefined
  return (
    <dl class="tiles">
      <Tile name={words.firstToken} more={`p95 ${formatDuration(first.p95)}`}>
        {formatDuration(first.p50)}
      </Tile>
      <Tile name={words.duration} more={`p95 ${formatDuration(duration.p95)} · p99 ${formatDuration(duration.p99)}`}>
        {formatDuration(duration.p50)}
      </Tile>
      <Tile
        name={words.speedTile}
        more={speed.p95 === undefined ? '' : `p95 ${words.perSecond(formatNumber(speed.p95))}`}
      >
        {speed.p50 === undefined ? '–' : words.perSecond(formatNumber(speed.p50))}
      </Tile>
      <Tile name={words.tokensTile} more={words.cacheShare(formatPercent(share))}>
        {formatCompact(inputTokens)} / {formatCompact(models.outputTokens)}
      </Tile>
      <Tile
        name={words.costTile}
        more={cost.unknown > 0 ? <a href="/settings">{words.unknownPrice(cost.unknown)}</a> : ''}
      >
        {cost.known === 0 ? '–' : formatMoney(cost.amount)}
      </Tile>
      <Tile name={words.errorRate} more={`${formatNumber(all.failed)} / ${formatNumber(all.calls)}`}>
        {formatPercent(all.calls === 0 ? undefined : all.failed / all.calls)}
      </Tile>
    </dl>
  )
}

function Tile({ name, more, children }: { name: string; more: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="card tile">
      <dt>{name}</dt>
      <dd>
        {children}
        <div class="tile-more">{more}</div>
      </dd>
    </div>
  )
}

function Choices({ range, by }: { range: Range; by: GroupKey }): JSX.Element {
  const words = metricsWords()
  const tabs = (['model', 'agent', 'tool'] as const).map((id) => ({ id, label: words.byName[id] }))
  return (
    <>
      <Tabs label={words.by} tabs={tabs} chosen={by} onChoose={(id) => setQuery({ by: id })} />
      <select
        class="field"
        aria-label={words.last}
        value={range}
        onChange={(event) => setQuery({ range: event.currentTarget.value })}
      >
        {(Object.keys(ranges) as Range[]).map((id) => (
          <option key={id} value={id}>
            {words.ranges[id]}
          </option>
        ))}
      </select>
    </>
  )
}

/** From the first call on, so that a young Studio shows no empty month. */
function spanOf(calls: readonly CallPoint[], since: number): { fromMs: number; toMs: number } {
  const times = calls.map((call) => call.at)
  const first = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const last = times.reduce((most, at) => Math.max(most, at), 0)
  const fromMs = Math.max(since, Math.min(first, last - 60_000))
  return { fromMs, toMs: Math.max(last, fromMs) + 1 }
}

function rangeOf(text: string | null): Range {
  return text !== null && Object.hasOwn(ranges, text) ? (text as Range) : 'day'
}

function groupOf(text: string | null): GroupKey {
  return text === 'agent' || text === 'tool' ? text : 'model'
}
