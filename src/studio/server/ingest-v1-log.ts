// Writes to the journal of one run without waiting for it, as long as it keeps up.
import type { StreamEvent } from '../../core/event.ts'
import type { Journal, JournalRecord, Journals } from '../../journal/journal.ts'
import type { Speaker } from '../../scope.ts'

/** So many appends may wait to be acknowledged before whoever tells has to. */
const mostPending = 256

export class V1Log {
  readonly #run: string
  readonly #journals: Journals
  #journal: Journal | undefined
  #pending = 0
  #last: Promise<unknown> = Promise.resolve()
  #failure: unknown

  constructor(run: string, journals: Journals) {
    this.#run = run
    this.#journals = journals
  }

  tell(speaker: Speaker, events: readonly StreamEvent[]): void {
    const at = Date.now()
    if (events.length > 0) this.append(events.map((event) => ({ type: 'event', at, speaker, event })))
  }

  /** Whether somebody has deleted the run: what was told before is gone. */
  get isDeleted(): boolean {
    return this.#journal !== undefined && this.#journals.open(this.#run) !== this.#journal
  }

  append(records: readonly JournalRecord[]): void {
    this.#pending += 1
    this.#last = this.#written(records)
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#pending -= 1
      })
  }

  /** Resolves when there is room for more. Throws, once, what the journal has refused. */
  async room(): Promise<void> {
    if (this.#pending > mostPending) await this.#last
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }

  /** Resolves when all that was told is acknowledged. */
  async written(): Promise<void> {
    await this.#last
  }

  /** Also a journal that cannot be opened any more, because Studio closes, is a failure that is told to who waits. */
  async #written(records: readonly JournalRecord[]): Promise<void> {
    this.#journal = this.#journals.open(this.#run)
    await this.#journal.append(records)
  }
}
