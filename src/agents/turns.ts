// One after the other: whoever calls an agent that is busy waits until those before have had their answer.
import { AsyncLocalStorage } from 'node:async_hooks'
import { AbortedError, InputError } from '../core/error.ts'
import { until } from '../core/until.ts'

/** A turn that is being taken, and the one inside which it was asked for. */
interface Taken {
  readonly turns: Turns
  readonly outer: Taken | undefined
  /** The queues in which somebody stands who was called inside this turn. */
  readonly waits: Set<Turns>
  over: boolean
}

const taken = new AsyncLocalStorage<Taken>()

/** The queue in front of one agent. */
export class Turns {
  readonly #of: string
  #last: Promise<void> = Promise.resolve()
  #holder: Taken | undefined

  /** `of` is the agent's name, for errors. */
  constructor(of: string) {
    this.#of = of
  }

  /**
   * Runs `act` when all who came before are done, however they ended.
   *
   * @throws AbortedError when `signal` fires before it is this one's turn; then `act` never runs. InputError when the
   * turn could never come: asked for inside one of its own that is not over, or in a ring of agents that wait for each
   * other.
   */
  async take<Value>(signal: AbortSignal | undefined, act: () => Promise<Value>): Promise<Value> {
    const outer = taken.getStore()
    this.#refuseInside(outer)
    const before = this.#last
    const { promise: done, resolve: leave } = Promise.withResolvers<void>()
    this.#last = before.then(() => done)
    const turn: Taken = { turns: this, outer, waits: new Set(), over: false }
    const chain = chainOf(outer)
    try {
      for (const each of chain) each.waits.add(this)
      await until(before, signal, ({ reason }) => this.#stopped(reason))
      this.#holder = turn
      return await taken.run(turn, act)
    } finally {
      for (const each of chain) each.waits.delete(this)
      if (this.#holder === turn) this.#holder = undefined
      turn.over = true
      leave()
    }
  }

  /** Whether we are inside a turn of this queue that is not over. */
  holds(): boolean {
    return chainOf(taken.getStore()).some((each) => each.turns === this)
  }

  /** Runs `act` as if it stood in no turn: for what nobody in this turn waits for. */
  outside<Value>(act: () => Value): Value {
    return taken.exit(act)
  }

  #refuseInside(outer: Taken | undefined): void {
    const held = chainOf(outer).map((each) => each.turns)
    if (held.length === 0) return
    const advice = 'Call another agent there, ask the model again, or call this one after its reply.'
    if (held.includes(this)) {
      throw new InputError(`${this.#of} was called inside its own reply, and could wait for itself for ever.`, {
        advice,
      })
    }
    if (!this.#waitsFor(new Set(held))) return
    const names = held.map((each) => each.#of).join(', ')
    throw new InputError(`${this.#of} was called by ${names}, for whom it waits: neither could ever go on.`, { advice })
  }

  /** Whether whoever has the turn here waits, directly or through others, for one of those. */
  #waitsFor(held: ReadonlySet<Turns>): boolean {
    const seen = new Set<Turns>([this])
    for (const queue of seen) {
      for (const next of queue.#holder?.waits ?? []) {
        if (held.has(next)) return true
        seen.add(next)
      }
    }
    return false
  }

  #stopped(cause: unknown): AbortedError {
    return new AbortedError(`${this.#of} was stopped before it began.`, { cause })
  }
}

/** The turns inside which we are, innermost first, without those that are over. */
function chainOf(innermost: Taken | undefined): Taken[] {
  const chain: Taken[] = []
  for (let each = innermost; each !== undefined; each = each.outer) if (!each.over) chain.push(each)
  return chain
}
