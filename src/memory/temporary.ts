// What an agent remembers, as a list that lives as long as the agent, and what of it is handed to a model.
import { InputError } from '../core/error.ts'
import type { Msg } from '../core/message.ts'
import { aborted } from './aborting.ts'
import { type Compressible, Compression } from './compression.ts'
import { assertMessage, messagesIn } from './loading.ts'
import type { GetOptions, Loadable, LoadOptions, Memorable, Memory, MemoryState, RecallContext } from './memory.ts'
import { checkedOptions, type TemporaryMemoryOptions } from './options.ts'
import { isSummary } from './summary.ts'
import { Weights } from './weights.ts'
import { type WindowOptions, windowOf } from './window.ts'

/** Keeps the messages themselves, not copies, each id once: the first one that came stays. AgentScope: the same name. */
export class TemporaryMemory implements Memory {
  #messages = new Map<string, Msg>()
  readonly #window: WindowOptions | undefined
  readonly #compression: Compression | undefined
  readonly #weights: Weights
  readonly #keep: (message: Msg) => boolean

  /** @throws ConfigError for a wrong option. */
  constructor(options: TemporaryMemoryOptions = {}) {
    const { window, plan } = checkedOptions(options)
    this.#window = window
    this.#compression = plan === undefined ? undefined : new Compression(plan)
    this.#weights = new Weights(options.counter)
    this.#keep = options.keep ?? (() => false)
  }

  /** @throws InputError when one of them is not a message; then none of them is kept. */
  add(messages: Memorable): void {
    const list = isList(messages) ? messages : [messages]
    // Everything is looked at before anything is kept, so that a bad list leaves no half of it behind.
    const wanted = list.filter((message) => message !== null && message !== undefined)
    for (const message of wanted) assertMessage(message)
    for (const message of wanted) if (!this.#messages.has(message.id)) this.#messages.set(message.id, message)
  }

  /**
   * Messages, oldest first, in a list of its own: the newest `recentN`, and of those the ones that `filter` wants.
   *
   * @throws InputError when `recentN` is not a whole number of 0 or more.
   */
  get(options?: number | GetOptions | null): Msg[] {
    const { recentN, filter } = typeof options === 'number' ? { recentN: options } : (options ?? {})
    let messages = [...this.#messages.values()]
    if (recentN !== undefined) {
      if (!Number.isInteger(recentN) || recentN < 0) {
        throw new InputError(`memory.get() takes how many recent messages to give, 0 or more, but got ${recentN}.`)
      }
      messages = recentN === 0 ? [] : messages.slice(-recentN)
    }
    return filter === undefined ? messages : messages.filter((message, index) => filter(message, index))
  }

  get size(): number {
    return this.#messages.size
  }

  has(id: string): boolean {
    return this.#messages.has(id)
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

  /** Copies of all messages, which nothing that happens later changes. AgentScope: `export(to_mem=True)`. */
  export(): Msg[] {
    return structuredClone(this.get())
  }

  /** The state: what `load` takes. It holds the messages themselves; options and models are no part of it. */
  toJSON(): MemoryState {
    return { messages: this.get() }
  }

  /**
   * Adds what was saved, as `add` does; with `overwrite` in the place of what was there. `loadFrom` reads a file.
   *
   * @throws InputError for what holds no messages; then the memory is as it was.
   */
  load(source: Loadable, options: LoadOptions = {}): void {
    const messages = messagesIn(source)
    if (options.overwrite) this.clear()
    this.add(messages)
  }

  /**
   * What to hand to the model: older messages summarised when it is time to (`compression`), then what fits (`window`).
   * Without these options it is `get()`. A summary that fails is told by a notice, and the window does without.
   *
   * @throws AbortedError when the signal fires; ConfigError when the counter that was asked for cannot be loaded;
   * InputError naming what cannot be sent to any model.
   */
  async recall(context: RecallContext = {}): Promise<Msg[]> {
    if (this.#window === undefined && this.#compression === undefined) return this.get()
    if (context.signal?.aborted) throw aborted(context.signal)
    const scale = await this.#weights.open(context, this.get())
    await this.#compression?.apply(this.#compressible, scale, context)
    if (this.#window === undefined) {
      const all = this.get()
      scale.handOut(all)
      return all
    }
    const { maxTokens } = this.#window
    const keep = (message: Msg) => isSummary(message) || this.#keep(message)
    const { messages, tokens } = windowOf(this.get(), { ...scale, maxTokens, keep })
    scale.handOut(messages)
    if (tokens > maxTokens) {
      const text = `What has to be sent weighs about ${Math.ceil(tokens)} tokens, more than the ${maxTokens} of the window.`
      await context.notice?.(text, { tokens: Math.ceil(tokens), maxTokens, messages: messages.length })
    }
    return messages
  }

  get #compressible(): Compressible {
    return {
      messages: () => this.get(),
      keep: this.#keep,
      replace: (messages, summary) => this.#replace(messages, summary),
    }
  }

  #replace(messages: readonly Msg[], summary: Msg): boolean {
    if (messages.some((message) => this.#messages.get(message.id) !== message)) return false
    const replaced = new Set(messages.map(({ id }) => id))
    const rest = new Map<string, Msg>()
    for (const [id, message] of this.#messages) {
      if (!replaced.has(id)) rest.set(id, message)
      else if (!rest.has(summary.id)) rest.set(summary.id, summary)
    }
    this.#messages = rest
    return true
  }
}

function isList(messages: Memorable): messages is readonly (Msg | null | undefined)[] {
  return Array.isArray(messages)
}
