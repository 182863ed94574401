// One reply on its way: sends, tries again before the first content, reads when it is asked to, and decides how it ended.
// One file, because its states (reading, waiting to try again, stopped, ended) must be seen side by side.
import { decideEnding, type Ending } from '../core/ending.ts'
import { AgentScopeError, errorInfo, messageOf, WireError } from '../core/error.ts'
import type { Metadata } from '../core/message.ts'
import { redact, redactJson } from '../core/redact.ts'
import { until } from '../core/until.ts'
import type { Usage } from '../core/usage.ts'
import { ContentWatch, silence } from '../stream/clocks.ts'
import { type HttpReply, send } from '../stream/http.ts'
import { abortedBy } from '../stream/network-error.ts'
import { delayBeforeRetry, pause } from '../stream/retry.ts'
import type { Answering } from './answering.ts'
import type { Attempt, Counted } from './attempt.ts'
import type { Decode } from './decoding.ts'
import type { ReplyPlan } from './reply-plan.ts'

/**
 * Between two `pull`s nothing is taken from the network, so a slow reader holds the provider back and at most one read
 * is decoded ahead of it.
 */
export class Reply implements Answering {
  readonly #plan: ReplyPlan
  readonly #watch: ContentWatch
  /** Stops the attempt that is under way, or the wait for the next one. */
  #controller = new AbortController()
  #stopped = false
  #attempt!: Attempt
  #reading: Promise<Uint8Array | undefined> | undefined
  #retries = 0
  #retryInMs: number | undefined

  ending: Ending | undefined
  error: AgentScopeError | undefined
  usage: Usage | undefined
  metadata: Metadata = {}
  /** Milliseconds from the request (the first, when it was tried again) to the first content and to the end. */
  firstContentMs: number | undefined
  durationMs: number | undefined
  readonly #askedAt = performance.now()

  private constructor(plan: ReplyPlan) {
    this.#plan = plan
    this.#watch = new ContentWatch(plan.clocks, plan.provider)
  }

  /**
   * Sends the request and waits for the headers, trying again as the plan allows. The reply must be pulled to its end
   * or cancelled.
   *
   * @throws what `send` throws, when trying again does not help.
   */
  static async open(plan: ReplyPlan): Promise<Reply> {
    const reply = new Reply(plan)
    const { signal } = plan
    if (signal?.aborted) throw abortedBy(signal, plan)
    signal?.addEventListener('abort', reply.#onAbort, { once: true })
    try {
      while (!(await reply.#connected())) await reply.#waitForRetry()
    } catch (error) {
      reply.#release()
      throw signal?.aborted ? abortedBy(signal, plan) : error
    }
    return reply
  }

  /** The last wire value, as it was parsed; `null` before the first. */
  get raw(): unknown {
    const { raw } = this.#attempt
    return this.ending?.error === undefined ? raw : this.#clean(raw)
  }

  /** What the provider has counted until now, which may be less than what was said. To be read before the writer is emptied. */
  get counted(): Counted {
    return this.#attempt.counted
  }

  /** The provider's id for the request, from the headers. */
  get requestId(): string | undefined {
    return this.#attempt.http.requestId
  }

  /** Resolves when events have been written, or the reply has ended. Never rejects. */
  async pull(): Promise<void> {
    while (this.ending === undefined && this.#plan.writer.events.length === 0) await this.#step()
  }

  /** Resolves when the reply has ended. Never rejects. */
  async pullAll(): Promise<void> {
    while (this.ending === undefined) await this.#step()
  }

  /** Stops it now: closes the socket and ends the message as aborted. No error when the listener itself left. */
  cancel(error?: AgentScopeError): void {
    if (this.ending !== undefined) return
    this.#attempt.http.close()
    this.#stop()
    this.#end('broken', undefined, { aborted: error })
  }

  readonly #onAbort = (): void => {
    const { signal } = this.#plan
    this.#stop(signal?.reason)
    if (signal !== undefined && this.#attempt !== undefined) this.cancel(abortedBy(signal, this.#plan))
  }

  #stop(reason?: unknown): void {
    this.#stopped = true
    this.#controller.abort(reason)
  }

  async #step(): Promise<void> {
    if (this.#retryInMs !== undefined) return this.#reconnect()
    try {
      this.#reading ??= this.#attempt.http.read()
      const chunk = await this.#watch.wait(this.#reading)
      if (chunk === silence) return this.#tellSilence()
      this.#reading = undefined
      if (this.ending === undefined) this.#receive(chunk)
    } catch (error) {
      this.#reading = undefined
      if (this.ending === undefined) this.#finishBroken(typed(error, this.#plan))
    }
  }

  /** A message that started always ends, and its socket closes, even if the ending itself should fail. */
  #finishBroken(error: AgentScopeError): void {
    try {
      this.#finish('broken', error)
    } catch (fault) {
      this.#attempt.http.close()
      this.error = typed(fault, this.#plan)
      this.ending = { reason: 'error', complete: false, error: errorInfo(this.error) }
      this.#plan.writer.end(this.ending)
      this.#release()
    }
  }

  #receive(chunk: Uint8Array | undefined): void {
    const { writer, clocks } = this.#plan
    const over = this.#attempt.receive(chunk)
    if (this.firstContentMs === undefined && writer.contentSeen) this.firstContentMs = performance.now() - this.#askedAt
    if (over) return this.#finish('clean')
    const last = writer.events.at(-1)
    if (clocks.pingsAreProgress || (last !== undefined && last.type !== 'raw')) this.#watch.progress()
  }

  #tellSilence(): void {
    const silentMs = Math.round(this.#watch.silentMs)
    const text = `${this.#plan.provider} has been silent for ${spanOf(silentMs)}.`
    this.#plan.writer.notice('silence', text, { silentMs })
  }

  /** Nothing more is to come: tries again when nothing has come yet and it may help, else ends the message. */
  #finish(close: 'clean' | 'broken', breakage?: AgentScopeError): void {
    const { http, unfinished } = this.#attempt
    const failed = this.#attempt.failure()
    const cause = failed ?? breakage ?? (unfinished ? this.#attempt.missingEnd() : undefined)
    const mayRetry = (failed !== undefined || unfinished) && !this.#plan.writer.contentSeen
    if (mayRetry && cause !== undefined && this.#planRetry(cause)) return http.close()
    if (close === 'clean' && failed === undefined) void http.settle()
    else http.close()
    this.#end(close, cause, {})
  }

  #end(
    close: 'clean' | 'broken',
    cause: AgentScopeError | undefined,
    stop: { aborted?: AgentScopeError | undefined },
  ): void {
    const { writer } = this.#plan
    const { findings, wholeSeen } = this.#attempt
    this.#attempt.finish()
    const aborted = 'aborted' in stop
    const error = aborted ? stop.aborted : cause
    const info = error && errorInfo(error)
    const ending = decideEnding({
      ...(findings.finish !== undefined && { finish: findings.finish }),
      ...(findings.finishRaw !== undefined && { finishRaw: findings.finishRaw }),
      marker: findings.marker || wholeSeen,
      close,
      contentSeen: writer.contentSeen,
      textSeen: writer.textSeen,
      thinkingSeen: writer.thinkingSeen,
      toolCalls: writer.toolCalls,
      allToolCallsClosed: findings.allToolCallsClosed,
      ...(findings.failure !== undefined && !aborted && info && { failure: info }),
      ...(info && { breakage: info }),
      ...(aborted && { aborted: info === undefined ? {} : { error: info } }),
      ...(findings.noAnswer && { noAnswer: true }),
    })
    if (ending.error !== undefined) this.error = error
    this.#settle(ending)
  }

  #settle(ending: Ending): void {
    const { writer, dialect } = this.#plan
    const { decoder, findings } = this.#attempt
    this.usage = decoder.usage()
    Object.assign(this.metadata, findings.metadata, { dialect })
    if (ending.error !== undefined) this.metadata = this.#clean(this.metadata)
    this.ending = ending
    this.durationMs = performance.now() - this.#askedAt
    writer.end(ending, this.usage, this.metadata)
    this.#release()
  }

  #release(): void {
    this.#watch.stop()
    this.#plan.signal?.removeEventListener('abort', this.#onAbort)
  }

  // Connecting, and trying again.

  /**
   * Sends the request once. False when another attempt has been planned.
   *
   * @throws the error of an attempt after which there is no other.
   */
  async #connected(): Promise<boolean> {
    const { provider, request, fetch, clocks, secrets } = this.#plan
    const controller = this.#controller
    try {
      const decoding = this.#plan.decoding()
      const http = await send(request, { provider, fetch, headersMs: clocks.headersMs, controller, secrets })
      const decode = decoding instanceof Promise ? await this.#loaded(decoding, http) : decoding
      if (this.#stopped) {
        http.close()
        throw abortedBy(controller.signal, this.#plan)
      }
      this.#attempt = decode(http, this.#plan)
      this.metadata = this.#clean(this.#plan.headerMetadata(http.headers))
      return true
    } catch (error) {
      if (error instanceof AgentScopeError && this.#planRetry(error)) return false
      throw error
    }
  }

  /** The request was sent while this was being loaded. */
  async #loaded(decoding: Promise<Decode>, http: HttpReply): Promise<Decode> {
    try {
      return await until(decoding, this.#controller.signal)
    } catch (error) {
      http.close()
      throw typed(error, this.#plan)
    }
  }

  async #reconnect(): Promise<void> {
    await this.#waitForRetry()
    if (this.ending !== undefined) return
    try {
      await this.#connected()
    } catch (error) {
      if (this.ending === undefined) this.#end('broken', typed(error, this.#plan), {})
    }
  }

  /** Plans another attempt and tells of it; false when there is none. */
  #planRetry(error: AgentScopeError): boolean {
    const { maxRetries, writer } = this.#plan
    if (this.#stopped) return false
    const delayMs = delayBeforeRetry(error, this.#retries + 1, maxRetries)
    if (delayMs === undefined) return false
    this.#retries += 1
    this.#retryInMs = delayMs
    this.#controller = new AbortController()
    const told = /[.!?…]$/.test(error.message) ? error.message : `${error.message}.`
    const text = `${told} Trying again in ${spanOf(delayMs)} (${this.#retries} of ${maxRetries}).`
    writer.notice('retry', text, { attempt: this.#retries, delayMs: Math.round(delayMs), error: errorInfo(error) })
    return true
  }

  async #waitForRetry(): Promise<void> {
    const delayMs = this.#retryInMs ?? 0
    this.#retryInMs = undefined
    await pause(delayMs, this.#controller.signal)
  }

  /** Plain JSON that a provider sent, without the secrets that it may echo. */
  #clean<Value>(value: Value): Value {
    return redactJson(value, this.#plan.secrets)
  }
}

function spanOf(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
}

/** A fault in the decoding itself must not escape as a crash, and must not look like the provider's. */
function typed(error: unknown, { provider, secrets }: ReplyPlan): AgentScopeError {
  if (error instanceof AgentScopeError) return error
  const message = redact(messageOf(error), secrets)
  return new WireError(`${provider}: the reply could not be decoded: ${message}`, {
    provider,
    cause: error,
    advice: 'This is a fault in AgentScope: please report it with the reply that caused it.',
  })
}
