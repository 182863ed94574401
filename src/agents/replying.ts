// One reply while it is being given: its id, what stops it, who listens to it alone, and what the user says meanwhile.
import { AbortedError } from '../core/error.ts'
import type { StreamEvent } from '../core/event.ts'
import type { Msg } from '../core/message.ts'

/** Hears the events of one reply. A promise asks to be waited for. */
export type Ear = (event: StreamEvent) => void | Promise<void>

/** Something that was said to the agent while it replied. */
interface Word {
  readonly message: Msg
  /** Whether it stops what the agent is saying or doing. */
  readonly now: boolean
  readonly answered: PromiseWithResolvers<Msg>
}

export class Replying {
  readonly id = crypto.randomUUID()
  readonly ear: Ear | undefined
  readonly #stop = new AbortController()
  readonly #sources: AbortSignal[] = []
  readonly #steps = new Set<AbortController>()
  #waiting: Word[] = []
  #taken: Word[] = []

  /** Stops when one of `sources` does. `close()` must be called when it is over. */
  constructor(sources: readonly (AbortSignal | undefined)[], ear?: Ear) {
    this.ear = ear && ((event) => this.#heldBack(ear(event)))
    for (const source of sources) this.stopWith(source)
  }

  /** From now on it stops when `source` does. */
  stopWith(source: AbortSignal | undefined): void {
    if (source === undefined) return
    this.#sources.push(source)
    if (source.aborted) this.#stop.abort(source.reason)
    else source.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Fires when the whole reply is stopped. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  stop(reason: string): void {
    this.#stop.abort(new AbortedError(reason))
  }

  /** Throws AbortedError when it was stopped: also when that came too late to leave anything unsaid. */
  throwIfStopped(): void {
    if (!this.signal.aborted) return
    const { reason } = this.signal
    throw reason instanceof AbortedError ? reason : new AbortedError('The reply was stopped.', { cause: reason })
  }

  /** Whether somebody waits to be taken in at once, and the reply itself goes on. */
  get steered(): boolean {
    return !this.signal.aborted && this.#waiting.some(({ now }) => now)
  }

  /** Resolves with the reply in which the word was taken in. */
  steer(message: Msg, now: boolean): Promise<Msg> {
    const word: Word = { message, now, answered: Promise.withResolvers() }
    this.#waiting.push(word)
    if (now) for (const step of this.#steps) step.abort(steeredReason())
    return word.answered.promise
  }

  /** What was said meanwhile, in order; it counts as taken in by this reply. */
  take(): Msg[] {
    const words = this.#waiting.splice(0)
    this.#taken.push(...words)
    return words.map(({ message }) => message)
  }

  /** One step of the reply, with a signal that fires when the reply stops, and when a word wants to be taken in now. */
  async step<Value>(act: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const step = new AbortController()
    const onStop = () => step.abort(this.signal.reason)
    if (this.signal.aborted) onStop()
    else if (this.steered) step.abort(steeredReason())
    this.signal.addEventListener('abort', onStop, { once: true })
    this.#steps.add(step)
    try {
      return await act(step.signal)
    } finally {
      this.#steps.delete(step)
      this.signal.removeEventListener('abort', onStop)
    }
  }

  /** The reply is over: whoever was taken in has this answer, and the rest is given back. */
  succeed(output: Msg): Word[] {
    for (const { answered } of this.#taken) answered.resolve(output)
    return this.#waiting.splice(0)
  }

  /** Gives back what was said and not taken in, which is nobody's to answer any more. */
  fail(error: unknown): Msg[] {
    const left = this.#waiting.splice(0)
    for (const { answered } of [...this.#taken, ...left]) answered.reject(error)
    return left.map(({ message }) => message)
  }

  close(): void {
    for (const source of this.#sources) source.removeEventListener('abort', this.#onAbort)
  }

  /** A reader holds the speaker back, but not one that was stopped. */
  #heldBack(waiting: void | Promise<void>): void | Promise<void> {
    if (waiting === undefined || this.signal.aborted) return
    const { promise: stopped, resolve } = Promise.withResolvers<void>()
    const free = () => resolve()
    this.signal.addEventListener('abort', free, { once: true })
    return Promise.race([waiting, stopped]).finally(() => this.signal.removeEventListener('abort', free))
  }

  readonly #onAbort = (): void => {
    this.#stop.abort(this.#sources.find((source) => source.aborted)?.reason)
  }
}

function steeredReason(): AbortedError {
  return new AbortedError('Stopped: the user said something that is to be taken in now.')
}
