// The traces: a list with filters, and one trace as a waterfall with its spans in full.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { SpansAnswer, TraceRow, TracesAnswer } from '../../protocol/rest.ts'
import type { Prices } from '../charts/cost.ts'
import { Button } from '../components/button.tsx'
import { Ago } from '../components/clock.tsx'
import { EmptyState, LoadError, Page, Skeleton } from '../components/page.tsx'
import { formatCompact, formatDuration, formatMoney, formatNumber } from '../i18n/format.ts'
import { runPath, setQuery } from '../state/router.ts'
import { runHead } from '../state/run-list.ts'
import { useRest } from '../state/use-rest.ts'
import type { PageProps } from './index.ts'
import './pages.css'
import { visible } from '../components/visible.ts'
import { isLive, SpansView } from './spans-view.tsx'
import { costsMore, traceCost, tracesPath, traceTokens } from './trace-figures.ts'
import { TraceFilters } from './trace-filters.tsx'
import { tracesWords } from './traces.words.ts'
import { useSettings } from './use-settings.ts'

export default function Traces({ route }: PageProps): JSX.Element {
  const trace = route.query.get('trace')
  return trace === null ? <TraceList query={route.query} /> : <OneTrace id={trace} span={route.query.get('span')} />
}

function TraceList({ query }: { query: URLSearchParams }): JSX.Element {
  const words = tracesWords()
  const [limit, setLimit] = useState(100)
  const asked = useRest<TracesAnswer>(tracesPath(query, limit), { everyMs: 3000 })
  const prices = useSettings().settings?.prices ?? {}
  const all = asked.data?.traces ?? []
  const traces = all.filter((trace) => costsMore(trace, Number(query.get('minCost')), prices))
  const isFiltered = ['q', 'model', 'tool', 'error', 'minMs', 'minCost'].some((name) => query.get(name))
  return (
    <Page title={words.title}>
      {(all.length > 0 || isFiltered) && <TraceFilters query={query} traces={all} />}
      {asked.loading && <Skeleton rows={8} />}
      {asked.error !== undefined && <LoadError error={asked.error} onRetry={asked.reload} />}
      {asked.data !== undefined && traces.length === 0 && <NoTraces isFiltered={isFiltered} />}
      {traces.length > 0 && <TraceTable traces={traces} prices={prices} />}
      {all.length >= limit && (
        <p class="row">
          <span class="faint numbers">{words.shown(all.length, asked.data?.total ?? all.length)}</span>
          <Button small onClick={() => setLimit(limit + 200)}>
            {words.more}
          </Button>
        </p>
      )}
    </Page>
  )
}

function TraceTable({ traces, prices }: { traces: readonly TraceRow[]; prices: Prices }): JSX.Element {
  const words = tracesWords()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, by keyboard too
    <section class="card table-scroll" aria-label={words.title} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.status}</th>
            <th scope="col" class="end">
              {words.spans}
            </th>
            <th scope="col" class="end">
              {words.duration}
            </th>
            <th scope="col" class="end">
              {words.tokens}
            </th>
            <th scope="col" class="end">
              {words.cost}
            </th>
            <th scope="col">{words.started}</th>
          </tr>
        </thead>
        <tbody>
          {traces.map((trace) => (
            <TraceLine key={trace.traceId} trace={trace} prices={prices} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function TraceLine({ trace, prices }: { trace: TraceRow; prices: Prices }): JSX.Element {
  const words = tracesWords()
  const cost = traceCost(trace, prices)
  const failed = trace.errors > 0
  return (
    <tr>
      <td>
        <a href={`/traces?trace=${encodeURIComponent(trace.traceId)}`}>{visible(trace.name)}</a>
        {trace.models.length > 0 && (
          <div class="faint ellipsis">{visible([...trace.models, ...trace.tools].join(' · '))}</div>
        )}
      </td>
      <td class={failed ? 'bad' : 'soft'}>{statusOf(trace)}</td>
      <td class="end">{formatNumber(trace.spans)}</td>
      <td class="end">{trace.endMs === undefined ? words.open : formatDuration(trace.endMs - trace.startMs)}</td>
      <td class="end">{formatCompact(traceTokens(trace))}</td>
      <td class="end">
        {cost.known === 0 ? '–' : formatMoney(cost.amount)}
        {cost.known > 0 && cost.unknown > 0 && <div class="faint">{words.partlyUnknown(cost.unknown)}</div>}
      </td>
      <td>
        <Ago at={trace.startMs} />
      </td>
    </tr>
  )
}

function statusOf({ errors, endMs }: TraceRow): string {
  const words = tracesWords()
  if (errors > 0) return `✕ ${words.errors(errors)}`
  return endMs === undefined ? `… ${words.okSoFar}` : `✓ ${words.ok}`
}

function NoTraces({ isFiltered }: { isFiltered: boolean }): JSX.Element {
  const words = tracesWords()
  const none = {
    q: undefined,
    model: undefined,
    tool: undefined,
    error: undefined,
    minMs: undefined,
    minCost: undefined,
  }
  return (
    <EmptyState icon="traces" title={isFiltered ? words.nothing : words.empty}>
      {isFiltered ? <Button onClick={() => setQuery(none)}>{words.clear}</Button> : <p>{words.emptyText}</p>}
    </EmptyState>
  )
}

function OneTrace({ id, span }: { id: string; span: string | null }): JSX.Element {
  const words = tracesWords()
  const asked = useRest<SpansAnswer>(`/api/traces/${encodeURIComponent(id)}`, { everyMs: 3000 })
  const runId = asked.data?.runId
  const run = runId === undefined ? undefined : runHead(runId)
  const root = asked.data?.spans.find((each) => each.parentSpanId === undefined)
  return (
    <Page
      title={visible(root?.name ?? words.title)}
      scroll={false}
      aside={
        <a class="button small quiet" href="/traces">
          {words.back}
        </a>
      }
      actions={
        runId !== undefined && (
          <a class="button small" href={runPath(runId)}>
            {words.run}
          </a>
        )
      }
    >
      {asked.loading && <Skeleton rows={8} />}
      {asked.data === undefined && asked.error !== undefined && (
        <LoadError error={asked.error} onRetry={asked.reload} />
      )}
      {asked.data !== undefined && (
        <SpansView
          key={id}
          spans={asked.data.spans}
          runId={runId}
          live={run !== undefined && isLive(run)}
          wanted={span ?? undefined}
        />
      )}
    </Page>
  )
}
