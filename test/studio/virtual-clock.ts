// A clock that a test moves: timers fire in their order, and everything they set off happens before time goes on.
import type { ServerClock } from '../../src/studio/server/clock.ts'

export class VirtualClock implements ServerClock {
  #now = Date.UTC(2026, 10, 22)
  readonly #timers = new Set<{ at: number; act: () => void }>()

  now(): number {
    return this.#now
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.#now + ms, act }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#now = next.at
      next.act()
      await settled()
    }
    this.#now = end
  }

  #next(end: number): { at: number; act: () => void } | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end)
    return due.sort((a, b) => a.at - b.at)[0]
  }
}

/** Everything that waits only for promises has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
