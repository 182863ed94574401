// What has changed in runs, on its way into the index: together, a moment later, in one commit.
import type { DatabaseSync } from 'node:sqlite'
import type { RunFold } from './run-fold.ts'
import { inOneCommit } from './store-tables.ts'
import type { StoreWriter } from './store-writer.ts'

/** How long changes wait until they are written, in milliseconds; whoever asks gets them at once. */
const flushMs = 100

export class StoreChanges {
  readonly #database: DatabaseSync
  readonly #writer: StoreWriter
  readonly #dirty = new Set<RunFold>()
  #timer: NodeJS.Timeout | undefined

  constructor(database: DatabaseSync, writer: StoreWriter) {
    this.#database = database
    this.#writer = writer
  }

  touch(fold: RunFold): void {
    this.#dirty.add(fold)
    this.#timer ??= setTimeout(() => this.#flushOrWarn(), flushMs)
  }

  /** What was to be written of it is not. */
  forget(fold: RunFold): void {
    this.#dirty.delete(fold)
  }

  /** Writes all of it now. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#dirty.size === 0) return
    const dirty = [...this.#dirty]
    this.#dirty.clear()
    inOneCommit(this.#database, () => {
      for (const fold of dirty) this.#writer.write(fold)
    })
  }

  /** A full disk must not end the process; the index can be made again from the journals. */
  #flushOrWarn(): void {
    try {
      this.flush()
    } catch (error) {
      process.emitWarning(`Studio's index cannot be written: ${String(error)}`, 'AgentScopeWarning')
    }
  }
}
