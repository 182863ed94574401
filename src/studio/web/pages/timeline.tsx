// The timeline of a run: its spans as a waterfall that grows while the run is live, with the picked one beside it.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { SpansAnswer } from '../../protocol/rest.ts'
import { factsOf, type Span } from '../charts/span-facts.ts'
import { LoadError, Skeleton } from '../components/page.tsx'
import { runHead } from '../state/run-list.ts'
import { useRest } from '../state/use-rest.ts'
import type { PageProps } from './index.ts'
import { isLive, SpansView } from './spans-view.tsx'

export default function Timeline({ route }: PageProps): JSX.Element {
  const { id } = route
  const run = runHead(id)
  const live = run === undefined || isLive(run)
  const [everyMs, setEveryMs] = useState(1000)
  const asked = useRest<SpansAnswer>(`/api/runs/${encodeURIComponent(id)}/spans`, live ? { everyMs } : {})
  // Ten thousand spans are megabytes: they are asked for less often.
  const wantedMs = (asked.data?.spans.length ?? 0) > 1000 ? 10_000 : 1000
  if (wantedMs !== everyMs) setEveryMs(wantedMs)
  if (asked.data === undefined) {
    return asked.error === undefined ? <Skeleton rows={8} /> : <LoadError error={asked.error} onRetry={asked.reload} />
  }
  return (
    <SpansView
      key={id}
      spans={asked.data.spans}
      runId={id}
      live={live}
      wanted={wantedIn(route.query, asked.data.spans)}
    />
  )
}

/** `?span=` names a span, `?message=` a message, whose span it is then. */
function wantedIn(query: URLSearchParams, spans: readonly Span[]): string | undefined {
  const message = query.get('message')
  if (message === null) return query.get('span') ?? undefined
  return spans.find((span) => factsOf(span).messageId === message)?.spanId
}
