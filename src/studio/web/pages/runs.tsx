// The list of runs: live rows, filters, and what can be done with many at once.
import { useRef, useState } from 'preact/hooks'
import type { RunHead } from '../../protocol/frames.ts'
import { Button } from '../components/button.tsx'
import { EmptyState, Page, Skeleton } from '../components/page.tsx'
import { Tabs } from '../components/tabs.tsx'
import { useKeys } from '../state/keys.ts'
import { setQuery } from '../state/router.ts'
import { runs, runsKnown } from '../state/run-list.ts'
import type { PageProps } from './index.ts'
import './runs.css'
import { useRunCosts } from './run-costs.ts'
import { words } from './runs.words.ts'
import { hasStatus, hasWords, type StatusFilter, statusFilterOf } from './runs-filter.ts'
import { ImportButton } from './runs-import.tsx'
import { RunRow } from './runs-row.tsx'
import { Selection } from './runs-selection.tsx'

/** Rows that are made at first, and more on demand: a list of thousands stays quick. */
const pageSize = 100

export default function Runs({ route }: PageProps) {
  const status = statusFilterOf(route.query.get('status'))
  const text = route.query.get('q') ?? ''
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [limit, setLimit] = useState(pageSize)
  const found = runs.value.filter((run) => hasStatus(run, status) && (text === '' || hasWords(run, text)))
  const shown = found.slice(0, limit)
  const costs = useRunCosts(shown)
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  return (
    <Page title={words().title} actions={<ImportButton />}>
      {runs.value.length > 0 && <Filters status={status} text={text} />}
      {shown.length > 0 && (
        <ul class="runs card" aria-label={words().list}>
          {shown.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              cost={costs.get(run.id)}
              chosen={chosen.has(run.id)}
              onChoose={(on) => choose(run.id, on)}
            />
          ))}
        </ul>
      )}
      {shown.length === 0 && <Nothing />}
      {shown.length > 0 && (
        <footer class="runs-foot">
          <span class="numbers">{words().shown(shown.length, found.length)}</span>
          {shown.length < found.length && (
            <Button small onClick={() => setLimit(limit + pageSize)}>
              {words().more}
            </Button>
          )}
        </footer>
      )}
      <Selection chosen={[...chosen]} onClear={() => setChosen(new Set())} />
    </Page>
  )
}

function Filters({ status, text }: { status: StatusFilter; text: string }) {
  const field = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => field.current?.focus() })
  const count = (filter: StatusFilter) => runs.value.filter((run: RunHead) => hasStatus(run, filter)).length
  const tabs = (['all', 'running', 'waiting', 'failed'] as const).map((id) => ({
    id,
    label: words()[id],
    count: count(id),
  }))
  return (
    <div class="runs-filters">
      <Tabs
        label={words().filterBy}
        tabs={tabs}
        chosen={status}
        onChoose={(id) => setQuery({ status: id === 'all' ? undefined : id })}
      />
      <div class="grow" />
      <input
        ref={field}
        class="field runs-search"
        type="search"
        placeholder={words().filter}
        aria-label={words().filter}
        value={text}
        onInput={(event) => setQuery({ q: event.currentTarget.value })}
      />
    </div>
  )
}

function Nothing() {
  if (!runsKnown.value) return <Skeleton rows={6} />
  if (runs.value.length > 0) {
    return (
      <EmptyState icon="filter" title={words().nothing}>
        <p>{words().nothingText}</p>
        <Button onClick={() => setQuery({ status: undefined, q: undefined })}>{words().showAll}</Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="terminal" title={words().emptyTitle}>
      <p>{words().emptyText}</p>
      <pre class="code">
        <code>{threeLines()}</code>
      </pre>
    </EmptyState>
  )
}

function threeLines(): string {
  return [
    `import { init } from 'agentscope'`,
    '',
    `// ${words().emptyComment}`,
    `await init({ studio: '${location.origin}/#token=…' })`,
  ].join('\n')
}
