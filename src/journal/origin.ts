// Records that may come twice: which of them are new.
import { InputError } from '../core/error.ts'
import type { JournalRecord, RecordOrigin } from './journal.ts'

/** A list, however it was written. */
export function listed(records: JournalRecord | readonly JournalRecord[]): readonly JournalRecord[] {
  return isList(records) ? records : [records]
}

function isList(records: JournalRecord | readonly JournalRecord[]): records is readonly JournalRecord[] {
  return Array.isArray(records)
}

/** Those that come after the last one that is there of this writer. `last` is 0 when none is. */
export function unseen(records: readonly JournalRecord[], origin: RecordOrigin | undefined, last: number) {
  return origin === undefined ? records : records.slice(Math.max(0, last + 1 - origin.seq))
}

/** The number of the last of them. */
export function lastSeq({ seq }: RecordOrigin, records: readonly JournalRecord[]): number {
  return seq + records.length - 1
}

/** The JSON of each. Throws InputError for what has none. */
export function lines(records: readonly JournalRecord[]): string[] {
  try {
    return records.map((record) => JSON.stringify(record))
  } catch (cause) {
    throw new InputError('A record of the journal is no plain JSON.', {
      cause,
      advice: 'A journal takes what JSON can hold: no bigint, and nothing that holds itself.',
    })
  }
}

export function closedJournal(runId: string): InputError {
  return new InputError(`The journal of the run ${runId} is closed.`, { advice: 'Open it again with journals.open().' })
}

export function closedJournals(): InputError {
  return new InputError('These journals are closed.', { advice: 'Close them after the last use.' })
}
