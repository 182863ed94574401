// Who hears what an agent answered: one list, or several by key, so that hubs can stand inside each other.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Msg } from '../core/message.ts'
import type { Memorable } from '../memory/index.ts'

/** Whoever wants to hear what an agent answered. */
export interface Listener {
  observe(messages: Memorable): void | Promise<void>
}

/** The audiences that are being told something, around us. */
const tellings = new AsyncLocalStorage<readonly Audience[]>()

export class Audience {
  readonly #of: Listener
  readonly #lists = new Map<unknown, readonly Listener[]>()
  #last: Promise<unknown> = Promise.resolve()

  /** `of` never hears itself. */
  constructor(of: Listener) {
    this.#of = of
  }

  reset(listeners: Iterable<Listener>, key: unknown): void {
    this.#lists.set(
      key,
      [...listeners].filter((listener) => listener !== this.#of),
    )
  }

  clear(key: unknown): void {
    this.#lists.delete(key)
  }

  /** Whether the listener was in any of the lists; it is in none of them now. */
  remove(listener: Listener): boolean {
    let found = false
    for (const [key, list] of this.#lists) {
      found ||= list.includes(listener)
      this.#lists.set(
        key,
        list.filter((each) => each !== listener),
      )
    }
    return found
  }

  /**
   * Everybody once, in the order in which they came, one message after the other. One who fails keeps nobody else from
   * hearing; then that is thrown. A listener whose hearing makes this agent say more does not wait for itself.
   */
  async tell(message: Msg): Promise<void> {
    const outer = tellings.getStore() ?? []
    const turn = outer.includes(this) ? Promise.resolve() : this.#last
    const told = turn.then(() => tellings.run([...outer, this], () => this.#tellAll(message)))
    this.#last = told.catch(() => undefined)
    return told
  }

  async #tellAll(message: Msg): Promise<void> {
    const failures: unknown[] = []
    for (const listener of new Set([...this.#lists.values()].flat())) {
      try {
        await listener.observe(message)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
