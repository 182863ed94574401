// What the messages of one memory weigh: each counted once, corrected by what the provider says it was sent.
import type { Msg } from '../core/message.ts'
import { checkMessage } from '../core/message-check.ts'
import type { Usage } from '../core/usage.ts'
import type { RecallContext } from './memory.ts'
import { isOpenAIModel, openaiTokens } from './openai-tokens.ts'
import { type TokenCounter, usageTokens } from './tokens.ts'

interface Counted {
  tokens: number
  content: Msg['content']
  length: number
}

/** Counts for one call, ready to be asked. */
export interface Scale {
  /** Tokens of one message. */
  weigh(message: Msg): number
  /** Tokens that go along with any messages: what the wire adds, and the system prompt and tools once they are known. */
  readonly besides: number
  /** Remembers what is handed out, to be compared with the usage that comes back. */
  handOut(messages: readonly Msg[]): void
}

/** Holds counts only as long as their messages live. */
export class Weights {
  readonly #given: TokenCounter | undefined
  readonly #counters = new Map<string, Promise<TokenCounter>>()
  readonly #counts = new WeakMap<TokenCounter, WeakMap<Msg, Counted>>()
  /** What was handed out last, as it was counted. */
  #handed: number | undefined
  /** The last usage that was taken in, and what had been handed out for it. */
  #usage: Usage | undefined
  #sent: number | undefined

  constructor(counter: TokenCounter | undefined) {
    this.#given = counter
  }

  /**
   * Counts what is new of all that is remembered.
   *
   * @throws ConfigError when the counter that was asked for cannot be loaded; InputError naming what is no block.
   */
  async open({ model, usage }: RecallContext, messages: readonly Msg[]): Promise<Scale> {
    const counter = await this.#counterFor(model?.modelName)
    for (const [at, message] of messages.entries()) this.#count(counter, message, at)
    this.#takeIn(usage)
    const count = (message: Msg) => this.#count(counter, message)
    const { perRequest = 0, isEstimate = false } = counter
    const handOut = (messages: readonly Msg[]) => {
      this.#handed = messages.reduce((sum, message) => sum + count(message), perRequest)
    }
    const measured = this.#usage?.inputTokens
    const counted = this.#sent
    if (measured === undefined || counted === undefined) return { weigh: count, besides: perRequest, handOut }
    // More than was counted is what went along unseen. Less, for an estimate, means that it sees everything too big.
    if (measured >= counted || !isEstimate) {
      return { weigh: count, besides: perRequest + Math.max(0, measured - counted), handOut }
    }
    const share = measured / counted
    return { weigh: (message) => count(message) * share, besides: perRequest * share, handOut }
  }

  /** A usage that is there again belongs to an older call: the one between them has failed and measured nothing. */
  #takeIn(usage: Usage | undefined): void {
    if (usage?.inputTokens === undefined || isSame(usage, this.#usage)) return
    this.#usage = usage
    this.#sent = this.#handed
  }

  #count(counter: TokenCounter, message: Msg, at?: number): number {
    const counts = this.#counts.get(counter) ?? new WeakMap<Msg, Counted>()
    this.#counts.set(counter, counts)
    const { content } = message
    const known = counts.get(message)
    if (known?.content === content && known.length === content.length) return known.tokens
    if (at !== undefined) checkMessage(message, at)
    const tokens = counter.count(message)
    counts.set(message, { tokens, content, length: content.length })
    return tokens
  }

  async #counterFor(modelName = ''): Promise<TokenCounter> {
    if (this.#given !== undefined) {
      await this.#given.prepare?.()
      return this.#given
    }
    const counter = this.#counters.get(modelName) ?? defaultCounter(modelName)
    this.#counters.set(modelName, counter)
    return counter
  }
}

/** OpenAI's models are counted with their tokenizer when it is installed, everything else by usage. */
async function defaultCounter(modelName: string): Promise<TokenCounter> {
  if (!isOpenAIModel(modelName)) return usageTokens()
  const counter = openaiTokens({ modelName })
  try {
    await counter.prepare?.()
    return counter
  } catch {
    // It is not installed, and nobody has asked for it.
    return usageTokens()
  }
}

function isSame(one: Usage, other: Usage | undefined): boolean {
  return one.inputTokens === other?.inputTokens && one.outputTokens === other?.outputTokens
}
