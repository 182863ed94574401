// Many adjacent pieces of one text as one row, from which each comes back as it was: its place, its time, its words.
import type { JournalEntry, JournalRecord } from './journal.ts'
import { continues, type DeltaRecord, isDelta } from './merge.ts'

/** So many pieces make one row at most: a reader that begins in its middle unpacks all of it. */
export const mostPieces = 256

/** The text of all, and for each piece three numbers: how far its offset and its time are from those before, its length. */
export interface Packed {
  record: DeltaRecord
  pieces: readonly number[]
}

/** Whether the second can stand in one row with the first, so that nothing of either is lost. */
export function packsWith(first: JournalRecord, second: JournalRecord): second is DeltaRecord {
  if (!continues(first, second) || !Number.isSafeInteger(first.at) || !Number.isSafeInteger(second.at)) return false
  return shapeOf(first as DeltaRecord) === shapeOf(second)
}

/** What two records must have in common besides their text and their time, to the order of their fields. */
function shapeOf(record: DeltaRecord): string {
  return JSON.stringify({ ...record, at: 0, event: { ...record.event, delta: '' } })
}

/** Entries of which each packs with the one before it. */
export function packed(entries: readonly JournalEntry[]): Packed {
  const records = entries.map(({ record }) => record as DeltaRecord)
  const first = records[0] as DeltaRecord
  const delta = records.map(({ event }) => event.delta).join('')
  let [offset, at] = [0, 0]
  const pieces = entries.flatMap((entry, nth) => {
    const record = records[nth] as DeltaRecord
    const piece = [entry.offset - offset, record.at - at, record.event.delta.length]
    offset = entry.offset
    at = record.at
    return piece
  })
  return { record: { ...first, event: { ...first.event, delta } }, pieces }
}

/** The entries that were packed, as they were. */
export function unpacked({ record, pieces }: Packed): JournalEntry[] {
  if (!isDelta(record.event)) return []
  const entries: JournalEntry[] = []
  let [offset, at, start] = [0, 0, 0]
  for (let nth = 0; nth < pieces.length; nth += 3) {
    const [further = 0, later = 0, length = 0] = pieces.slice(nth, nth + 3)
    offset += further
    at += later
    const delta = record.event.delta.slice(start, start + length)
    start += length
    entries.push({ offset, record: { ...record, at, event: { ...record.event, delta } } })
  }
  return entries
}
