// One run: what is said, in several views, with its questions, its figures and a way to stop it.
// Longer than most files: the page, and the few views that are a line each.
import { createElement } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { lazy } from '../components/lazy.tsx'
import { EmptyState, LoadError, Page, Skeleton } from '../components/page.tsx'
import { StatusPill } from '../components/status.tsx'
import { Tabs } from '../components/tabs.tsx'
import { visible } from '../components/visible.ts'
import { usePage } from '../shell/page-view.tsx'
import { firstText } from '../state/first-text.ts'
import { keep, kept } from '../state/kept.ts'
import { OpenRun, useTopics } from '../state/open-run.ts'
import { go, type Route, runPath } from '../state/router.ts'
import { runHead, runsKnown } from '../state/run-list.ts'
import type { ShownRun } from '../state/shown-run.ts'
import type { PageProps } from './index.ts'
import { words } from './run.words.ts'
import { Chat } from './run-chat.tsx'
import { headOf } from './run-head.ts'
import { tellNews } from './run-news.ts'
import { isOver } from './run-reach.ts'
import { replayWords } from './run-replay.words.ts'
import { PinnedRequests } from './run-requests.tsx'
import { Steer } from './run-steer.tsx'
import { StopButton } from './run-stop.tsx'
import { useReplay } from './use-replay.ts'
import './run.css'

const Inspector = lazy(async () => (await import('./run-inspector.tsx')).Inspector, { after: firstText })
const Lanes = lazy(async () => (await import('./run-lanes.tsx')).Lanes)
const Raw = lazy(async () => (await import('./run-raw.tsx')).Raw)
const ReplayBar = lazy(async () => (await import('./run-replay.tsx')).ReplayBar)

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
  const { replay, open, close } = useReplay(run)
  if (isUnknown(run)) return <UnknownRun />
  const head = headOf(run)
  const { status, project = '', name = route.id } = head
  const shown: ShownRun = replay?.run ?? run
  const isTalk = view === 'chat' || view === 'lanes'
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
          <Button
            kind="quiet"
            icon="replay"
            pressed={replay !== undefined}
            title={replayWords().replayTitle}
            onClick={replay === undefined ? open : close}
          >
            {replayWords().replay}
          </Button>
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
          <RunView run={run} shown={shown} view={view} route={route} />
          {isTalk && <PinnedRequests run={run} shown={shown} />}
          {isTalk && replay === undefined && <Steer run={run} />}
          {replay !== undefined && <ReplayBar replay={replay} isLive={!isOver(head)} onClose={close} />}
        </div>
        {panel && view === 'chat' && (
          <aside class="inspector" aria-label={words().inspector}>
            <Inspector run={shown} />
          </aside>
        )}
      </div>
    </Page>
  )
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

interface RunViewProps {
  run: OpenRun
  /** The run itself, or its replay. */
  shown: ShownRun
  view: View
  route: Route
}

function RunView({ run, shown, view, route }: RunViewProps) {
  if (view === 'lanes') return <Lanes run={shown} />
  if (view === 'raw') return <Raw run={run} />
  if (view === 'timeline') return <TimelineView run={run} route={route} />
  return <Chat run={shown} wanted={route.query.get('message')} />
}

function TimelineView({ run, route }: { run: OpenRun; route: Route }) {
  const { page, error } = usePage('timeline')
  if (error !== undefined) return <LoadError error={error} />
  return <div class="run-scroll">{page === undefined ? <Skeleton /> : createElement(page, { route, run })}</div>
}
