// Commits in batches: what came within a short time goes into the file at once, and its writers hear when it is there.
import { messageOf } from '../core/error.ts'
import type { Reached, Row, SqliteStore } from './sqlite-store.ts'

export interface CommitOptions {
  /** How long records wait for others, in milliseconds. Default 50. */
  commitMs?: number | undefined
  /** So many are not made to wait. Default 1024. */
  commitRecords?: number | undefined
}

/**
 * What cannot be committed (the disk is full) stays and is tried again, at growing intervals up to five seconds; one
 * warning tells of it, and the writers wait. So nothing that a reader has heard is ever taken back.
 */
export class Commits {
  readonly #store: SqliteStore
  readonly #waitMs: number
  readonly #most: number
  #rows: Row[] = []
  #reached = new Map<string, Reached>()
  #done = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined
  #failures = 0

  constructor(store: SqliteStore, { commitMs = 50, commitRecords = 1024 }: CommitOptions = {}) {
    this.#store = store
    this.#waitMs = commitMs
    this.#most = commitRecords
  }

  /** Resolves when these, and all that came before, are in the file. */
  add(rows: readonly Row[], reached: Reached | undefined): Promise<void> {
    for (const row of rows) this.#rows.push(row)
    if (reached !== undefined) this.#reached.set(`${reached.runId}\n${reached.writer}`, reached)
    const { promise } = this.#done
    if (this.#rows.length >= this.#most && this.#failures === 0) this.#try()
    else this.#timer ??= setTimeout(() => this.#try(), this.#waitMs)
    return promise
  }

  /** The number of a writer's last record that has not been committed yet. */
  seqOf(runId: string, writer: string): number | undefined {
    return this.#reached.get(`${runId}\n${writer}`)?.seq
  }

  /** Entries of a run strictly after an offset that are not in the file yet, in order. */
  after(runId: string, offset: number): Row[] {
    // Most readers are at the end, or nearly.
    let start = this.#rows.length
    while (start > 0 && (this.#rows[start - 1] as Row).offset > offset) start -= 1
    return this.#rows.slice(start).filter((row) => row.runId === runId)
  }

  /** Runs of which something waits, the newest first. */
  runs(): string[] {
    return [...new Set(this.#rows.map(({ runId }) => runId))].reverse()
  }

  /** Commits what is waiting now. Throws what SQLite throws; then it goes on waiting. */
  flush(): void {
    this.#commit()
  }

  /** The last commit. Throws what SQLite throws; what waited then waits no longer, its writers hear why. */
  finish(): void {
    try {
      this.#commit()
    } catch (error) {
      this.#done.promise.catch(() => undefined)
      this.#done.reject(error)
      this.#done = Promise.withResolvers()
      throw error
    } finally {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  #try(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      this.#commit()
      this.#failures = 0
    } catch (error) {
      this.#failures += 1
      if (this.#failures === 1) warn(error)
      this.#timer = setTimeout(() => this.#try(), Math.min(this.#waitMs * 2 ** this.#failures, 5000))
    }
  }

  #commit(): void {
    if (this.#rows.length > 0 || this.#reached.size > 0) this.#store.commit(this.#rows, this.#reached.values())
    this.#rows = []
    this.#reached = new Map()
    const { resolve } = this.#done
    this.#done = Promise.withResolvers()
    resolve()
  }
}

function warn(error: unknown): void {
  const text = `The journal cannot be written (${messageOf(error)}). It is tried again; what is said meanwhile is kept in memory.`
  process.emitWarning(text, { code: 'AGENTSCOPE_JOURNAL' })
}
