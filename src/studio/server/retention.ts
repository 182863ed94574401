// Takes away what is old: runs that ended so many days ago, and the oldest when there is too much.
import { stat } from 'node:fs/promises'
import type { Journals } from '../../journal/journal.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'

export interface RetentionParts {
  journals: Journals
  store: Store
  settings: Settings
  /** The journals' file; absent when they are kept in memory. */
  file?: string | undefined
}

const dayMs = 86_400_000
const hourMs = 3_600_000
const bytesPerMegabyte = 1_000_000

/** Runs that may go by now, the oldest first; one that is still being told of never does. */
function endedRuns(store: Store): { id: string; lastAt: number }[] {
  const over = store.heads().filter(({ status }) => status !== 'running' && status !== 'waiting')
  return over.sort((one, other) => one.lastAt - other.lastAt)
}

/** Looks once: by age, and then the oldest go until the files are small enough. */
export async function retain({ journals, store, settings, file }: RetentionParts, now = Date.now()): Promise<void> {
  const { retentionDays, retentionMegabytes } = settings.read()
  const before = now - (retentionDays ?? Number.POSITIVE_INFINITY) * dayMs
  for (const { id, lastAt } of endedRuns(store)) if (lastAt < before) await journals.delete(id, { forGood: true })
  if (file === undefined || retentionMegabytes === undefined) return
  for (const { id } of endedRuns(store)) {
    if ((await sizeOf(file)) <= retentionMegabytes * bytesPerMegabyte) return
    await journals.delete(id, { forGood: true })
  }
}

/** Of the journals and of the index, each with the log beside it; all of them shrink when a run is deleted. */
async function sizeOf(file: string): Promise<number> {
  const files = [file, `${file}-wal`, `${file}.index`, `${file}.index-wal`]
  const sizes = await Promise.all(
    files.map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Looks now and then every hour, until the function that it returns is called. */
export function keepRetaining(parts: RetentionParts): () => void {
  const look = () => {
    retain(parts).catch((error) => process.emitWarning(`Old runs could not be deleted: ${error}`, 'AgentScopeWarning'))
  }
  const timer = setInterval(look, hourMs).unref()
  return () => clearInterval(timer)
}
