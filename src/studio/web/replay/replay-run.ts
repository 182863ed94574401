// A run played again from its journal: the same encoder and the same model as live, in this tab, up to some entry.
import type { JournalEntry } from '../../../journal/journal.ts'
import { RunEncoder } from '../../protocol/encode.ts'
import type { Op } from '../../protocol/frames.ts'
import { RunReader } from '../../protocol/reader.ts'
import { ShownRun } from '../state/shown-run.ts'

/** Ahead of everything: a reader at this place is told all of it anew. */
const anew = { seq: Number.MAX_SAFE_INTEGER, have: {} }
const everything = { messages: Number.POSITIVE_INFINITY, spans: Number.POSITIVE_INFINITY }

export class ReplayRun extends ShownRun {
  readonly isReplay = true
  readonly hasOlder = false
  readonly #entries: readonly JournalEntry[]
  readonly #blob: (dataUri: string) => string
  #encoder: RunEncoder
  #reader: RunReader
  #count = 0

  /** `entries` may grow at its end. `blob` knows under which name Studio keeps what was said inline. */
  constructor(id: string, entries: readonly JournalEntry[], blob: (dataUri: string) => string) {
    super(id)
    this.#entries = entries
    this.#blob = blob
    this.#encoder = new RunEncoder(id, { blob })
    this.#reader = new RunReader(this.#encoder, anew, everything)
  }

  async older(): Promise<void> {}

  /** Shows the first `count` entries. Going on costs what is new; going back begins anew. */
  show(count: number): void {
    const goesBack = count < this.#count
    if (count === this.#count) return
    if (goesBack) this.#encoder = new RunEncoder(this.id, { blob: this.#blob })
    for (const entry of this.#entries.slice(goesBack ? 0 : this.#count, count)) this.#encoder.add(entry)
    this.#count = count
    if (goesBack) this.#reader = new RunReader(this.#encoder, anew, everything)
    this.#tell()
  }

  #tell(): void {
    const most = Number.POSITIVE_INFINITY
    for (let batch = this.#reader.next({ most }); batch !== undefined; ) {
      if (batch.reset) this.forget()
      this.note(batch.ops as readonly Op[])
      this.model.apply(batch)
      batch = batch.more ? this.#reader.next({ most }) : undefined
    }
  }
}
