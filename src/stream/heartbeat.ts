// Notices that nothing has been sent for a while, with one timer that most of what is sent never touches.

/** A timer takes no more milliseconds; whoever asks for more, or for Infinity, wants none. */
const longestTimer = 2_147_483_647

export class Heartbeat {
  readonly #everyMs: number
  /** Runs while somebody waits; it is set anew only when it has fired. */
  #timer: ReturnType<typeof setTimeout> | undefined
  #sentAt = performance.now()
  #wake: (() => void) | undefined

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** Something was sent. */
  sent(): void {
    this.#sentAt = performance.now()
  }

  /** Resolves when nothing has been sent for so long, or when it is stopped. Only the latest wait counts. */
  due(): Promise<undefined> {
    this.#timer ??= this.#start(this.#everyMs)
    return new Promise((resolve) => {
      this.#wake = () => resolve(undefined)
    })
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#wake?.()
  }

  #start(ms: number): ReturnType<typeof setTimeout> | undefined {
    if (ms > longestTimer) return undefined
    const timer = setTimeout(() => this.#tick(), Math.max(1, ms))
    // In Node, a stream that nobody reads shall keep no process alive. A browser's timer is a number.
    if (typeof timer === 'object') timer.unref()
    return timer
  }

  #tick(): void {
    this.#timer = undefined
    const left = this.#everyMs - (performance.now() - this.#sentAt)
    if (left <= 1) this.#wake?.()
    else this.#timer = this.#start(left)
  }
}
