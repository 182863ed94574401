// The span of the chosen message: the model call that wrote it, its pauses, what went in, and the way to the timeline.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { RunMessage } from '../../protocol/model.ts'
import type { SpansAnswer } from '../../protocol/rest.ts'
import { factsOf, type Span, tokenTimes } from '../charts/span-facts.ts'
import { LoadError, Skeleton } from '../components/page.tsx'
import { shownAt } from '../replay/shown-at.ts'
import { spansAt } from '../replay/spans-at.ts'
import { useTopics } from '../state/open-run.ts'
import { runPath } from '../state/router.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { useRest } from '../state/use-rest.ts'
import { words } from './run.words.ts'
import { chunkEvents, SpanCopies, SpanOverview, SpanValue } from './span-detail.tsx'
import { useSettings } from './use-settings.ts'

export function MessageSpan({ run, message }: { run: ShownRun; message: RunMessage }) {
  useTopics(run.model, `message ${message.id}`)
  const { settings } = useSettings()
  // While it is written it changes; what is over stays as it is.
  const path = `/api/runs/${encodeURIComponent(run.id)}/spans`
  const { data, error, reload } = useRest<SpansAnswer>(path, message.head.status === 'open' ? { everyMs: 2000 } : {})
  if (error !== undefined) return <LoadError error={error} onRetry={reload} />
  if (data === undefined) return <Skeleton rows={6} />
  const found = data.spans.find((span) => factsOf(span).messageId === message.id)
  const span = found && asShown(found)
  if (span === undefined) return <p class="hint">{words().noSpan}</p>
  return (
    <div class="stack run-span">
      <h3 class="mono ellipsis" title={span.name}>
        {span.name}
      </h3>
      <SpanOverview span={span} prices={settings?.prices ?? {}} />
      <Fold title={words().request}>{() => <SpanValue value={factsOf(span).input} />}</Fold>
      <Fold title={words().chunks}>{() => <SpanValue value={chunkEvents(span, tokenTimes(span))} />}</Fold>
      <Fold title={words().attributes}>{() => <SpanValue value={span.attributes} />}</Fold>
      <SpanCopies span={span} />
      <a class="button small" href={`${runPath(run.id, 'timeline')}?message=${encodeURIComponent(message.id)}`}>
        {words().showInTimeline}
      </a>
    </div>
  )
}

/** In a replay: as it stood then. */
function asShown(span: Span): Span | undefined {
  const at = shownAt.value
  return at === undefined ? span : spansAt([span], at)[0]
}

/** What is inside is made when somebody looks. */
function Fold({ title, children }: { title: string; children: () => ComponentChildren }) {
  const [open, setOpen] = useState(false)
  return (
    <details class="inspector-all" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && children()}
    </details>
  )
}
