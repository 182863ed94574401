// One after the other: whoever calls an agent that is busy waits until those before have had their answer.
import { AsyncLocalStorage } from 'node:async_hooks'
import { AbortedError, InputError } from '../core/error.ts'

/** A turn that is being taken, and the one inside which it was asked for. */
interface Taken {
  readonly turns: Turns
  readonly outer: Taken | undefined
  over: boolean
}

const taken = new AsyncLocalStorage<Taken>()

/** The queue in front of one agent. */
export class Turns {
  readonly #of: string
  #last: Promise<void> = Promise.resolve()

  /** `of` is the agent's name, for errors. */
  constructor(of: string) {
    this.#of = of
  }

  /**
   * Runs `act` when all who came before are done, however they ended.
   *
   * @throws AbortedError when `signal` fires before it is this one's turn; then `act` never runs. InputError when it is
   * asked for inside a turn that is not over: it would wait for itself.
   */
  async take<Value>(signal: AbortSignal | undefined, act: () => Promise<Value>): Promise<Value> {
    const outer = taken.getStore()
    this.#refuseInside(outer)
    const before = this.#last
    const { promise: done, resolve: leave } = Promise.withResolvers<void>()
    this.#last = before.then(() => done)
    const turn: Taken = { turns: this, outer, over: false }
    try {
      await this.#wait(before, signal)
      return await taken.run(turn, act)
    } finally {
      turn.over = true
      leave()
    }
  }

  #refuseInside(outer: Taken | undefined): void {
    for (let each = outer; each !== undefined; each = each.outer) {
      if (each.turns !== this || each.over) continue
      throw new InputError(`${this.#of} was called inside its own reply, and would wait for itself for ever.`, {
        advice: 'Call another agent there, ask the model again, or call this one after its reply.',
      })
    }
  }

  async #wait(before: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    if (signal === undefined) return before
    const { promise: stopped, reject } = Promise.withResolvers<never>()
    const stop = () => reject(new AbortedError(`${this.#of} was stopped before it began.`, { cause: signal.reason }))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      await Promise.race([stopped, before])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
