// What waits for a journal: in order, never dropped, and merged when there is much of it.
import type { JournalRecord } from './journal.ts'
import { continues, type DeltaRecord, growing, isDelta } from './merge.ts'

interface Held {
  record: JournalRecord
  size: number
  /** The record is our own copy, and may grow. */
  own: boolean
  taken: boolean
}

/** What a record costs besides its text, in characters: its fields as JSON, about. */
const overhead = 160

/**
 * While `behind`, a delta grows onto the one before it. Beyond `most` characters it also grows onto the last delta of its
 * own block when others have spoken since, and prompts of questions to models are left out. What then remains is the
 * text itself, which is kept whatever it takes.
 */
export class Backlog {
  readonly #most: number
  #held: Held[] = []
  #first = 0
  /** The last that waits of each message. */
  readonly #lastOf = new Map<string, Held>()
  #invocations: Held[] = []
  #characters = 0

  constructor(most: number) {
    this.#most = most
  }

  get characters(): number {
    return this.#characters
  }

  get isEmpty(): boolean {
    return this.#first === this.#held.length
  }

  /** `size`: of its JSON, for what is no delta. */
  add(record: JournalRecord, behind: boolean, size = 0): void {
    if (behind && this.#grow(record)) return
    const held: Held = { record, own: false, taken: false, size: overhead + (size || textLength(record)) }
    this.#held.push(held)
    this.#characters += held.size
    const message = messageId(record)
    if (message !== undefined) this.#lastOf.set(message, held)
    if (record.type === 'invocation') this.#invocations.push(held)
    if (this.#characters > this.#most) this.#leavePromptsOut()
  }

  /** The next ones, of that many characters together, at least one. */
  take(characters: number): { records: JournalRecord[]; size: number } {
    const records: JournalRecord[] = []
    let size = 0
    for (let held = this.#held[this.#first]; held !== undefined; held = this.#held[this.#first]) {
      if (records.length > 0 && size + held.size > characters) break
      this.#first += 1
      held.taken = true
      records.push(held.record)
      size += held.size
      const message = messageId(held.record)
      if (message !== undefined && this.#lastOf.get(message) === held) this.#lastOf.delete(message)
    }
    this.#characters -= size
    if (this.#first > 4096 || this.isEmpty) {
      this.#held = this.#held.slice(this.#first)
      this.#first = 0
    }
    if (this.isEmpty) this.#invocations = []
    return { records, size }
  }

  #grow(record: JournalRecord): boolean {
    if (record.type !== 'event' || !isDelta(record.event)) return false
    const held = this.#characters > this.#most ? this.#lastOf.get(record.event.id) : this.#held[this.#held.length - 1]
    // What was handed on does not grow.
    if (held === undefined || held.taken || !continues(held.record, record)) return false
    if (!held.own) {
      held.record = growing(held.record)
      held.own = true
    }
    const { event } = held.record as DeltaRecord
    event.delta += record.event.delta
    held.size += record.event.delta.length
    this.#characters += record.event.delta.length
    return true
  }

  #leavePromptsOut(): void {
    for (const held of this.#invocations) {
      if (held.taken || held.record.type !== 'invocation') continue
      const invocation = { ...held.record.invocation, messages: [{ leftOut: 'The journal was too far behind.' }] }
      held.record = { ...held.record, invocation }
      const size = overhead + JSON.stringify(invocation).length
      if (size < held.size) {
        this.#characters += size - held.size
        held.size = size
      }
    }
    this.#invocations = []
  }
}

function messageId(record: JournalRecord): string | undefined {
  return record.type === 'event' && 'id' in record.event ? record.event.id : undefined
}

function textLength(record: JournalRecord): number {
  return record.type === 'event' && isDelta(record.event) ? record.event.delta.length : 0
}
