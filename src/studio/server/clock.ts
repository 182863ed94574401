// The time as Studio's server knows it, so that a test can be its master.

export interface ServerClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `act` once after so many milliseconds. The function that it returns takes that back. */
  after(ms: number, act: () => void): () => void
}

/** The machine's own time. Its timers keep no process alive: the server's socket does that. */
export const realClock: ServerClock = {
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
