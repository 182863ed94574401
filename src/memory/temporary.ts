// What an agent remembers, as a plain list that lives as long as the agent.
import { InputError } from '../core/error.ts'
import { shapeOf } from '../core/kind.ts'
import type { Msg } from '../core/message.ts'

/** What may be remembered in one go; whatever is null or undefined is left out. */
export type Memorable = Msg | null | undefined | readonly (Msg | null | undefined)[]

export interface Memory {
  /** Remembers a message, or each of a list, in order. */
  add(messages: Memorable): void
  /** The last `recentN` messages, oldest first; all of them without a number. */
  get(recentN?: number): Msg[]
  readonly size: number
  clear(): void
  /** Forgets messages by id, or by position counted from 0; returns how many that were. */
  delete(which: string | number | readonly (string | number)[]): number
}

/** Keeps the messages themselves, not copies, each id once: the first one that came stays. */
export class TemporaryMemory implements Memory {
  readonly #messages = new Map<string, Msg>()

  /** @throws InputError when one of them is not a message; then none of them is kept. */
  add(messages: Memorable): void {
    const list = isList(messages) ? messages : [messages]
    // Everything is looked at before anything is kept, so that a bad list leaves no half of it behind.
    const wanted = list.filter((message) => message !== null && message !== undefined)
    wanted.forEach(assertMessage)
    for (const message of wanted) if (!this.#messages.has(message.id)) this.#messages.set(message.id, message)
  }

  /** @throws InputError when `recentN` is not a whole number of 0 or more. */
  get(recentN?: number): Msg[] {
    const all = [...this.#messages.values()]
    if (recentN === undefined) return all
    if (!Number.isInteger(recentN) || recentN < 0) {
      throw new InputError(`memory.get() takes how many recent messages to give, 0 or more, but got ${recentN}.`)
    }
    return recentN === 0 ? [] : all.slice(-recentN)
  }

  get size(): number {
    return this.#messages.size
  }

  clear(): void {
    this.#messages.clear()
  }

  delete(which: string | number | readonly (string | number)[]): number {
    const list = typeof which === 'string' || typeof which === 'number' ? [which] : which
    const ids = [...this.#messages.keys()]
    let deleted = 0
    for (const each of list) {
      const id = typeof each === 'number' ? ids[each] : each
      if (id !== undefined && this.#messages.delete(id)) deleted += 1
    }
    return deleted
  }
}

function isList(messages: Memorable): messages is readonly (Msg | null | undefined)[] {
  return Array.isArray(messages)
}

/** @throws InputError when it is not a message. Plain objects of the right shape are welcome. */
function assertMessage(message: Msg): void {
  const { id, name, role, content } = message
  const named = typeof id === 'string' && typeof name === 'string' && typeof role === 'string'
  if (named && (typeof content === 'string' || Array.isArray(content))) return
  throw new InputError(`Only messages can be remembered, but got ${shapeOf(message)}.`, {
    advice: "Wrap it: new Msg('User', 'what was said', 'user').",
  })
}
