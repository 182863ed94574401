// The timeline of a run: its spans as a waterfall that grows while the run is live, with the picked one beside it.
import type { JSX } from 'preact'
import { factsOf, type Span } from '../charts/span-facts.ts'
import { LoadError, Skeleton } from '../components/page.tsx'
import { shownAt } from '../replay/shown-at.ts'
import { spansAt } from '../replay/spans-at.ts'
import { useLiveSpans } from '../state/live-spans.ts'
import { runHead } from '../state/run-list.ts'
import type { PageProps } from './index.ts'
import { isLive, SpansView } from './spans-view.tsx'

export default function Timeline({ route, run }: PageProps): JSX.Element {
  const { id } = route
  const head = runHead(id)
  const { data: spans, error, reload } = useLiveSpans(id, run)
  if (spans === undefined) {
    return error === undefined ? <Skeleton rows={8} /> : <LoadError error={error} onRetry={reload} />
  }
  const live = head === undefined || isLive(head)
  const wanted = wantedIn(route.query, spans)
  // In a replay: as they stood then.
  const at = shownAt.value
  if (at !== undefined) return <SpansView key={id} spans={spansAt(spans, at)} runId={id} live={false} nowMs={at} />
  return <SpansView key={id} spans={spans} runId={id} live={live} wanted={wanted} />
}

/** `?span=` names a span, `?message=` a message, whose span it is then. */
function wantedIn(query: URLSearchParams, spans: readonly Span[]): string | undefined {
  const message = query.get('message')
  if (message === null) return query.get('span') ?? undefined
  return spans.find((span) => factsOf(span).messageId === message)?.spanId
}
