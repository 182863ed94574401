// What one request spends of a budget: estimated while its answer streams, set right when the provider has counted.
import type { BudgetError } from '../core/error.ts'
import type { Usage } from '../core/usage.ts'
import { estimatedTokens } from './token-estimate.ts'

/** What an account is kept for. */
export interface Spender {
  modelName: string
  configName: string
  /** An estimate of what is sent. */
  inputTokens: number
  /** Another one has used up the budget: stop now. */
  stop(error: BudgetError): void
}

/** How far the last piece may go beyond a budget before it is cut. */
const toleratedTokens = 40

/** The book that an account writes into; `spend` takes differences. */
interface Book {
  spend(difference: Usage): void
  /** By how many output tokens the budget is over; below 0 when it is not. */
  tokensOver(): number
  close(isCounted: boolean): void
}

type Counts = Required<Pick<Usage, 'inputTokens' | 'outputTokens' | 'cachedInputTokens' | 'cacheWriteInputTokens'>>

const nothing: Counts = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteInputTokens: 0 }

export class Account {
  readonly spender: Spender
  readonly #book: Book
  #booked: Counts = nothing
  /** Tokens of what has been said, estimated. */
  #said = 0
  #reported = 0
  #saidThen = 0
  /** How often the provider's own count has grown: one that grows twice is a running count. */
  #growths = 0
  #closed = false

  constructor(spender: Spender, book: Book) {
    this.spender = spender
    this.#book = book
  }

  begin(): void {
    this.#set({ ...nothing, inputTokens: this.spender.inputTokens })
  }

  /** Counts a piece that came; returns how many of its characters are within the budget. A piece is a token at least. */
  say(piece: string): number {
    const tokens = Math.max(1, estimatedTokens(piece))
    this.#said += tokens
    this.#set({ ...this.#booked, outputTokens: this.#count() })
    const beyond = this.#book.tokensOver() - toleratedTokens
    if (beyond <= 0) return piece.length
    return Math.max(0, Math.floor(piece.length * (1 - beyond / tokens)))
  }

  /** Notes what the provider has counted so far. */
  report({ outputTokens = 0 }: Usage): void {
    if (outputTokens === this.#reported) return
    this.#growths += 1
    this.#reported = outputTokens
    this.#saidThen = this.#said
    this.#set({ ...this.#booked, outputTokens: this.#count() })
  }

  /** By how many tokens the budget would be over, were this the usage. */
  overWith({ outputTokens = this.#booked.outputTokens }: Usage): number {
    return this.#book.tokensOver() + outputTokens - this.#booked.outputTokens
  }

  /**
   * The request is over. `usage` is the provider's count: the whole, or (`isPartial`) what it had counted when the request
   * was stopped, which may be less than what was said.
   */
  close(usage: Usage | undefined, isPartial: boolean): void {
    if (this.#closed) return
    this.#closed = true
    const { inputTokens, outputTokens } = this.#booked
    const counted = isPartial ? Math.max(outputTokens, usage?.outputTokens ?? 0) : (usage?.outputTokens ?? outputTokens)
    const isCounted = usage?.outputTokens !== undefined && !isPartial
    this.#set({
      inputTokens: usage?.inputTokens ?? inputTokens,
      outputTokens: counted,
      cachedInputTokens: usage?.cachedInputTokens ?? 0,
      cacheWriteInputTokens: usage?.cacheWriteInputTokens ?? 0,
    })
    this.#book.close(isCounted)
  }

  /** The provider refused the request: nothing was spent. */
  cancel(): void {
    if (this.#closed) return
    this.#closed = true
    this.#set(nothing)
    this.#book.close(true)
  }

  #count(): number {
    if (this.#growths >= 2) return this.#reported + this.#said - this.#saidThen
    return Math.max(this.#said, this.#reported)
  }

  #set(counts: Counts): void {
    const before = this.#booked
    this.#booked = counts
    this.#book.spend({
      inputTokens: counts.inputTokens - before.inputTokens,
      outputTokens: counts.outputTokens - before.outputTokens,
      cachedInputTokens: counts.cachedInputTokens - before.cachedInputTokens,
      cacheWriteInputTokens: counts.cacheWriteInputTokens - before.cacheWriteInputTokens,
    })
  }
}
