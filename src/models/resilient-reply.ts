// A reply that survives: another request goes on where one broke, stands in for one that failed, or overtakes a late one.
// One file, because its turns (asking, speaking, going on, ended) must be seen side by side. It stands above `Reply`, which
// stays one request; without any of the options there is no such layer.
import type { Ending } from '../core/ending.ts'
import { AgentScopeError, type BudgetError, errorInfo, messageOf, WireError } from '../core/error.ts'
import type { StreamEvent } from '../core/event.ts'
import type { Metadata } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'
import { abortedBy } from '../stream/network-error.ts'
import type { Answering } from './answering.ts'
import type { GoingOn } from './going-on.ts'
import { JoinedEvents } from './joined-events.ts'
import { ModelsInTurn, type ResilientPlan } from './models-in-turn.ts'
import type { RequestLeg } from './request-leg.ts'
import { attemptOf, modelOf, summedUsage } from './resilient-report.ts'
import type { StructuredCall } from './structured.ts'

export class ResilientReply implements Answering {
  readonly events: JoinedEvents
  readonly #plan: ResilientPlan
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  readonly #askedAt = performance.now()
  readonly #models: ModelsInTurn
  #leg: RequestLeg | undefined
  /** What is to be done before anything more can be read. */
  #next: 'ask' | 'go-on' | undefined
  #attemptsLeft: number
  /** How the last request that said something broke. */
  #brokenEnding: Ending | undefined
  #brokenError: AgentScopeError | undefined
  readonly #attempts: Metadata[] = []
  readonly #usages: (Usage | undefined)[] = []

  ending: Ending | undefined
  error: AgentScopeError | undefined
  usage: Usage | undefined
  firstContentMs: number | undefined
  durationMs: number | undefined

  private constructor(plan: ResilientPlan) {
    this.#plan = plan
    this.#signal = AbortSignal.any([this.#stop.signal, ...(plan.signal === undefined ? [] : [plan.signal])])
    this.#attemptsLeft = plan.afterBreak.continueAttempts
    this.events = new JoinedEvents(plan.id)
    this.#models = new ModelsInTurn(plan, this.#signal, this.events, (error) => this.#stopForBudget(error))
  }

  /**
   * Asks, and resolves when the headers of an answer are there (with `hedgeAfterMs`: its first content). The reply must be
   * pulled to its end or cancelled.
   *
   * @throws the error of the last model that was asked; BudgetError when nothing is left to spend; AbortedError when it
   * was stopped before any content.
   */
  static async open(plan: ResilientPlan): Promise<ResilientReply> {
    const reply = new ResilientReply(plan)
    try {
      reply.#leg = await reply.#models.ask()
    } catch (error) {
      throw reply.error ?? error
    }
    if (reply.error !== undefined) {
      reply.#leg.cancel(reply.error)
      throw reply.error
    }
    if (plan.signal?.aborted === true && !reply.#leg.contentSeen) throw reply.#abortedBy(plan.signal)
    reply.events.start(reply.#models.inquiry.modelName)
    return reply
  }

  /** How the model that answers was asked for a value. */
  get structured(): StructuredCall | undefined {
    return this.#models.inquiry.structured
  }

  get metadata(): Metadata {
    const told = this.#leg?.reply.metadata ?? {}
    const attempts = this.#attempts.length > 1 ? { attempts: this.#attempts } : {}
    return { ...told, ...this.#models.notes, ...attempts }
  }

  get raw(): unknown {
    return this.#leg?.reply.raw ?? null
  }

  get requestId(): string | undefined {
    return this.#leg?.reply.requestId
  }

  async pull(): Promise<void> {
    while (this.ending === undefined && this.events.events.length === 0) await this.#step()
  }

  async pullAll(): Promise<void> {
    while (this.ending === undefined) await this.#step()
  }

  cancel(error?: AgentScopeError): void {
    if (this.ending !== undefined) return
    const leg = this.#leg
    leg?.cancel(error)
    this.#stop.abort(error)
    if (leg !== undefined) this.#feedAll(leg.take())
    this.#aborted(error)
  }

  async #step(): Promise<void> {
    try {
      if (this.#next === 'ask') return await this.#askAnew()
      if (this.#next === 'go-on') return await this.#goOn()
      const leg = this.#leg as RequestLeg
      await leg.pull()
      if (this.ending === undefined) this.#receive(leg)
    } catch (error) {
      if (this.ending === undefined) this.#failed(error)
    }
  }

  async #askAnew(): Promise<void> {
    try {
      const leg = await this.#models.ask()
      this.#leg = leg
      this.#next = undefined
    } catch (error) {
      if (this.ending === undefined) this.#failed(error)
    }
  }

  // Speaking.

  #receive(leg: RequestLeg): void {
    const events = leg.take()
    if (leg.reply.ending !== undefined) return this.#conclude(leg, events, leg.reply.ending)
    const { within, usedUp } = withinBudgets(leg, events)
    this.#feedAll(within)
    const error = usedUp ?? leg.report()
    if (error !== undefined) this.#stopForBudget(error)
  }

  #feed(event: StreamEvent): void {
    this.events.feed(event)
    if (this.firstContentMs === undefined && this.events.contentSeen) {
      this.firstContentMs = performance.now() - this.#askedAt
    }
  }

  #feedAll(events: readonly StreamEvent[]): void {
    for (const event of events) this.#feed(event)
  }

  /** The request is over: the reply too, or another one goes on. */
  #conclude(leg: RequestLeg, events: StreamEvent[], ending: Ending): void {
    const { error } = leg.reply
    const nothingCame = leg.hasFailed && !this.events.contentSeen
    const counted = leg.fits ? { within: events } : withinBudgets(leg, events)
    // What came in one piece has been spent already: to cut it would save nothing.
    const { within, usedUp } = this.#plan.isStreaming ? counted : { within: events }
    if (usedUp !== undefined) {
      this.#feedAll(within)
      return this.#stopForBudget(usedUp)
    }
    leg.close()
    this.#note(leg, ending)
    if (nothingCame && this.#models.fallBack(error)) {
      this.#feedAll(within)
      this.#next = 'ask'
    } else if (isBroken(ending)) this.#breakOff(leg, within, ending, error)
    else {
      this.#feedAll(within)
      if (this.#broughtNothing(leg, ending)) this.#endAsItBroke(ending)
      else this.#over(leg, ending, error)
    }
  }

  /** Goes on when it may; else the honest ending stays, and a notice says why. */
  #breakOff(leg: RequestLeg, events: StreamEvent[], ending: Ending, error: AgentScopeError | undefined): void {
    if (leg.contentSeen || this.#brokenEnding === undefined) {
      this.#brokenEnding = ending
      this.#brokenError = error
    }
    const wanted = this.#plan.afterBreak.continueAttempts > 0 && (leg.contentSeen || this.events.contentSeen)
    if (wanted && this.#attemptsLeft > 0) this.events.feedBroken(events.filter(({ type }) => type !== 'message-end'))
    else this.#feedAll(events)
    const obstacle = this.#models.inquiry.isHeldToForm ? 'an answer of a given form' : this.events.obstacle
    if (wanted && this.#attemptsLeft > 0 && obstacle === undefined && !this.#signal.aborted) {
      this.#next = 'go-on'
      return
    }
    if (wanted) {
      const why = obstacle === undefined ? 'The attempts are used up' : `It broke in ${obstacle}`
      this.events.notice('not-resumed', `${why}, so it ends here.`, { ...(obstacle !== undefined && { obstacle }) })
    }
    this.#over(leg, this.#brokenEnding, this.#brokenError)
  }

  // Going on.

  async #goOn(): Promise<void> {
    const attempt = this.#plan.afterBreak.continueAttempts - this.#attemptsLeft + 1
    this.#attemptsLeft -= 1
    const { text, thought } = this.events
    const goingOn = this.#models.inquiry.goingOn({ text, thought })
    try {
      const leg = await this.#models.open(this.#signal, goingOn)
      if (this.ending !== undefined) return
      this.#leg = leg
      this.#next = undefined
      this.events.goOn(goingOn)
      const error = this.#brokenError && errorInfo(this.#brokenError)
      const details = { attempt, way: goingOn.way, characters: text.length, ...(error !== undefined && { error }) }
      this.events.notice(
        'resumed',
        `The answer broke off. ${this.#models.inquiry.provider} ${inWords[goingOn.way]}.`,
        details,
      )
    } catch (error) {
      if (this.ending === undefined) this.#notResumed(error)
    }
  }

  /** Whether a request to go on is over and has said nothing, however it ended: then half a sentence is half of one. */
  #broughtNothing({ way, contentSeen }: RequestLeg, { reason }: Ending): boolean {
    if (way === undefined || reason === 'aborted') return false
    return way === 'again' ? !contentSeen : !this.events.wentOn
  }

  #endAsItBroke({ reason }: Ending): void {
    const text = 'The request to go on brought nothing, so the answer ends where it broke off.'
    this.events.notice('not-resumed', text, { reason })
    this.#end(this.#brokenEnding as Ending, this.#brokenError)
  }

  #notResumed(error: unknown): void {
    if (this.#signal.aborted || !(error instanceof AgentScopeError)) return this.#failed(error)
    this.#attempts.push({ ...modelOf(this.#models.inquiry), error: errorInfo(error) })
    if (this.#attemptsLeft > 0 && error.retryable) return
    this.events.notice('not-resumed', `It could not be gone on with: ${error.message}`, { error: errorInfo(error) })
    this.#end(this.#brokenEnding as Ending, this.#brokenError)
  }

  // Ending.

  /** Another one has used up a budget, or this one has: what was said until now stays. */
  #stopForBudget(error: BudgetError): void {
    if (this.ending !== undefined) return
    this.#leg?.cancel(error)
    this.#stop.abort(error)
    this.events.notice('budget', error.message, { spent: error.spent })
    this.#aborted(error)
  }

  #aborted(error: AgentScopeError | undefined): void {
    const ending: Ending = {
      reason: 'aborted',
      complete: false,
      ...(error !== undefined && { error: errorInfo(error) }),
    }
    if (this.#leg !== undefined && this.#next === undefined) this.#note(this.#leg, ending)
    this.#end(ending, error)
  }

  /** No request is there any more, and no other can be made. */
  #abortedBy(signal: AbortSignal): AgentScopeError {
    return abortedBy(signal, { provider: this.#plan.provider, secrets: this.#models.inquiry.secrets })
  }

  #failed(thrown: unknown): void {
    const { signal, provider } = this.#plan
    const error = signal?.aborted ? this.#abortedBy(signal) : typed(thrown, provider)
    if (error.type === 'aborted' || error.type === 'budget') return this.#aborted(error)
    this.#leg?.cancel(error)
    const reason = this.events.contentSeen ? 'truncated' : 'error'
    this.#end({ reason, complete: false, error: errorInfo(error) }, error)
  }

  #over(leg: RequestLeg, ending: Ending, error: AgentScopeError | undefined): void {
    const { emptyAnswer, ...rest } = { emptyAnswer: ending.note === 'emptyAnswer', ...ending }
    const answered = emptyAnswer && this.events.text !== ''
    if (answered) delete rest.note
    this.#end(rest, error ?? leg.reply.error)
  }

  #note(leg: RequestLeg, ending: Ending): void {
    this.#attempts.push(attemptOf(leg, ending))
    this.#usages.push(leg.reply.usage)
  }

  #end(ending: Ending, error: AgentScopeError | undefined): void {
    this.ending = ending
    if (ending.error !== undefined) this.error = error
    this.usage = summedUsage(this.#usages)
    this.durationMs = performance.now() - this.#askedAt
    this.events.end(ending, this.usage, this.metadata)
  }
}

const inWords: Readonly<Record<GoingOn['way'], string>> = {
  prefix: 'goes on from its own words',
  words: 'was asked to go on',
  again: 'was asked again, because no word of the answer had come',
}

/** A stream that broke by fault: cut short, reset, stalled, or ended by a failure that may pass. */
function isBroken({ reason, complete, error }: Ending): boolean {
  if (complete) return false
  return reason === 'truncated' || (reason === 'error' && error?.retryable === true)
}

interface Within {
  within: StreamEvent[]
  usedUp?: BudgetError
}

/** The events as far as the budgets allow, each piece counted; with an error when one is used up on the way. */
function withinBudgets(leg: RequestLeg, events: readonly StreamEvent[]): Within {
  const within: StreamEvent[] = []
  for (const event of events) {
    const { length, error } = 'delta' in event ? leg.spend(event.delta) : { length: 0 }
    if (error === undefined) within.push(event)
    else {
      const delta = 'delta' in event ? wholeStart(event.delta, length) : ''
      if (delta !== '') within.push({ ...event, delta } as StreamEvent)
      return { within, usedUp: error }
    }
  }
  return { within }
}

/** So many characters at most, and no half one at the end. */
function wholeStart(text: string, length: number): string {
  const last = text.charCodeAt(length - 1)
  return text.slice(0, length > 0 && last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

function typed(error: unknown, provider: string): AgentScopeError {
  if (error instanceof AgentScopeError) return error
  return new WireError(`${provider}: the reply could not be put together: ${messageOf(error)}`, {
    provider,
    cause: error,
    advice: 'This is a fault in AgentScope: please report it with the reply that caused it.',
  })
}
