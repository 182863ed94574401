// What lists, pages, search and charts need of all runs: an index that follows their journals as they grow.
import type { DatabaseSync } from 'node:sqlite'
import type { Journals, RunStatus } from '../../journal/journal.ts'
import type { RunHead } from '../protocol/frames.ts'
import type { Answers } from './answers.ts'
import { newHead, type PlacedMessage, RunFold } from './run-fold.ts'
import { StoreChanges } from './store-changes.ts'
import { recalled } from './store-recall.ts'
import { openIndex } from './store-tables.ts'
import { StoreWriter } from './store-writer.ts'

export interface StoreOptions {
  /** Whose runs these are. It is read, never written. */
  journals: Journals
  /** Hears of each question that waits, and of each that no longer does. */
  answers: Answers
  /** Where the index lies. Default: in memory. */
  path?: string | undefined
}

/** Longer than most: following a run, telling of it and forgetting it share its fold. */
export class Store {
  readonly database: DatabaseSync
  readonly #journals: Journals
  readonly #answers: Answers
  readonly #folds = new Map<string, RunFold>()
  readonly #followers = new Map<string, AbortController>()
  readonly #writer: StoreWriter
  readonly #changes: StoreChanges
  readonly #listeners = new Set<() => void>()
  #isClosed = false

  constructor({ journals, answers, path }: StoreOptions) {
    this.#journals = journals
    this.#answers = answers
    this.database = openIndex(path)
    this.#writer = new StoreWriter(this.database)
    this.#changes = new StoreChanges(this.database, this.#writer)
  }

  /** Follows every run that has records. `found` hears how each of them stands, once it has been read. */
  async start(found: (run: string, status: RunStatus) => void): Promise<void> {
    const runs = new Set(await this.#journals.runs())
    const rows = this.database.prepare('SELECT id FROM studio_runs').all()
    for (const id of rows.map((row) => String(row['id']))) if (!runs.has(id)) this.#writer.remove(id)
    for (const id of runs) {
      this.follow(id)
      const fold = this.#folds.get(id)
      if (fold === undefined || !fold.isOver) void this.#findOut(id, found).catch(() => undefined)
    }
  }

  async #findOut(run: string, found: (run: string, status: RunStatus) => void): Promise<void> {
    // Adding nothing tells where the journal ends.
    await this.reached(run, await this.#journals.open(run).append([]))
    const head = this.head(run)
    if (head !== undefined) found(run, head.status)
  }

  /** Follows this run from where the index is. Once is enough. */
  follow(run: string): void {
    if (this.#isClosed || this.#followers.has(run)) return
    const leave = new AbortController()
    this.#followers.set(run, leave)
    const fold = this.#folds.get(run) ?? this.#recall(run)
    void this.#read(run, fold, leave.signal).catch((error) => {
      if (leave.signal.aborted) return
      process.emitWarning(`Studio's index cannot follow the run ${run}: ${String(error)}`, 'AgentScopeWarning')
    })
  }

  async #read(run: string, fold: RunFold | undefined, signal: AbortSignal): Promise<void> {
    let known = fold
    for await (const entry of this.#journals
      .open(run)
      .read({ after: known?.position ?? 0, acknowledged: true, signal })) {
      if (signal.aborted) return
      known ??= this.#newFold(run, entry.record.at)
      try {
        known.apply(entry)
      } catch {
        // An event that does not fit its message is told in the raw view; the others still count.
      }
      this.#tellAnswers(run, known, entry.record)
      this.#touch(known)
    }
    if (this.#followers.get(run)?.signal === signal) this.#followers.delete(run)
  }

  #newFold(run: string, at: number): RunFold {
    const fold = new RunFold(newHead(run, at))
    this.#folds.set(run, fold)
    return fold
  }

  #tellAnswers(
    run: string,
    fold: RunFold,
    record: { type: string; event?: { type: string; id?: string; by?: string } },
  ): void {
    const id = record.event?.id
    const heard = id === undefined ? undefined : fold.waiting.get(id)
    if (record.event?.type === 'input-request' && heard !== undefined) this.#answers.open(run, heard.request, heard)
    else if (record.event?.type === 'input-answer' && id !== undefined) this.#answers.settle(run, id, record.event.by)
    else if (record.type === 'run' && fold.isOver) this.#answers.forget(run)
  }

  /** Where the index has got to in that run; 0 when there is none. */
  position(run: string): number {
    return this.#folds.get(run)?.position ?? 0
  }

  /** Resolves when the index has got that far. */
  async reached(run: string, offset: number): Promise<void> {
    while (this.position(run) < offset) await new Promise<void>((resolve) => this.#listeners.add(resolve))
  }

  head(run: string): RunHead | undefined {
    const fold = this.#folds.get(run)
    if (fold === undefined) return undefined
    this.flush()
    return fold.head
  }

  heads(): RunHead[] {
    this.flush()
    return [...this.#folds.values()].map(({ head }) => head)
  }

  /** Messages that are being said now. */
  open(run: string): PlacedMessage[] {
    return this.#folds.get(run)?.spoken ?? []
  }

  /** Who answered a question, when that is known. */
  answeredBy(run: string, requestId: string): { by: string; at: number } | undefined {
    return this.#answers.answeredBy(run, requestId)
  }

  /** Takes a run out of the index. Its journal is deleted by whoever calls this. */
  remove(run: string): void {
    this.#followers.get(run)?.abort()
    this.#followers.delete(run)
    const fold = this.#folds.get(run)
    if (fold !== undefined) this.#changes.forget(fold)
    fold?.close()
    this.#folds.delete(run)
    this.#answers.forget(run)
    this.#writer.remove(run)
  }

  /** Writes what has changed. */
  flush(): void {
    this.#changes.flush()
  }

  /** What is written from now on is in the journals, and is read at the next start. */
  close(): void {
    this.#isClosed = true
    for (const leave of this.#followers.values()) leave.abort()
    this.flush()
    for (const fold of this.#folds.values()) fold.close()
    this.database.close()
  }

  #touch(fold: RunFold): void {
    this.#changes.touch(fold)
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const tell of listeners) tell()
  }

  #recall(run: string): RunFold | undefined {
    const known = recalled(this.database, run)
    if (known === 'unfinished') this.#writer.remove(run)
    if (known === undefined || known === 'unfinished') return undefined
    for (const { request, ...about } of known.waiting.values()) this.#answers.open(run, request, about)
    this.#folds.set(run, known)
    return known
  }
}
