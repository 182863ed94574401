// Journals as Studio hands them to everybody who writes: it hears which run is written to, and no secret gets in.
import type { Journal, JournalRecord, Journals } from '../../journal/journal.ts'
import { closedJournal, listed } from '../../journal/origin.ts'
import type { Redaction } from './redaction.ts'
import { withoutSecrets } from './secrets.ts'

export interface Watch {
  /** What is taken out of them besides the keys. */
  redaction(): Redaction | undefined
  /** Called before records are added. */
  writing(run: string, records: readonly JournalRecord[]): void
  /** Called when a run has been deleted; the deletion waits for it. */
  deleted(run: string): Promise<void>
}

/** The same journals: only the writing is watched, and closing one does not end Studio's own reading of it. */
export function watchedJournals(journals: Journals, watch: Watch): Journals {
  const open = new Map<string, Journal>()
  return {
    open(run) {
      const journal = open.get(run) ?? watched(run, journals, watch, () => open.delete(run))
      open.set(run, journal)
      return journal
    },
    runs: () => journals.runs(),
    async delete(run) {
      open.delete(run)
      await journals.delete(run)
      await watch.deleted(run)
    },
    close: () => journals.close(),
  }
}

function watched(run: string, journals: Journals, watch: Watch, left: () => void): Journal {
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  return {
    async append(records, origin) {
      if (isClosed) throw closedJournal(run)
      const redaction = watch.redaction()
      const clean = listed(records).map((record) => withoutSecrets(record, redaction))
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
