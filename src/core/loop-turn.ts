// Turns for the event loop: a stream that is always ready would live on microtasks alone, and starve timers and sockets.

/** The loop gets a turn at least this often, however fast values come. Milliseconds. */
const everyMs = 8

export class LoopTurns {
  #last = performance.now()

  /** Whether it is time for one. */
  get isDue(): boolean {
    return performance.now() - this.#last > everyMs
  }

  /** Somebody waited from then on: when it took long, the loop had its turns, and many that wait at once need no more. */
  waited(from: number): void {
    const now = performance.now()
    if (now - from > everyMs) this.#last = now
  }

  /** Gives the loop a turn. */
  async give(): Promise<void> {
    // In a browser there is no setImmediate.
    await new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve))
    this.#last = performance.now()
  }
}
