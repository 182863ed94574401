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

/** A piece is a token at least. */
function tokensIn(piece: string): number {
  return Math.max(1, estimatedTokens(piece))
}

export class Account {
  readonly spender: Spender
  readonly #book: Book
  #booked: Counts = nothing
  /** Tokens of what has been said, estimated. */
  #said = 0
  /** What the provider had counted when so much had been said. */
  #reported = 0
  #saidThen = 0
  /** It counts while it streams, so that its count takes the place of the estimate. */
  #isRunning = false
  /** What it has counted of pieces that are still to be said here: so much when so much will have been said. */
  #ahead: { reported: number; said: number } | undefined
  #closed = false

  constructor(spender: Spender, book: Book) {
    this.spender = spender
    this.#book = book
  }

  begin(): void {
    this.#set({ ...nothing, inputTokens: this.spender.inputTokens })
  }

  /** Counts a piece that came; returns how many of its characters are within the budget. */
  say(piece: string): number {
    const before = this.#booked.outputTokens
    this.#said += tokensIn(piece)
    this.#set({ ...this.#booked, outputTokens: this.#count() })
    const beyond = this.#book.tokensOver() - toleratedTokens
    if (beyond <= 0) return piece.length
    const tokens = this.#booked.outputTokens - before
    return Math.min(piece.length, Math.max(0, Math.floor(piece.length * (1 - beyond / tokens))))
  }

  /** The provider counts while it streams; with these pieces, which are to be said next, it has counted so many tokens. */
  foresee(outputTokens: number, pieces: readonly string[]): void {
    if (this.#closed) return
    let said = this.#said
    for (const piece of pieces) said += tokensIn(piece)
    this.#isRunning = true
    this.#ahead = { reported: outputTokens, said }
    this.#set({ ...this.#booked, outputTokens: this.#count() })
  }

  /** Notes what the provider has counted so far, when it does not count while it streams. */
  report({ outputTokens = 0 }: Usage): void {
    if (this.#isRunning || outputTokens === this.#reported) return
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
    const ahead = this.#ahead
    if (ahead !== undefined && this.#said < ahead.said) {
      const share = (this.#said - this.#saidThen) / (ahead.said - this.#saidThen)
      return this.#reported + (ahead.reported - this.#reported) * share
    }
    if (ahead !== undefined) {
      this.#reported = ahead.reported
      this.#saidThen = this.#said
      this.#ahead = undefined
    }
    if (this.#isRunning) return this.#reported + this.#said - this.#saidThen
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
