// Journals in a SQLite file.
import { type CommitOptions, Commits } from './commits.ts'
import { openDatabase } from './database.ts'
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
import { journalMigrations } from './sqlite-migrations.ts'
import { type Row, SqliteStore } from './sqlite-store.ts'

export interface SqliteJournalsOptions extends CommitOptions {
  /** How long a run is left alone after a text has ended, before it is packed into fewer rows; milliseconds. Default 1000. */
  packMs?: number | undefined
}

/**
 * Runs in one file, which only its owner may read (0600) and only one process may open. Records are committed in
 * batches; readers hear them before. Whoever opens it closes it.
 *
 * @throws ConfigError when the file cannot be used (`openDatabase`).
 */
export function sqliteJournals(path: string, options: SqliteJournalsOptions = {}): Journals {
  return new SqliteJournals(path, options)
}

/**
 * What was heard but not yet committed when a process was killed has offsets too, and readers elsewhere may have got so
 * far: after each start offsets begin well above whatever was given.
 */
const restartGap = 1 << 20

/** With the class below a little longer than most files: both give out the same offsets. */
class SqliteJournals implements Journals {
  readonly #store: SqliteStore
  readonly #commits: Commits
  readonly #open = new Map<string, SqliteJournal>()
  #offset: number
  #closed = false

  constructor(path: string, options: SqliteJournalsOptions) {
    this.#store = new SqliteStore(openDatabase(path, journalMigrations), options.packMs)
    this.#commits = new Commits(this.#store, options)
    const last = this.#store.lastOffset()
    this.#offset = last === 0 ? 0 : last + restartGap
  }

  open(runId: string): Journal {
    if (this.#closed) throw closedJournals()
    const known = this.#open.get(runId)
    if (known !== undefined && !known.closed) return known
    const journal = new SqliteJournal(runId, this.#store, this.#commits, () => ++this.#offset)
    this.#open.set(runId, journal)
    return journal
  }

  async runs(): Promise<string[]> {
    if (this.#closed) throw closedJournals()
    const kept = this.#store.runs()
    return [...this.#commits.runs().filter((runId) => !kept.includes(runId)), ...kept]
  }

  async delete(runId: string, { forGood = false }: DeleteOptions = {}): Promise<void> {
    if (this.#closed) throw closedJournals()
    this.#open.get(runId)?.end()
    this.#open.delete(runId)
    this.#commits.flush()
    this.#store.delete(runId, forGood ? Date.now() : undefined)
  }

  deletedAt(runId: string): number | undefined {
    if (this.#closed) throw closedJournals()
    return this.#store.deletedAt(runId)
  }

  readmit(runId: string): void {
    if (this.#closed) throw closedJournals()
    this.#store.readmit(runId)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const journal of this.#open.values()) journal.end()
    try {
      this.#commits.finish()
    } finally {
      this.#store.close()
    }
  }
}

class SqliteJournal implements Journal {
  readonly #runId: string
  readonly #store: SqliteStore
  readonly #commits: Commits
  readonly #nextOffset: () => number
  readonly #bell = new Doorbell()
  #last: number
  #acknowledged: Promise<unknown> = Promise.resolve()

  constructor(runId: string, store: SqliteStore, commits: Commits, nextOffset: () => number) {
    this.#runId = runId
    this.#store = store
    this.#commits = commits
    this.#nextOffset = nextOffset
    this.#last = commits.after(runId, 0).at(-1)?.offset ?? store.lastOffsetOf(runId)
  }

  get closed(): boolean {
    return this.#bell.closed
  }

  async append(records: JournalRecord | readonly JournalRecord[], origin?: RecordOrigin): Promise<number> {
    if (this.closed) throw closedJournal(this.#runId)
    const all = listed(records)
    const fresh = unseen(all, origin, origin === undefined ? 0 : this.#seqOf(origin.writer))
    const texts = lines(fresh)
    const rows = fresh.map((record, at) => this.#row(record, texts[at] as string))
    const last = this.#last
    const reached = {
      runId: this.#runId,
      writer: origin?.writer ?? '',
      seq: origin === undefined ? 0 : lastSeq(origin, all),
    }
    const committed = this.#commits.add(rows, origin === undefined || rows.length === 0 ? undefined : reached)
    this.#acknowledged = committed
    if (rows.length > 0) this.#bell.ring()
    await committed
    // For those who hear only what is acknowledged.
    this.#bell.ring()
    return last
  }

  read(options?: ReadOptions): AsyncGenerator<JournalEntry, void> {
    return follow({ bell: this.#bell, page: (after) => this.#page(after, options?.acknowledged) }, options)
  }

  /** Its readers hear no more, and nobody adds to it. */
  end(): void {
    this.#bell.close()
  }

  async close(): Promise<void> {
    this.end()
    await this.#acknowledged
  }

  #row(record: JournalRecord, json: string): Row {
    const previous = this.#last
    this.#last = this.#nextOffset()
    return { runId: this.#runId, offset: this.#last, previous, record, json }
  }

  #page(after: number, acknowledged = false): readonly JournalEntry[] {
    if (after >= this.#last) return []
    if (acknowledged) return this.#store.page(this.#runId, after)
    const waiting = this.#commits.after(this.#runId, after)
    const first = waiting[0]
    // Who has heard all that was committed needs not look into the file.
    const isLive = first !== undefined && first.previous <= after
    const found = isLive ? [] : this.#store.page(this.#runId, after)
    if (found.length > 0) return found
    return waiting.slice(0, pageEntries).map(({ offset, record }) => ({ offset, record }))
  }

  #seqOf(writer: string): number {
    return this.#commits.seqOf(this.#runId, writer) ?? this.#store.lastSeq(this.#runId, writer)
  }
}
