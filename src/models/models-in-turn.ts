// The models that may answer, in turn: the one that was asked, those that stand in for it, and a second request when it is late.
import { AgentScopeError, type BudgetError, errorInfo, messageOf, ProviderError } from '../core/error.ts'
import type { Metadata } from '../core/message.ts'
import type { AfterBreak } from './after-break.ts'
import type { GoingOn } from './going-on.ts'
import { hedged } from './hedged-request.ts'
import type { JoinedEvents } from './joined-events.ts'
import { type Inquiry, RequestLeg } from './request-leg.ts'
import { type ModelOf, modelOf } from './resilient-report.ts'

export interface ResilientPlan {
  id: string
  provider: string
  afterBreak: AfterBreak
  signal: AbortSignal | undefined
  isStreaming: boolean
  /** The question to the model itself and to each that stands in for it; made when it is needed, which may throw. */
  inquiries: readonly (() => Inquiry)[]
}

/** Tells of every change in the events, and notes it for the metadata. */
export class ModelsInTurn {
  readonly #plan: ResilientPlan
  readonly #signal: AbortSignal
  readonly #events: JoinedEvents
  readonly #stopForBudget: (error: BudgetError) => void
  #at = 0
  readonly #failures: string[] = []
  /** The question to the model whose turn it is. */
  inquiry: Inquiry
  notes: Metadata = {}

  /** Throws as the first question does when it cannot be asked. */
  constructor(
    plan: ResilientPlan,
    signal: AbortSignal,
    events: JoinedEvents,
    stopForBudget: (error: BudgetError) => void,
  ) {
    this.#plan = plan
    this.#signal = signal
    this.#events = events
    this.#stopForBudget = stopForBudget
    this.inquiry = this.#inquiryAt(0)
  }

  /**
   * Asks the model whose turn it is, and those behind it until one answers.
   *
   * @throws the error of the last one.
   */
  async ask(): Promise<RequestLeg> {
    while (true) {
      try {
        return await this.#openOne()
      } catch (error) {
        if (!this.fallBack(error)) throw this.#lastFailure(error)
      }
    }
  }

  async #openOne(): Promise<RequestLeg> {
    const { hedgeAfterMs } = this.#plan.afterBreak
    if (hedgeAfterMs === undefined) return this.open(this.#signal)
    const startedAt = performance.now()
    const { leg, won, loser, haveBothFailed } = await hedged({
      afterMs: hedgeAfterMs,
      open: (signal) => this.open(AbortSignal.any([signal, this.#signal])),
      second: () => this.#tellSecond(hedgeAfterMs),
    })
    if (won !== undefined) this.#tellWinner(won, loser, performance.now() - startedAt)
    if (haveBothFailed && !this.#signal.aborted) this.#events.notice('hedged', 'Both requests failed.', {})
    return leg
  }

  /** One request to the model whose turn it is. */
  open(signal: AbortSignal, goingOn?: GoingOn): Promise<RequestLeg> {
    return RequestLeg.open(this.inquiry, {
      id: this.#plan.id,
      signal,
      budgets: this.#plan.afterBreak.budgets,
      goingOn,
      stop: this.#stopForBudget,
      told: (notices) => {
        for (const notice of notices) this.#events.feed(notice)
      },
    })
  }

  #tellSecond(afterMs: number): void {
    const text = `${this.inquiry.provider} has not begun within ${afterMs} ms. A second request was sent.`
    this.#events.notice('hedged', text, { afterMs })
  }

  #tellWinner(won: 1 | 2, loser: RequestLeg | undefined, afterMs: number): void {
    const usage = loser?.reply.usage
    const cost = usage === undefined ? 'what it cost is not known' : 'what it cost is told'
    const text = `The ${won === 1 ? 'first' : 'second'} request answered; the other one was closed, and ${cost}.`
    const details = { won, afterMs: Math.round(afterMs), ...(usage !== undefined && { loserUsage: usage }) }
    this.notes = { ...this.notes, hedge: details }
    this.#events.notice('hedged', text, details)
  }

  /** Goes over to the next model when there is one and another model may help. */
  fallBack(error: unknown): boolean {
    if (!(error instanceof AgentScopeError)) return false
    this.#failures.push(`${this.inquiry.configName}: ${error.message}`)
    if (this.#signal.aborted || !this.#mayReplace(error)) return false
    const from = this.inquiry
    while (this.#at + 1 < this.#plan.inquiries.length) {
      this.#at += 1
      const next = this.#inquiryOrFailure(this.#at)
      if (next === undefined) continue
      this.inquiry = next
      this.#tellReplaced(modelOf(from), modelOf(next), error)
      return true
    }
    return false
  }

  /** A model that cannot be asked this question is passed over. */
  #inquiryOrFailure(at: number): Inquiry | undefined {
    try {
      const inquiry = this.#inquiryAt(at)
      for (const budget of this.#plan.afterBreak.budgets) budget.demandPrice(inquiry)
      return inquiry
    } catch (error) {
      const text = `A fallback cannot be asked: ${messageOf(error)}`
      this.#failures.push(text)
      this.#events.notice('replaced', text, { passedOver: true })
      return undefined
    }
  }

  #inquiryAt(at: number): Inquiry {
    return (this.#plan.inquiries[at] as () => Inquiry)()
  }

  #tellReplaced(from: ModelOf, to: ModelOf, error: AgentScopeError): void {
    const before = Array.isArray(this.notes['replaced']) ? (this.notes['replaced'] as Metadata[]) : []
    const details = { from, to, error: errorInfo(error) }
    this.notes = { ...this.notes, replaced: [...before, details], answeredBy: to }
    const text = `${from.configName} failed: ${error.message} ${to.configName} answers in its place.`
    this.#events.notice('replaced', text, details)
  }

  /** When several have failed, the error tells of all. */
  #lastFailure(error: unknown): unknown {
    if (this.#failures.length < 2 || !(error instanceof AgentScopeError) || !this.#mayReplace(error)) return error
    const { status, code, requestId, retryable, retryAfterMs } = error
    return new ProviderError(`None of the models answered. ${this.#failures.join(' ')}`, {
      provider: this.inquiry.provider,
      retryable,
      ...(status !== undefined && { status }),
      ...(code !== undefined && { code }),
      ...(requestId !== undefined && { requestId }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      cause: error,
      advice: error.advice ?? 'Look at what each of them said.',
    })
  }

  /**
   * Not for what was stopped or is spent, nor for a question that is wrong in itself: what only a stand-in cannot be asked
   * is no fault of the question.
   */
  #mayReplace({ type, status }: AgentScopeError): boolean {
    if (type === 'aborted' || type === 'budget') return false
    if (this.#at > 0) return true
    return type !== 'config' && (type !== 'input' || status !== undefined)
  }
}
