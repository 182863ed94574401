// Journals as Studio hands them to everybody who writes: it hears which run is written to, and no secret gets in.
import type { DeleteOptions, Journal, JournalRecord, Journals } from '../../journal/journal.ts'
import { closedJournal, listed } from '../../journal/origin.ts'
import type { Redaction } from './redaction.ts'
import { withoutSecrets } from './secrets.ts'

export interface Watch {
  /** What is taken out of them besides the keys. */
  redaction(): Redaction | undefined
  /** Called before records are added. */
  writing(run: string, records: readonly JournalRecord[]): void
  /** Called when a run has been deleted; the deletion waits for it. */
  deleted(run: string, options?: DeleteOptions): Promise<void>
  /** Called when records were dropped, because their run has been deleted for good. */
  dropped(run: string): void
}

export interface WatchedJournals extends Journals {
  /** The journal of a run that comes back from a file: also when it was deleted for good, and its program stays unheard. */
  restore(run: string): Journal
}

/**
 * The same journals: only the writing is watched, and closing one does not end Studio's own reading of it. What is written
 * to a run that was deleted for good is acknowledged and dropped, unless the run begins anew with it.
 */
export function watchedJournals(journals: Journals, watch: Watch): WatchedJournals {
  const open = new Map<string, Journal>()
  return {
    open(run) {
      const journal = open.get(run) ?? watched(run, journals, watch, () => open.delete(run))
      open.set(run, journal)
      return journal
    },
    restore: (run) => watched(run, journals, watch, () => undefined, true),
    runs: () => journals.runs(),
    async delete(run, options) {
      open.delete(run)
      await journals.delete(run, options)
      await watch.deleted(run, options)
    },
    deletedAt: (run) => journals.deletedAt(run),
    readmit: (run) => journals.readmit(run),
    close: () => journals.close(),
  }
}

function watched(run: string, journals: Journals, watch: Watch, left: () => void, isRestored = false): Journal {
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  return {
    async append(records, origin) {
      if (isClosed) throw closedJournal(run)
      const redaction = watch.redaction()
      const clean = listed(records).map((record) => withoutSecrets(record, redaction))
      if (clean.length > 0 && !isRestored && !admits(journals, run, clean)) {
        watch.dropped(run)
        return 0
      }
      if (clean.length > 0) watch.writing(run, clean)
      const added = journals.open(run).append(clean, origin)
      last = added.catch(() => undefined)
      return added
    },
    read: (options) => journals.open(run).read(options),
    async close() {
      isClosed = true
      left()
      await last
    },
  }
}

/** A run that was deleted for good is told of again only when another one of its id has begun since. */
function admits(journals: Journals, run: string, records: readonly JournalRecord[]): boolean {
  const deletedAt = journals.deletedAt(run)
  if (deletedAt === undefined) return true
  const begins = (record: JournalRecord) => record.type === 'run' && Date.parse(record.run.startedAt ?? '') > deletedAt
  if (!records.some(begins)) return false
  journals.readmit(run)
  return true
}
