// The time of one call: it is over when the reply is stopped or the tool's limit is reached, and then nobody waits long.

/** How long a tool may take to stop, in milliseconds, before nobody waits for it any more. */
const graceMs = 50

export class CallTime {
  readonly #controller = new AbortController()
  readonly #reply: AbortSignal
  readonly #givenUp = Promise.withResolvers<'given-up'>()
  #limit: ReturnType<typeof setTimeout> | undefined
  #grace: ReturnType<typeof setTimeout> | undefined
  #over: 'interrupted' | 'timed-out' | undefined
  #startedAt: number | undefined

  /** `reply` stops it. */
  constructor(reply: AbortSignal) {
    this.#reply = reply
    if (reply.aborted) this.#interrupt()
    else reply.addEventListener('abort', this.#interrupt, { once: true })
  }

  /** The tool's own signal. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Why it is over; `undefined` while it is not. */
  get over(): 'interrupted' | 'timed-out' | undefined {
    return this.#over
  }

  /** How long the tool has been running; `undefined` before it was started. */
  get durationMs(): number | undefined {
    return this.#startedAt === undefined ? undefined : Math.round(performance.now() - this.#startedAt)
  }

  /** The tool runs from now on. */
  start(limitMs: number | undefined): void {
    this.#startedAt = performance.now()
    if (limitMs === undefined) return
    const reason = new DOMException(`The tool's time limit of ${limitMs} ms is reached.`, 'TimeoutError')
    this.#limit = setTimeout(() => this.#end('timed-out', reason), limitMs)
  }

  /** Waits for the work, but after the time is over no longer than `graceMs`. What comes later is heard by nobody. */
  async wait<T>(work: Promise<T>): Promise<T | 'given-up'> {
    try {
      return await Promise.race([work, this.#givenUp.promise])
    } finally {
      clearTimeout(this.#limit)
      clearTimeout(this.#grace)
      this.#reply.removeEventListener('abort', this.#interrupt)
    }
  }

  readonly #interrupt = (): void => this.#end('interrupted', this.#reply.reason)

  #end(over: 'interrupted' | 'timed-out', reason: unknown): void {
    if (this.#over !== undefined) return
    this.#over = over
    this.#grace = setTimeout(() => this.#givenUp.resolve('given-up'), graceMs)
    this.#controller.abort(reason)
  }
}
