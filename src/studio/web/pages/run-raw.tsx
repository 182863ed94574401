// Every record of the run's journal, in order; each is unfolded when somebody looks.
import { useEffect, useState } from 'preact/hooks'
import type { JournalEntry } from '../../../journal/journal.ts'
import { Button } from '../components/button.tsx'
import { JsonTree } from '../components/json-tree.tsx'
import { LoadError, Skeleton } from '../components/page.tsx'
import { visible } from '../components/visible.ts'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import { rest } from '../state/rest.ts'
import { words } from './run.words.ts'

const pageSize = 200

export function Raw({ run }: { run: OpenRun }) {
  useTopics(run.model, 'head')
  const [entries, setEntries] = useState<readonly JournalEntry[]>()
  const [error, setError] = useState<Error>()
  const load = async () => {
    const after = entries?.at(-1)?.offset ?? 0
    try {
      const answer = await rest<JournalEntry[] | { entries: JournalEntry[] }>(
        `/api/runs/${encodeURIComponent(run.id)}/raw?after=${after}&limit=${pageSize}`,
      )
      const more = Array.isArray(answer) ? answer : answer.entries
      setEntries((before) => [...(before ?? []), ...more])
      setError(undefined)
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)))
    }
  }
  useEffect(() => {
    load()
  }, [run])
  if (error !== undefined) return <LoadError error={error} onRetry={load} />
  if (entries === undefined) return <Skeleton rows={8} />
  const isBehind = (entries.at(-1)?.offset ?? 0) < run.model.seq
  return (
    <div class="raw">
      <p class="hint">{words().rawText}</p>
      <ol class="raw-list">
        {entries.map((entry) => (
          <RawEntry key={entry.offset} entry={entry} />
        ))}
      </ol>
      {isBehind && <Button onClick={load}>{words().loadMore}</Button>}
    </div>
  )
}

function RawEntry({ entry }: { entry: JournalEntry }) {
  const [open, setOpen] = useState(false)
  const { record, offset } = entry
  const kind = record.type === 'event' ? record.event.type : record.type
  return (
    <li>
      <details class="raw-entry" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="raw-offset numbers">{offset}</span>
          <span class="raw-kind">{kind}</span>
          <span class="ellipsis faint">{visible(JSON.stringify(record).slice(0, 240))}</span>
        </summary>
        {open && <JsonTree value={record} open={3} />}
      </details>
    </li>
  )
}
