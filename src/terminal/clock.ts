// The time as the terminal knows it, so that a test can be its master.

export interface TerminalClock {
  /** Milliseconds since some moment; never goes back. */
  now(): number
  /** Calls `act` once after so many milliseconds. The function that it returns takes that back. */
  after(ms: number, act: () => void, options?: AlarmOptions): () => void
}

export interface AlarmOptions {
  /** Whether a program that has nothing else to do waits for it. Default false. */
  keepsAlive?: boolean
}

/** The machine's own time. */
export const realClock: TerminalClock = {
  now: () => performance.now(),
  after: (ms, act, { keepsAlive = false } = {}) => {
    const timer = setTimeout(act, ms)
    if (!keepsAlive) timer.unref()
    return () => clearTimeout(timer)
  },
}
