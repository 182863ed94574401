// One request of several that make up a reply: its question, its events, and what it spends.
import type { AgentScopeError, BudgetError } from '../core/error.ts'
import type { StreamEvent } from '../core/event.ts'
import { EventWriter } from '../core/writer.ts'
import type { Counted } from './attempt.ts'
import type { Budget } from './budget.ts'
import { Account } from './budget-account.ts'
import type { Broken, GoingOn } from './going-on.ts'
import type { Reply } from './reply.ts'
import type { StructuredCall } from './structured.ts'

/** A question to one model, ready to be sent, as often as needed. */
export interface Inquiry {
  readonly configName: string
  readonly modelName: string
  readonly provider: string
  readonly secrets: readonly string[]
  readonly structured: StructuredCall | undefined
  /** The answer is held to a form by the wire, so that nothing can be gone on with. */
  readonly isHeldToForm: boolean
  /** An estimate of what is sent. */
  readonly inputTokens: number
  goingOn(broken: Broken): GoingOn
  /** Sends it. Throws as `Reply.open` does. */
  open(writer: EventWriter, signal: AbortSignal, goingOn?: GoingOn): Promise<Reply>
}

/** How a request is to be opened. */
export interface LegOptions {
  /** The id of the message. */
  id: string
  signal: AbortSignal
  budgets: readonly Budget[]
  goingOn?: GoingOn | undefined
  /** Another one has used up a budget that this one shares. */
  stop(error: BudgetError): void
  /** What was told on the way to a refusal. */
  told(notices: StreamEvent[]): void
}

export class RequestLeg {
  readonly inquiry: Inquiry
  readonly reply: Reply
  readonly way: GoingOn['way'] | undefined
  readonly #writer: EventWriter
  readonly #accounts: readonly Account[]
  readonly #budgets: readonly Budget[]
  /** Events that were read and not asked for yet. */
  #early: StreamEvent[] = []
  /** What the provider had counted with the last read, and how many of the events above that stands behind. */
  #counted: Counted | undefined
  #behind: number | undefined

  private constructor(inquiry: Inquiry, reply: Reply, writer: EventWriter, accounts: Account[], options: LegOptions) {
    this.inquiry = inquiry
    this.reply = reply
    this.way = options.goingOn?.way
    this.#writer = writer
    this.#accounts = accounts
    this.#budgets = options.budgets
  }

  /**
   * Sends the request and waits for the headers.
   *
   * @throws BudgetError when nothing is left to spend; what `Reply.open` throws.
   */
  static async open(inquiry: Inquiry, options: LegOptions): Promise<RequestLeg> {
    const { id, signal, budgets, goingOn, stop } = options
    const { modelName, configName, inputTokens, secrets } = inquiry
    const accounts: Account[] = []
    const writer = new EventWriter({ id, name: modelName, secrets })
    try {
      for (const budget of budgets) accounts.push(budget.open(Account, { modelName, configName, inputTokens, stop }))
      const reply = await inquiry.open(writer, signal, goingOn)
      return new RequestLeg(inquiry, reply, writer, accounts, options)
    } catch (error) {
      for (const account of accounts) signal.aborted ? account.close(undefined, true) : account.cancel()
      options.told(writer.take().filter(({ type }) => type === 'notice'))
      throw error
    }
  }

  get contentSeen(): boolean {
    return this.#writer.contentSeen
  }

  /** Whether it is over, and nothing has come of it. */
  get hasFailed(): boolean {
    const { ending } = this.reply
    return ending !== undefined && !ending.complete && !this.contentSeen
  }

  /** Reads until there is content or an end. */
  async firstContent(): Promise<void> {
    while (this.reply.ending === undefined && !this.contentSeen) {
      await this.reply.pull()
      this.#collect()
    }
  }

  /** Reads on when there is nothing to take. */
  async pull(): Promise<void> {
    if (this.#early.length === 0) await this.reply.pull()
  }

  take(): StreamEvent[] {
    this.#collect()
    const [events, behind] = [this.#early, this.#behind]
    this.#early = []
    this.#behind = undefined
    if (behind !== undefined) this.#foresee(events.slice(0, behind))
    return events
  }

  #collect(): void {
    if (this.#accounts.length > 0) this.#noteCount(this.reply.counted)
    for (const event of this.#writer.take()) this.#early.push(event)
  }

  #noteCount(counted: Counted): void {
    const isNew = counted.changes !== this.#counted?.changes
    if (isNew && counted.changes > 1) this.#behind = this.#early.length + counted.events
    this.#counted = counted
  }

  /** The provider counts while it streams, and has counted these: its count takes the place of the estimate. */
  #foresee(events: readonly StreamEvent[]): void {
    const outputTokens = this.#counted?.usage?.outputTokens
    if (outputTokens === undefined) return
    const pieces = events.flatMap((event) => ('delta' in event ? [event.delta] : []))
    for (const account of this.#accounts) account.foresee(outputTokens, pieces)
  }

  /**
   * Counts a piece and returns how much of it is within the budgets; with an error when one is used up by it. Pieces of an
   * answer that is whole, and that its provider has counted, are never cut.
   */
  spend(piece: string): { length: number; error?: BudgetError } {
    if (this.#accounts.length === 0) return { length: piece.length }
    const length = Math.min(...this.#accounts.map((account) => account.say(piece)))
    const over = this.#budgets.findIndex((budget) => budget.isOver)
    return over < 0 ? { length: piece.length } : { length, error: this.#usedUp(over) }
  }

  /** Whether the whole answer, as its provider counted it, is within the budgets. */
  get fits(): boolean {
    const { ending, usage } = this.reply
    if (this.#accounts.length === 0) return true
    if (ending?.complete !== true || usage?.outputTokens === undefined) return false
    return this.#accounts.every((account) => account.overWith(usage) <= 0)
  }

  /** Notes what the provider has counted so far. */
  report(): BudgetError | undefined {
    const usage = this.#counted?.usage
    if (usage === undefined) return undefined
    for (const account of this.#accounts) account.report(usage)
    const over = this.#budgets.findIndex((budget) => budget.isOver)
    return over < 0 ? undefined : this.#usedUp(over)
  }

  /** Stops it: the socket closes now. */
  cancel(error?: AgentScopeError): void {
    this.reply.cancel(error)
    this.close()
  }

  /** It is over: its provider's counts are booked. */
  close(): void {
    const { usage, ending } = this.reply
    for (const account of this.#accounts) account.close(usage, ending?.complete !== true)
  }

  #usedUp(at: number): BudgetError {
    const budget = this.#budgets[at] as Budget
    const error = budget.error('Stopped')
    budget.stopOthers(this.#accounts[at] as Account, error)
    return error
  }
}
