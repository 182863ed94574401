// The list of runs: live rows, filters, and what can be done with many at once.
import { useRef, useState } from 'preact/hooks'
import type { RunHead } from '../../protocol/frames.ts'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/dialog.tsx'
import { EmptyState, Page, Skeleton } from '../components/page.tsx'
import { Tabs } from '../components/tabs.tsx'
import { toast } from '../components/toast.tsx'
import { useKeys } from '../state/keys.ts'
import { rest } from '../state/rest.ts'
import { setQuery } from '../state/router.ts'
import { forgetRuns, runs, runsKnown } from '../state/run-list.ts'
import type { PageProps } from './index.ts'
import './runs.css'
import { words } from './runs.words.ts'
import { hasStatus, hasWords, type StatusFilter, statusFilterOf } from './runs-filter.ts'
import { RunRow } from './runs-row.tsx'

/** Rows that are made at first, and more on demand: a list of thousands stays quick. */
const pageSize = 100

export default function Runs({ route }: PageProps) {
  const status = statusFilterOf(route.query.get('status'))
  const text = route.query.get('q') ?? ''
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [limit, setLimit] = useState(pageSize)
  const found = runs.value.filter((run) => hasStatus(run, status) && (text === '' || hasWords(run, text)))
  const shown = found.slice(0, limit)
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
            <RunRow key={run.id} run={run} chosen={chosen.has(run.id)} onChoose={(on) => choose(run.id, on)} />
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
    ``,
    `await init({ project: 'my-project', studio: '${location.origin}' })`,
    `await new DialogAgent({ name: 'Friday', model })('Hello')`,
  ].join('\n')
}

function ImportButton() {
  const file = useRef<HTMLInputElement>(null)
  const take = async (input: HTMLInputElement) => {
    const [chosen] = input.files ?? []
    input.value = ''
    if (chosen === undefined) return
    try {
      const { runs: ids = [] } = await importRun(chosen)
      toast(words().imported(Math.max(ids.length, 1)))
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { isError: true })
    }
  }
  return (
    <>
      <input
        ref={file}
        type="file"
        hidden
        accept=".jsonl,.json,.ndjson"
        aria-label={words().import}
        onChange={(event) => take(event.currentTarget)}
      />
      <Button icon="upload" onClick={() => file.current?.click()}>
        {words().import}
      </Button>
    </>
  )
}

async function importRun(file: File): Promise<{ runs?: string[] }> {
  return rest('/api/import', { method: 'POST', file })
}

function Selection({ chosen, onClear }: { chosen: readonly string[]; onClear: () => void }) {
  const [asking, setAsking] = useState(false)
  if (chosen.length === 0) return null
  const remove = async () => {
    try {
      await rest('/api/runs', { method: 'DELETE', body: { ids: chosen } })
      forgetRuns(chosen)
      onClear()
      toast(words().deleted(chosen.length))
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { isError: true })
    }
  }
  return (
    <div class="selection" role="toolbar" aria-label={words().selected(chosen.length)}>
      <span class="numbers">{words().selected(chosen.length)}</span>
      <Button small icon="download" onClick={() => exportRuns(chosen)}>
        {words().export}
      </Button>
      <Button small kind="danger" icon="trash" onClick={() => setAsking(true)}>
        {words().delete}
      </Button>
      <Button small kind="quiet" icon="close" title={words().clear} onClick={onClear} />
      {asking && (
        <Confirm
          title={words().deleteTitle(chosen.length)}
          text={words().deleteText}
          action={words().delete}
          onConfirm={remove}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}

/** One file each, saved by the browser. */
function exportRuns(ids: readonly string[]): void {
  for (const id of ids) {
    const link = document.createElement('a')
    link.href = `/api/runs/${encodeURIComponent(id)}/export`
    link.download = `${id}.jsonl`
    document.body.append(link)
    link.click()
    link.remove()
  }
}
