// One run: what is said, in several views, with its questions, its figures and a way to stop it.
import { createElement } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/dialog.tsx'
import { EmptyState, LoadError, Page, Skeleton } from '../components/page.tsx'
import { StatusPill } from '../components/status.tsx'
import { Tabs } from '../components/tabs.tsx'
import { toast } from '../components/toast.tsx'
import { Transcript, type TranscriptControls } from '../components/transcript.tsx'
import { visible } from '../components/visible.ts'
import { usePage } from '../shell/page-view.tsx'
import { keep, kept } from '../state/kept.ts'
import { useKeys } from '../state/keys.ts'
import { OpenRun, useTopics } from '../state/open-run.ts'
import { go, type Route, runPath } from '../state/router.ts'
import { runHead, runsKnown } from '../state/run-list.ts'
import { openRequests } from '../state/transcript.ts'
import type { PageProps } from './index.ts'
import { words } from './run.words.ts'
import { Inspector } from './run-inspector.tsx'
import { Lanes } from './run-lanes.tsx'
import { tellNews } from './run-news.ts'
import { Raw } from './run-raw.tsx'
import { PinnedRequests } from './run-requests.tsx'
import './run.css'

const views = ['chat', 'lanes', 'timeline', 'raw'] as const
type View = (typeof views)[number]

export default function Run({ route }: PageProps) {
  const run = useMemo(() => new OpenRun(route.id), [route.id])
  useEffect(() => {
    run.onLive = tellNews(run)
    return () => run.close()
  }, [run])
  useTopics(run.model, 'head', 'messages')
  const view = views.find((each) => each === route.view) ?? 'chat'
  const [panel, setPanel] = useState(kept('inspector') !== 'closed' && innerWidth > 720)
  const togglePanel = () => {
    keep('inspector', panel ? 'closed' : undefined)
    setPanel(!panel)
  }
  if (isUnknown(run)) return <UnknownRun />
  const { status, project = '', name = route.id } = head(run)
  return (
    <Page
      title={visible(name)}
      scroll={false}
      aside={
        <>
          <span class="faint run-project ellipsis">{visible(project)}</span>
          {status !== undefined && <StatusPill status={status} />}
        </>
      }
      actions={
        <>
          <StopButton run={run} />
          {view === 'chat' && (
            <Button
              kind="quiet"
              icon="panel"
              pressed={panel}
              title={panel ? words().hideInspector : words().showInspector}
              onClick={togglePanel}
            />
          )}
        </>
      }
    >
      <div class={panel && view === 'chat' ? 'run with-inspector' : 'run'}>
        <div class="run-main">
          <Tabs
            label={words().views}
            tabs={views.map((id) => ({ id, label: words().view[id] }))}
            chosen={view}
            onChoose={(id) => go(runPath(route.id, id))}
          />
          <RunView run={run} view={view} route={route} />
          {(view === 'chat' || view === 'lanes') && <PinnedRequests run={run} />}
        </div>
        {panel && view === 'chat' && <Inspector run={run} />}
      </div>
    </Page>
  )
}

function head(run: OpenRun) {
  return { ...runHead(run.id), ...run.model.head }
}

/** Nothing came for it, and the list, which is known, does not have it. */
function isUnknown(run: OpenRun): boolean {
  return runsKnown.value && runHead(run.id) === undefined && run.model.seq === 0 && run.model.head.status === undefined
}

function UnknownRun() {
  return (
    <Page title={words().unknownRun}>
      <EmptyState icon="search" title={words().unknownRun}>
        <p>{words().unknownRunText}</p>
        <a class="button" href="/">
          {words().allRuns}
        </a>
      </EmptyState>
    </Page>
  )
}

function RunView({ run, view, route }: { run: OpenRun; view: View; route: Route }) {
  if (view === 'lanes') return <Lanes run={run} />
  if (view === 'raw') return <Raw run={run} />
  if (view === 'timeline') return <TimelineView route={route} />
  return <Chat run={run} wanted={route.query.get('message')} />
}

function TimelineView({ route }: { route: Route }) {
  const { page, error } = usePage('timeline')
  if (error !== undefined) return <LoadError error={error} />
  return <div class="run-scroll">{page === undefined ? <Skeleton /> : createElement(page, { route })}</div>
}

/** `wanted`: the message that a link leads to; it is shown once, when it has come. */
function Chat({ run, wanted }: { run: OpenRun; wanted: string | null }) {
  // A component that reads a signal is skipped when its props are the same: it must listen to the model itself.
  useTopics(run.model, 'messages')
  const [controls, setControls] = useState<TranscriptControls>()
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (wanted === null || wanted === shown.current || controls === undefined) return undefined
    // The rows follow the model in the frame that comes.
    const frame = requestAnimationFrame(() => {
      if (!controls.show(wanted)) return
      shown.current = wanted
      run.selected.value = wanted
    })
    return () => cancelAnimationFrame(frame)
  })
  useKeys({
    j: () => controls?.step(1),
    k: () => controls?.step(-1),
    End: () => controls?.toEnd(),
    e: () => nextError(run, controls),
    i: () => focusRequest(run),
    t: () => go(runPath(run.id, 'timeline')),
    c: () => document.querySelector<HTMLElement>('.message.selected .message-tools button')?.click(),
  })
  if (run.model.messages.length === 0 && !run.model.isPartial) {
    return (
      <EmptyState icon="terminal" title={words().empty}>
        <p>{words().emptyText}</p>
      </EmptyState>
    )
  }
  return <Transcript run={run} label={words().transcript} onControls={(made) => setControls(() => made)} />
}

function nextError(run: OpenRun, controls: TranscriptControls | undefined): void {
  const bad = run.model.messages.filter(
    ({ head: { ending }, notices, parts }) =>
      ending?.reason === 'error' ||
      ending?.reason === 'truncated' ||
      notices.some(({ kind }) => kind === 'error') ||
      parts.some(({ fault }) => fault !== undefined),
  )
  const at = bad.findIndex(({ id }) => id === run.selected.value)
  const next = bad[(at + 1) % Math.max(bad.length, 1)]
  if (next === undefined) return
  run.selected.value = next.id
  controls?.show(next.id)
}

/** Focuses the card, never a button in it: nothing is allowed by a key that was meant for something else. */
function focusRequest(run: OpenRun): void {
  const [first] = openRequests(run)
  if (first !== undefined) document.querySelector<HTMLElement>('.pinned .request')?.focus()
}

function StopButton({ run }: { run: OpenRun }) {
  useTopics(run.model, 'head')
  const [asking, setAsking] = useState(false)
  const { status } = head(run)
  const canStop = status === 'running' || status === 'waiting'
  useKeys({ s: () => canStop && setAsking(true) })
  const stop = async () => {
    const verdict = await run.stop()
    if (verdict.ok) toast(words().stopSent)
    else toast(verdict.text ?? words().stopRefused, { isError: true })
  }
  if (!canStop) return null
  return (
    <>
      <Button kind="danger" icon="stop" onClick={() => setAsking(true)}>
        {words().stop}
      </Button>
      {asking && (
        <Confirm
          title={words().stopTitle}
          text={words().stopText}
          action={words().stop}
          onConfirm={stop}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
