// Journals in memory: for tests, and for a Studio that keeps nothing.
import { Doorbell, follow, pageEntries } from './follow.ts'
import type {
  DeleteOptions,
  Journal,
  JournalEntry,
  JournalRecord,
  Journals,
  ReadOptions,
  RecordOrigin,
} from './journal.ts'
import { closedJournal, closedJournals, lastSeq, lines, listed, unseen } from './origin.ts'

/** Runs that live as long as the process. They grow for ever: whoever keeps them long deletes what is old. */
export function memoryJournals(): Journals {
  return new MemoryJournals()
}

class MemoryJournals implements Journals {
  readonly #logs = new Map<string, Log>()
  readonly #open = new Map<string, MemoryJournal>()
  readonly #deleted = new Map<string, number>()
  #offset = 0
  #closed = false

  open(runId: string): Journal {
    if (this.#closed) throw closedJournals()
    const known = this.#open.get(runId)
    if (known !== undefined && !known.closed) return known
    const log = this.#logs.get(runId) ?? newLog()
    this.#logs.set(runId, log)
    const journal = new MemoryJournal(runId, log, () => ++this.#offset)
    this.#open.set(runId, journal)
    return journal
  }

  async runs(): Promise<string[]> {
    const begun = [...this.#logs].filter(([, { entries }]) => entries.length > 0)
    const first = ([, { entries }]: [string, Log]) => entries[0]?.offset ?? 0
    return begun.sort((one, other) => first(other) - first(one)).map(([runId]) => runId)
  }

  async delete(runId: string, { forGood = false }: DeleteOptions = {}): Promise<void> {
    if (forGood) this.#deleted.set(runId, Date.now())
    await this.#open.get(runId)?.close()
    this.#logs.delete(runId)
  }

  deletedAt(runId: string): number | undefined {
    return this.#deleted.get(runId)
  }

  readmit(runId: string): void {
    this.#deleted.delete(runId)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const journal of this.#open.values()) await journal.close()
  }
}

interface Log {
  readonly entries: JournalEntry[]
  /** The last number of each writer. */
  readonly writers: Map<string, number>
}

function newLog(): Log {
  return { entries: [], writers: new Map() }
}

class MemoryJournal implements Journal {
  readonly #runId: string
  readonly #log: Log
  readonly #nextOffset: () => number
  readonly #bell = new Doorbell()

  constructor(runId: string, log: Log, nextOffset: () => number) {
    this.#runId = runId
    this.#log = log
    this.#nextOffset = nextOffset
  }

  get closed(): boolean {
    return this.#bell.closed
  }

  async append(records: JournalRecord | readonly JournalRecord[], origin?: RecordOrigin): Promise<number> {
    if (this.closed) throw closedJournal(this.#runId)
    const { entries, writers } = this.#log
    const last = origin === undefined ? 0 : (writers.get(origin.writer) ?? 0)
    const all = listed(records)
    const fresh = unseen(all, origin, last)
    // What could not be written on a disk is refused here too: the two are one thing to whoever uses them.
    lines(fresh)
    for (const record of fresh) entries.push({ offset: this.#nextOffset(), record })
    if (origin !== undefined) writers.set(origin.writer, Math.max(last, lastSeq(origin, all)))
    if (fresh.length > 0) this.#bell.ring()
    return entries.at(-1)?.offset ?? 0
  }

  read(options?: ReadOptions): AsyncGenerator<JournalEntry, void> {
    const { entries } = this.#log
    const page = (after: number) => {
      const start = firstAfter(entries, after)
      return entries.slice(start, start + pageEntries)
    }
    return follow({ bell: this.#bell, page }, options)
  }

  async close(): Promise<void> {
    this.#bell.close()
  }
}

/** The place of the first entry strictly after an offset. Readers at the end, who are most, find it at once. */
function firstAfter(entries: readonly JournalEntry[], after: number): number {
  let [low, high] = [0, entries.length]
  if ((entries.at(-1)?.offset ?? 0) <= after) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle] as JournalEntry).offset <= after) low = middle + 1
    else high = middle
  }
  return low
}
