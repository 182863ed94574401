// Deltas of the same block become one, when whoever should take them is behind.
import type { BlockDelta, StreamEvent } from '../core/event.ts'
import type { Speaker } from '../scope.ts'
import type { JournalRecord } from './journal.ts'

/** Whether it is a piece of a growing text. */
export function isDelta(event: StreamEvent): event is BlockDelta {
  return 'delta' in event
}

/** A record that is a delta. */
export interface DeltaRecord {
  type: 'event'
  at: number
  speaker: Speaker
  event: BlockDelta
}

/** Whether the second one goes on where the first one ended: same speaker, message, block and kind of text. */
export function continues(first: JournalRecord, second: JournalRecord): second is DeltaRecord {
  if (first.type !== 'event' || second.type !== 'event') return false
  const [before, after] = [first.event, second.event]
  if (!isDelta(before) || !isDelta(after)) return false
  if (before.id !== after.id || before.index !== after.index || before.type !== after.type) return false
  return first.speaker.id === second.speaker.id
}

/** A copy that may grow, for events are never changed. */
export function growing(record: JournalRecord): DeltaRecord {
  const { at, speaker, event } = record as DeltaRecord
  return { type: 'event', at, speaker, event: { ...event } }
}

/** Records with adjacent deltas of the same block as one, at the time of the first. Nothing that was given is changed. */
export function merged(records: readonly JournalRecord[]): JournalRecord[] {
  const result: JournalRecord[] = []
  /** The last one, when it is a copy of ours. */
  let own: DeltaRecord | undefined
  for (const record of records) {
    const last = result.at(-1)
    if (last !== undefined && continues(last, record)) {
      const grown: DeltaRecord = own ?? growing(last)
      grown.event.delta += record.event.delta
      result[result.length - 1] = grown
      own = grown
    } else {
      result.push(record)
      own = undefined
    }
  }
  return result
}
