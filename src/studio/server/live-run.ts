// One run that somebody watches: its journal is followed into one state, which all readers share.
import type { Journal, JournalEntry } from '../../journal/journal.ts'
import { RunEncoder, type RunEncoderOptions } from '../protocol/encode.ts'
import type { ServerClock } from './clock.ts'
import { SpillFile } from './spill-file.ts'

export interface LiveRunOptions extends RunEncoderOptions {
  clock: ServerClock
  /** Is told after entries have been taken; once a turn is enough. */
  changed: (run: LiveRun) => void
}

/** A disk that fails does not say where its journal ends; then so long a lull says that everything has been read. */
const lullMs = 250
/** So many entries are read before others get their turn. */
const atOnce = 500

export class LiveRun {
  readonly id: string
  readonly encoder: RunEncoder
  /** Resolves when what stood in the journal has been read. */
  readonly ready: Promise<void>
  isReady = false
  /** When the last entry was taken, or somebody last left. */
  usedAt: number
  readonly #clock: ServerClock
  readonly #spill = new SpillFile()
  readonly #stop = new AbortController()
  readonly #followed: Promise<void>
  /** Where the journal ended when the run began to be followed; until that is known, beyond everything. */
  #end = Number.POSITIVE_INFINITY

  constructor(id: string, journal: Journal, { clock, changed, ...rest }: LiveRunOptions) {
    this.id = id
    this.#clock = clock
    this.usedAt = clock.now()
    this.encoder = new RunEncoder(id, { spill: this.#spill, ...rest })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ready = promise
    this.#followed = this.#follow(journal, changed, () => {
      if (this.isReady) return
      this.isReady = true
      resolve()
      changed(this)
    })
  }

  /** Stops following. What was read stays as it is. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#followed
    this.#spill.close()
  }

  async #follow(journal: Journal, changed: (run: LiveRun) => void, ready: () => void): Promise<void> {
    let lull = this.#clock.after(lullMs, ready)
    let taken = 0
    void this.#readTo(journal, ready)
    try {
      for await (const entry of journal.read({ signal: this.#stop.signal })) {
        this.#take(entry)
        this.usedAt = this.#clock.now()
        changed(this)
        taken += 1
        if (this.encoder.seq >= this.#end) ready()
        if (this.isReady && taken % atOnce !== 0) continue
        lull()
        // Reading what is there already can keep everybody else from their turn.
        if (taken % atOnce === 0) await new Promise<void>((go) => this.#clock.after(0, go))
        lull = this.#clock.after(lullMs, ready)
      }
    } catch {
      // A journal that cannot be read any more has told all that it can; who reads sees where it ends.
    } finally {
      lull()
      ready()
    }
  }

  /** An entry that makes no sense is told in the raw view; the others still count. */
  #take(entry: JournalEntry): void {
    try {
      this.encoder.add(entry)
    } catch {
      // What it changed before it failed stays; the next entries find their place all the same.
    }
  }

  /** Adding nothing tells where the journal ends: there what stood in it has been read. */
  async #readTo(journal: Journal, ready: () => void): Promise<void> {
    this.#end = await journal.append([]).catch(() => Number.POSITIVE_INFINITY)
    if (this.encoder.seq >= this.#end) ready()
  }
}
