// The pace of a replay: when each thing that was recorded is due, at what speed, and what is skipped. Pure.

export interface ReplayPaceOptions {
  /** How many times as fast as it was; Infinity waits for nothing. Default 1. */
  speed?: number
  /** No wait is longer than this, in milliseconds of the replay. Default: none is shortened. */
  maxPauseMs?: number
}

export interface Due {
  /** When it is due, in milliseconds since the replay began. */
  dueMs: number
  /** So much of what was a longer pause is left out before it, in milliseconds of the recording. */
  skippedMs: number
}

/**
 * Tells of each recorded thing, in order, when it is due. Waits add up from the beginning, so that a late timer delays
 * nothing behind it. Clocks that went back count as no time.
 */
export class ReplayPace {
  readonly speed: number
  readonly #maxPauseMs: number
  #at: number | undefined
  #dueMs = 0

  constructor({ speed = 1, maxPauseMs = Number.POSITIVE_INFINITY }: ReplayPaceOptions = {}) {
    this.speed = speed
    this.#maxPauseMs = maxPauseMs
  }

  /** `at` is when it happened, in milliseconds since any fixed moment. */
  next(at: number): Due {
    const gap = Math.max(0, at - (this.#at ?? at))
    this.#at = Math.max(at, this.#at ?? at)
    const wait = gap / this.speed
    if (wait <= this.#maxPauseMs) {
      this.#dueMs += wait
      return { dueMs: this.#dueMs, skippedMs: 0 }
    }
    this.#dueMs += this.#maxPauseMs
    return { dueMs: this.#dueMs, skippedMs: gap - this.#maxPauseMs * this.speed }
  }
}

/** A time for people, rounded: `40 s`, `2 min`, `1 h 5 min`, `3 d`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return seconds === 0 && ms > 0 ? `${Math.round(ms)} ms` : `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.round(hours / 24)} d`
}
