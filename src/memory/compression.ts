// When older messages give way to a summary: which of them, one summary at a time, and what happens when it fails.
import type { Msg } from '../core/message.ts'
import { until } from '../core/until.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import { aborted } from './aborting.ts'
import { groupsOf, isSystem } from './groups.ts'
import type { RecallContext } from './memory.ts'
import { isSummary, type Summary, summaryOf } from './summary.ts'
import type { Scale } from './weights.ts'

export interface CompressionOptions {
  /** Writes the summaries; it may be a smaller one than the agent's. It is asked with its own options, streaming or not. */
  model: ChatWrapper
  /**
   * A request heavier than this is compressed, in tokens, as soon as a tenth of that can be summarised. Default: the
   * window's `maxTokens`.
   */
  triggerTokens?: number
  /** How many tokens of the newest messages stay word for word. Default: half of `triggerTokens`. */
  keepTokens?: number
  /** How many of the newest messages stay word for word at most. Default: as many as `keepTokens` allows. */
  keepRecent?: number
  /**
   * How many tokens of conversation the model is given at once, by estimate. More is summarised in portions, each with
   * the summary of those before it. Default: everything at once.
   */
  portionTokens?: number
  /** What the model is told. Default: a text that asks for what an agent needs to go on. */
  instruction?: string
}

export type CompressionPlan = Required<CompressionOptions>

/** The memory, as far as a compression needs it. */
export interface Compressible {
  messages(): Msg[]
  keep(message: Msg): boolean
  /** Puts the summary where the first of them is. Does nothing and returns false when one of them is gone. */
  replace(messages: readonly Msg[], summary: Msg): boolean
}

export class Compression {
  readonly #plan: CompressionPlan
  #running: Promise<void> | undefined
  /** Failures in a row, and how many recalls go by before the next attempt. */
  #failures = 0
  #pause = 0

  constructor(plan: CompressionPlan) {
    this.#plan = plan
  }

  /**
   * Compresses when it is time to. Whoever comes while a summary is made waits for it. What fails is told by a notice
   * and changes nothing; the next attempts come after 1, 3, 7, then always 15 more recalls.
   *
   * @throws AbortedError when the signal fires.
   */
  async apply(memory: Compressible, scale: Scale, context: RecallContext): Promise<void> {
    while (this.#running !== undefined) await until(this.#running, context.signal, aborted)
    const older = this.#older(memory, scale)
    if (older.length === 0) return
    if (this.#pause > 0) {
      this.#pause -= 1
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#running = promise
    try {
      await this.#compress(older, memory, scale, context)
    } finally {
      this.#running = undefined
      resolve()
    }
  }

  async #compress(older: readonly Msg[], memory: Compressible, scale: Scale, context: RecallContext): Promise<void> {
    const count = `${older.length} messages`
    const made = await this.#summarise(older, context)
    if (made instanceof Error) {
      await context.notice?.(`${count} could not be summarised, and stay as they are: ${made.message}`)
      return
    }
    const { message, usage } = made
    if (!memory.replace(older, message)) {
      await context.notice?.(`The summary of ${count} was thrown away: some of them were deleted meanwhile.`)
      return
    }
    const tokensBefore = Math.ceil(weightOf(older, scale))
    const tokensAfter = Math.ceil(scale.weigh(message))
    const details = { summaryId: message.id, messages: older.length, tokensBefore, tokensAfter, usage }
    const text = `${count} (${tokensBefore} tokens) were summarised in ${tokensAfter} tokens.`
    await context.notice?.(text, details)
  }

  async #summarise(messages: readonly Msg[], { signal, ask }: RecallContext): Promise<Summary | Error> {
    try {
      const made = await summaryOf({ ...this.#plan, messages, signal, ask })
      this.#failures = 0
      return made
    } catch (error) {
      if (signal?.aborted) throw aborted(signal, error)
      this.#failures += 1
      this.#pause = Math.min(2 ** this.#failures - 1, 15)
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  /** The messages that are to be summarised now: whole groups, none when it is not time or nothing would be gained. */
  #older({ messages, keep }: Compressible, scale: Scale): Msg[] {
    const { triggerTokens, keepTokens, keepRecent } = this.#plan
    const all = messages()
    if (scale.besides + weightOf(all, scale) <= triggerTokens) return []
    const groups = groupsOf(all)
    let tokens = 0
    let count = 0
    let first = groups.length
    while (first > 0) {
      const { messages: group } = groups[first - 1]!
      tokens += weightOf(group, scale)
      count += group.length
      if (first < groups.length && (tokens > keepTokens || count > keepRecent)) break
      first -= 1
    }
    const older = groups
      .slice(0, first)
      .filter(({ messages: group }) => !group.some(keep))
      .flatMap((group) => group.messages)
    if (older[0] !== undefined && older[0] === all[0] && isSystem(older[0])) older.shift()
    // A summary of next to nothing would be made again at every turn, for what is heavy stands elsewhere.
    const gain = weightOf(
      older.filter((message) => !isSummary(message)),
      scale,
    )
    return gain * 10 < triggerTokens || gain === 0 ? [] : older
  }
}

function weightOf(messages: readonly Msg[], scale: Scale): number {
  return messages.reduce((sum, message) => sum + scale.weigh(message), 0)
}
