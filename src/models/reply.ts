// One reply on its way: sends, retries before the first content, decodes each read whole, and decides how it ended.
import { decideEnding, type Ending } from '../core/ending.ts'
import { AgentScopeError, errorInfo, ProviderError, WireError } from '../core/error.ts'
import { isNestedDeeper, maxJsonDepth } from '../core/json-depth.ts'
import type { Metadata } from '../core/message.ts'
import { providerError } from '../core/provider-failure.ts'
import { redact, redactJson } from '../core/redact.ts'
import type { Usage } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder } from '../dialects/dialect.ts'
import { BodyReader, type Framing } from '../stream/body.ts'
import { type Clocks, ContentWatch, silence } from '../stream/clocks.ts'
import type { FrameContext, FrameSink } from '../stream/frames.ts'
import { abortedBy, describeBody, type Handler, type HttpReply, type HttpRequest, send } from '../stream/http.ts'
import { delayBeforeRetry, pause } from '../stream/retry.ts'

/** Everything a reply needs to be asked for, and asked for again. */
export interface ReplyPlan {
  provider: string
  /** Noted on the message, so that its signatures go back to no other dialect. */
  dialect: string
  request: HttpRequest
  fetch: Handler | undefined
  /** Values that must appear in no error and no event. */
  secrets: readonly string[]
  framing: Framing
  clocks: Clocks
  maxRetries: number
  onBrokenFrame: 'stop' | 'skip'
  signal: AbortSignal | undefined
  writer: EventWriter
  newDecoder(writer: EventWriter): Decoder
  /** What the response's headers say about the reply. */
  headerMetadata(headers: Headers): Metadata
}

const noContext: FrameContext = { event: undefined, comment: undefined }

/**
 * Reads only when it is asked to: between two `pull`s nothing is taken from the network, so a slow reader holds the
 * provider back and at most one read is decoded ahead of it.
 */
export class Reply implements FrameSink {
  readonly #plan: ReplyPlan
  readonly #watch: ContentWatch
  readonly #stopped = new AbortController()
  #http!: HttpReply
  #decoder!: Decoder
  #body!: BodyReader
  #reading: Promise<Uint8Array | undefined> | undefined
  #attempt = 0
  #retryInMs: number | undefined
  /** What came that was no frame: shown when nothing else explains the end. */
  #strange: { text: string; offset: number; whole?: boolean } | undefined
  #framesSeen = false
  #wholeSeen = false

  ending: Ending | undefined
  error: AgentScopeError | undefined
  usage: Usage | undefined
  metadata: Metadata = {}
  /** The last wire value, as it was parsed. */
  raw: unknown = null
  requestId: string | undefined

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
    if (signal?.aborted) throw abortedBy(signal, plan.provider)
    signal?.addEventListener('abort', reply.#onAbort, { once: true })
    try {
      await reply.#connect()
    } catch (error) {
      reply.#release()
      throw signal?.aborted ? abortedBy(signal, plan.provider) : error
    }
    return reply
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
    this.#http?.close()
    this.#stopped.abort()
    this.#end('broken', undefined, { aborted: error })
  }

  // FrameSink: called while a chunk is being decoded.

  frame(text: string, context: FrameContext, offset: number, unterminated: boolean): void {
    const { findings } = this.#decoder
    if (findings.marker || findings.failure !== undefined) return
    this.#framesSeen = true
    if (text.charCodeAt(0) !== 123 && this.#decoder.mark(text)) return
    let value: unknown
    try {
      value = parseFrame(text)
    } catch {
      return this.#breakFrame(text, offset, unterminated)
    }
    if (this.#body.framing === 'whole') this.#decodeWhole(value, text)
    else this.#decode(value, context)
  }

  stray(text: string): void {
    try {
      this.#decodeWhole(parseFrame(text), text)
    } catch {
      this.#strange ??= { text, offset: 0 }
    }
  }

  /** A whole value of which the dialect knows nothing is no answer, however well it is written. */
  #decodeWhole(value: unknown, text: string): void {
    const { writer } = this.#plan
    this.#decode(value, noContext)
    this.#wholeSeen = writer.contentSeen || writer.events.at(-1)?.type !== 'raw'
    if (!this.#wholeSeen) this.#strange ??= { text, offset: 0, whole: true }
  }

  #decode(value: unknown, context: FrameContext): void {
    this.raw = value
    this.#decoder.decode(value, context)
  }

  #breakFrame(text: string, offset: number, unterminated: boolean): void {
    const clean = redact(text, this.#plan.secrets)
    const received = clean.slice(0, 200)
    if (unterminated) {
      this.#strange ??= { text, offset }
      return
    }
    if (this.#plan.onBrokenFrame === 'skip') {
      return this.#plan.writer.notice('skipped', `A frame at byte ${offset} is no JSON and was skipped.`, {
        offset,
        received,
      })
    }
    throw new WireError(`${this.#plan.provider}: a frame at byte ${offset} is no JSON: ${received}`, {
      provider: this.#plan.provider,
      offset,
      received,
      cause: jsonFault(clean),
      advice: "What came before is kept. Set onBrokenFrame: 'skip' to go on after such frames.",
    })
  }

  // The course of events.

  readonly #onAbort = (): void => {
    const { signal, provider } = this.#plan
    this.#stopped.abort(signal?.reason)
    if (signal !== undefined && this.#http !== undefined) this.cancel(abortedBy(signal, provider))
  }

  async #connect(): Promise<void> {
    const { provider, request, fetch, clocks, secrets } = this.#plan
    for (;;) {
      try {
        const signal = this.#stopped.signal
        const http = await send(request, { provider, fetch, headersMs: clocks.headersMs, signal, secrets })
        if (signal.aborted) {
          http.close()
          throw abortedBy(signal, provider)
        }
        this.#http = http
        break
      } catch (error) {
        if (!(error instanceof AgentScopeError) || !this.#planRetry(error)) throw error
        await this.#waitForRetry()
      }
    }
    this.#decoder = this.#plan.newDecoder(this.#plan.writer)
    this.#body = new BodyReader(this.#plan.framing, this.#http.contentType, this)
    this.requestId = this.#http.requestId
    this.metadata = this.#clean(this.#plan.headerMetadata(this.#http.headers))
  }

  async #step(): Promise<void> {
    if (this.#retryInMs !== undefined) return this.#reconnect()
    try {
      this.#reading ??= this.#http.read()
      const chunk = await this.#watch.wait(this.#reading)
      if (chunk === silence) return this.#tellSilence()
      this.#reading = undefined
      if (this.ending === undefined) this.#receive(chunk)
    } catch (error) {
      this.#reading = undefined
      if (this.ending === undefined) this.#fail(error)
    }
  }

  #receive(chunk: Uint8Array | undefined): void {
    const { writer, clocks } = this.#plan
    if (chunk === undefined) this.#body.end()
    else this.#body.push(chunk)
    const { failure, marker } = this.#decoder.findings
    if (chunk === undefined || failure !== undefined || marker) return this.#finish('clean')
    const last = writer.events.at(-1)
    if (clocks.pingsAreProgress || (last !== undefined && last.type !== 'raw')) this.#watch.progress()
  }

  #tellSilence(): void {
    const seconds = Math.round(this.#watch.silentMs / 1000)
    const text = `${this.#plan.provider} has been silent for ${seconds} s.`
    this.#plan.writer.notice('silence', text, { silentMs: Math.round(this.#watch.silentMs) })
  }

  /** Something broke while reading: the connection, a clock, a frame. */
  #fail(error: unknown): void {
    const known = error instanceof AgentScopeError ? error : unexpected(error, this.#plan.provider)
    this.#finish('broken', known)
  }

  #finish(close: 'clean' | 'broken', breakage?: AgentScopeError): void {
    const { findings } = this.#decoder
    const failed = findings.failure && providerError(this.#clean(findings.failure), this.#plan.provider)
    const unfinished = findings.finish === undefined && !findings.marker && !findings.noAnswer && !this.#wholeSeen
    const cause = failed ?? breakage ?? (unfinished ? this.#missingEnd() : undefined)
    const mayRetry = (failed !== undefined || unfinished) && !this.#plan.writer.contentSeen
    if (mayRetry && cause !== undefined && this.#planRetry(cause)) {
      this.#http.close()
      return
    }
    if (close === 'clean' && failed === undefined) void this.#http.settle()
    else this.#http.close()
    this.#end(close, cause, {})
  }

  /** Why an answer that never said it was done is not one. */
  #missingEnd(): AgentScopeError {
    const { provider, secrets } = this.#plan
    const strange = this.#strange && redact(this.#strange.text, secrets)
    const at = this.#strange?.offset ?? 0
    const options = { provider, ...(this.requestId !== undefined && { requestId: this.requestId }) }
    const whole = this.#strange?.whole === true
    if (strange !== undefined && !this.#plan.writer.contentSeen && (whole || !this.#framesSeenWhole())) {
      const cut = !whole && /^\s*[{[]/.test(strange)
      return new WireError(
        cut
          ? `${provider}: the reply ends early, in the middle of its JSON (${strange.length} characters came).`
          : `${provider} did not answer in its wire but with ${describeBody(strange, this.#http.contentType)}`,
        { ...options, offset: at, received: strange.slice(0, 4096), retryable: cut, advice: wrongPlace },
      )
    }
    if (!this.#plan.writer.contentSeen) {
      const message = `${provider} closed the connection without an answer.`
      return new ProviderError(message, { ...options, retryable: true, code: 'EMPTY', advice: 'Try again.' })
    }
    return new WireError(`${provider}: the answer broke off before it was finished.`, {
      ...options,
      retryable: true,
      ...(strange !== undefined && { received: strange.slice(0, 4096), offset: at }),
      advice: 'What arrived is kept. Ask again, or ask the model to go on.',
    })
  }

  /** Whether at least one frame was read whole, so that the place is right and only the end is missing. */
  #framesSeenWhole(): boolean {
    return this.#framesSeen && this.raw !== null
  }

  #end(
    close: 'clean' | 'broken',
    cause: AgentScopeError | undefined,
    stop: { aborted?: AgentScopeError | undefined },
  ): void {
    const { writer } = this.#plan
    const decoder = this.#decoder
    decoder.finish()
    const { findings } = decoder
    const aborted = 'aborted' in stop
    const error = aborted ? stop.aborted : cause
    const ending = decideEnding({
      ...(findings.finish !== undefined && { finish: findings.finish }),
      ...(findings.finishRaw !== undefined && { finishRaw: findings.finishRaw }),
      marker: findings.marker || this.#wholeSeen,
      close,
      contentSeen: writer.contentSeen,
      textSeen: writer.textSeen,
      thinkingSeen: writer.thinkingSeen,
      toolCalls: writer.toolCalls,
      allToolCallsClosed: findings.allToolCallsClosed,
      ...(findings.failure !== undefined && error !== undefined && !aborted && { failure: errorInfo(error) }),
      ...(error !== undefined && { breakage: errorInfo(error) }),
      ...(aborted && { aborted: error === undefined ? {} : { error: errorInfo(error) } }),
      ...(findings.noAnswer && { noAnswer: true }),
    })
    if (ending.error !== undefined) this.error = error
    this.#settle(ending)
  }

  #settle(ending: Ending): void {
    const { writer } = this.#plan
    this.usage = this.#decoder.usage()
    Object.assign(this.metadata, this.#decoder.findings.metadata, { dialect: this.#plan.dialect })
    if (ending.error !== undefined) {
      this.raw = this.#clean(this.raw)
      this.metadata = this.#clean(this.metadata)
    }
    this.ending = ending
    writer.end(ending, this.usage, this.metadata)
    this.#release()
  }

  #release(): void {
    this.#watch.stop()
    this.#plan.signal?.removeEventListener('abort', this.#onAbort)
  }

  // Trying again.

  /** Plans another attempt and tells of it; false when there is none. */
  #planRetry(error: AgentScopeError): boolean {
    const { maxRetries, writer } = this.#plan
    if (this.#stopped.signal.aborted) return false
    const delayMs = delayBeforeRetry(error, this.#attempt + 1, maxRetries)
    if (delayMs === undefined) return false
    this.#attempt += 1
    this.#retryInMs = delayMs
    const text = `${error.message} Trying again in ${(delayMs / 1000).toFixed(1)} s (${this.#attempt} of ${maxRetries}).`
    writer.notice('retry', text, { attempt: this.#attempt, delayMs: Math.round(delayMs), error: errorInfo(error) })
    return true
  }

  async #waitForRetry(): Promise<void> {
    const delayMs = this.#retryInMs ?? 0
    this.#retryInMs = undefined
    await pause(delayMs, this.#stopped.signal)
  }

  async #reconnect(): Promise<void> {
    await this.#waitForRetry()
    if (this.ending !== undefined) return
    this.#strange = undefined
    this.#framesSeen = false
    this.#wholeSeen = false
    this.raw = null
    try {
      await this.#connect()
    } catch (error) {
      if (this.ending === undefined)
        this.#end('broken', error instanceof AgentScopeError ? error : unexpected(error, this.#plan.provider), {})
    }
  }

  /** Plain JSON that a provider sent, without the secrets that it may echo. */
  #clean<Value>(value: Value): Value {
    return redactJson(value, this.#plan.secrets)
  }
}

/** @throws when the text is no JSON, or so deeply nested that no listener could write it out again. */
function parseFrame(text: string): unknown {
  if (isNestedDeeper(text, maxJsonDepth)) throw new RangeError(`more than ${maxJsonDepth} levels`)
  return JSON.parse(text)
}

/** What the parser says about a text that is no JSON; its message quotes the text, so it must be a clean one. */
function jsonFault(text: string): unknown {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error
  }
}

const wrongPlace = 'Check that baseUrl points at the API itself and not at a web page, a proxy or a login.'

/** A fault in the decoding itself: it must not escape as a crash, and must not look like the provider's. */
function unexpected(error: unknown, provider: string): WireError {
  const message = error instanceof Error ? error.message : String(error)
  return new WireError(`${provider}: the reply could not be decoded: ${message}`, {
    provider,
    cause: error,
    advice: 'This is a fault in AgentScope: please report it with the reply that caused it.',
  })
}
