// The clocks of a call. They run by default; a comment or a ping is a sign of life, not of progress.
import { TimeoutError } from '../core/error.ts'

/** Milliseconds. `Number.POSITIVE_INFINITY` switches a clock off. */
export interface Clocks {
  /** From sending the request to the response's headers. Default 30,000; 600,000 for a reply that does not stream. */
  headersMs: number
  /** From the headers to the first content. Default 300,000; 600,000 for a reply that does not stream. */
  firstContentMs: number
  /** Between two pieces of content. Default 120,000; 600,000 for a reply that does not stream. */
  stallMs: number
  /** After so much silence a `notice` tells of it, and again each time as much has passed. Default 10,000. */
  silenceNoticeMs: number
  /** Whether any byte counts as progress, for a provider that pings while it truly works. Default false. */
  pingsAreProgress: boolean
}

export function clocksFor(streaming: boolean, clocks: Partial<Clocks> = {}): Clocks {
  return {
    headersMs: streaming ? 30_000 : 600_000,
    firstContentMs: streaming ? 300_000 : 600_000,
    stallMs: streaming ? 120_000 : 600_000,
    silenceNoticeMs: 10_000,
    pingsAreProgress: false,
    ...clocks,
  }
}

/** Given in place of a value when nothing has come for a while; the wait goes on with the same promise. */
export const silence = Symbol('silence')

/**
 * Watches the waits for content. Only time spent waiting counts: a slow consumer cannot make a provider late. One lazy
 * timer serves the whole reply, however many reads there are.
 */
export class ContentWatch {
  readonly #clocks: Clocks
  readonly #provider: string
  #started = false
  /** Milliseconds waited since the last content. */
  #waited = 0
  #noticed = 0
  #since = 0
  #timer: NodeJS.Timeout | undefined
  #waiting: { resolve(value: typeof silence): void; reject(error: unknown): void } | undefined

  constructor(clocks: Clocks, provider: string) {
    this.#clocks = clocks
    this.#provider = provider
  }

  /** How long nothing has come, in milliseconds. */
  get silentMs(): number {
    return this.#waited
  }

  /** Content came. */
  progress(): void {
    if (!this.#started) this.#disarm()
    this.#started = true
    this.#waited = 0
    this.#noticed = 0
  }

  /**
   * Waits for a read.
   *
   * @throws TimeoutError `first_content` or `stall`; whatever the read throws.
   */
  wait<Value>(read: Promise<Value>): Promise<Value | typeof silence> {
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject }
      this.#waiting = waiting
      this.#since = performance.now()
      if (this.#timer === undefined) this.#arm()
      const settle = () => {
        if (this.#waiting === waiting) this.#pauseWait()
      }
      read.then(
        (value) => {
          settle()
          resolve(value)
        },
        (error) => {
          settle()
          reject(error)
        },
      )
    })
  }

  /** The reply is over. */
  stop(): void {
    this.#disarm()
    this.#waiting = undefined
  }

  /** The timer was set for the first content, which may be allowed to take longer than the rest. */
  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #pauseWait(): void {
    this.#waiting = undefined
    this.#waited += performance.now() - this.#since
  }

  get #limitMs(): number {
    return this.#started ? this.#clocks.stallMs : this.#clocks.firstContentMs
  }

  #arm(): void {
    const next = Math.min(this.#limitMs, this.#noticed + this.#clocks.silenceNoticeMs) - this.#waited
    this.#timer = next > 2_147_483_647 ? undefined : setTimeout(() => this.#tick(), Math.max(1, next))
  }

  #tick(): void {
    this.#timer = undefined
    const waiting = this.#waiting
    if (waiting === undefined) return
    const now = performance.now()
    this.#waited += now - this.#since
    this.#since = now
    if (this.#waited >= this.#limitMs) {
      this.#waiting = undefined
      const clock = this.#started ? 'stall' : 'first_content'
      waiting.reject(new TimeoutError(clock, this.#limitMs, { provider: this.#provider, advice: adviceFor(clock) }))
    } else if (this.#waited >= this.#noticed + this.#clocks.silenceNoticeMs) {
      this.#noticed = this.#waited
      this.#waiting = undefined
      waiting.resolve(silence)
    } else this.#arm()
  }
}

function adviceFor(clock: 'stall' | 'first_content'): string {
  return clock === 'stall'
    ? 'What arrived is kept. Ask again, or raise clocks.stallMs for a model that pauses for long.'
    : 'Raise clocks.firstContentMs for a model that thinks for long before it speaks.'
}
