// Following a log: readers take pages out of the store, and sleep at a doorbell until there is more.
import { leavable } from '../core/leavable.ts'
import type { JournalEntry, ReadOptions } from './journal.ts'

/** Wakes whoever sleeps at it. Nobody's entries are held for them: who wakes up looks into the store. */
export class Doorbell {
  readonly #sleepers = new Set<() => void>()
  #closed = false

  /** No more will come: nobody sleeps here any longer. */
  get closed(): boolean {
    return this.#closed
  }

  ring(): void {
    const sleepers = [...this.#sleepers]
    this.#sleepers.clear()
    for (const wake of sleepers) wake()
  }

  close(): void {
    this.#closed = true
    this.ring()
  }

  /** Resolves when it rings, is closed, or the signal fires. */
  rung(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (this.#closed || signal.aborted) return Promise.resolve()
    const wake = () => {
      signal.removeEventListener('abort', wake)
      this.#sleepers.delete(wake)
      resolve()
    }
    this.#sleepers.add(wake)
    signal.addEventListener('abort', wake, { once: true })
    return promise
  }
}

/** A log that can be followed. Between an empty page and the sleep nothing happens, so nothing is missed. */
export interface Followed {
  readonly bell: Doorbell
  /** Some of the entries strictly after an offset, in order, as many as may be held for one reader; none when there are none. */
  page(after: number): readonly JournalEntry[]
}

/** So much is held for one reader, however long it takes over it: entries, and characters of their JSON. */
export const pageEntries = 256
export const pageCharacters = 1 << 20

/** What is there after an offset, and then what comes. */
export function follow(log: Followed, options: ReadOptions = {}): AsyncGenerator<JournalEntry, void, undefined> {
  const { after = 0, signal } = options
  const left = new AbortController()
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal])
  return leavable(entries(log, after, stop), () => left.abort())
}

async function* entries(
  { bell, page }: Followed,
  after: number,
  stop: AbortSignal,
): AsyncGenerator<JournalEntry, void> {
  let reached = after
  while (!stop.aborted && !bell.closed) {
    const found = page(reached)
    if (found.length === 0) await bell.rung(stop)
    for (const entry of found) {
      if (stop.aborted || bell.closed) return
      reached = entry.offset
      yield entry
    }
  }
}
