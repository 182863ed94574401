// One HTTP exchange: sends a request, turns a refusal into a typed error, and hands the body on chunk by chunk.
import { AbortedError, AgentScopeError, ProviderError, TimeoutError, WireError } from '../core/error.ts'
import { failureIn, type ProviderFailure, providerError } from '../core/provider-failure.ts'
import { redact, redactJson } from '../core/redact.ts'
import { dispatcherWithoutLimits } from './dispatcher.ts'

/** A function from request to response; the platform's `fetch` is one, the simulator's another. */
export type Handler = (request: Request) => Promise<Response>

export interface HttpRequest {
  url: string
  headers: Record<string, string>
  body: string
}

export interface HttpOptions {
  /** Named in errors. */
  provider: string
  /** Takes the place of the platform's `fetch`. */
  fetch?: Handler | undefined
  /** From sending to headers; milliseconds. */
  headersMs: number
  /** Stops the exchange, before the headers and after: its holder aborts it, and so does the reply's `close`. */
  controller?: AbortController
  /** Values that must not appear in any error: keys, and headers that hold them. */
  secrets: readonly string[]
}

/** How much of an error body is read, in bytes: enough for any message. */
const maxErrorBytes = 64 * 1024
const requestIdHeaders = ['x-request-id', 'request-id', 'x-dashscope-request-id', 'x-litellm-call-id', 'x-log-id']

/** A reply whose headers have come. Whoever holds it reads it to the end or closes it. */
export class HttpReply {
  readonly status: number
  readonly headers: Headers
  readonly contentType: string
  readonly requestId: string | undefined
  readonly #provider: string
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #controller: AbortController
  #closed = false

  constructor(response: Response, controller: AbortController, { provider, secrets }: HttpOptions) {
    this.status = response.status
    this.headers = response.headers
    this.contentType = redact(response.headers.get('content-type') ?? '', secrets)
    this.requestId = requestIdOf(response.headers, secrets)
    this.#provider = provider
    this.#reader = response.body?.getReader()
    this.#controller = controller
  }

  /**
   * The next bytes as they came; `undefined` when the body has ended by itself.
   *
   * @throws ProviderError (retryable) when the connection broke.
   */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#reader === undefined || this.#closed) return undefined
    try {
      const { value, done } = await this.#reader.read()
      // Nothing is left to close, and aborting what is over costs more than it seems.
      if (done) this.#closed = true
      return value
    } catch (cause) {
      if (this.#closed) return undefined
      throw brokenConnection(this.#provider, cause, this.requestId)
    }
  }

  /** Closes the socket at once, whether or not the body has been read. Never throws. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#controller.abort()
    this.#reader?.cancel().catch(() => {})
  }

  /**
   * The wire has said its last word, the body may not have: reads on for a moment so that the connection can serve
   * again, then closes.
   */
  async settle(): Promise<void> {
    const timer = setTimeout(() => this.close(), 200)
    timer.unref?.()
    try {
      for (let left = 8; left > 0 && (await this.read()) !== undefined; ) left -= 1
    } catch {
      // The answer is whole; how its connection ends no longer matters.
    }
    clearTimeout(timer)
    this.close()
  }
}

/**
 * Sends one request and waits for the headers. Redirects are not followed: they would carry a key to another place.
 *
 * @throws AuthError, RateLimitError, InputError, ProviderError for a refusal; TimeoutError `headers`; AbortedError.
 */
export async function send(request: HttpRequest, options: HttpOptions): Promise<HttpReply> {
  const { provider, controller = new AbortController() } = options
  const { signal } = controller
  if (signal.aborted) throw abortedBy(signal, provider)
  let late = false
  const timer = startTimer(options.headersMs, () => {
    late = true
    controller.abort()
  })
  try {
    const response = await fetchOnce(request, options, signal)
    if (response.ok) return new HttpReply(response, controller, options)
    throw await refusal(request.url, options, new HttpReply(response, controller, options))
  } catch (error) {
    if (error instanceof AgentScopeError) throw error
    if (late) throw new TimeoutError('headers', options.headersMs, { provider, advice: lateAdvice })
    if (signal.aborted) throw abortedBy(signal, provider)
    throw unreachable(request, provider, error)
  } finally {
    clearTimeout(timer)
  }
}

const lateAdvice = 'The provider did not begin to answer. Raise clocks.headersMs if it is known to be slow.'

/** Timers take at most 2^31 - 1 ms; anything longer, infinity too, means that this clock is off. */
export function startTimer(ms: number, run: () => void): NodeJS.Timeout | undefined {
  return ms <= 2_147_483_647 ? setTimeout(run, ms) : undefined
}

function fetchOnce(request: HttpRequest, options: HttpOptions, signal: AbortSignal): Promise<Response> {
  const init = { method: 'POST', headers: request.headers, body: request.body, redirect: 'manual', signal } as const
  if (options.fetch !== undefined) {
    return Promise.race([options.fetch(new Request(request.url, init)), rejectsOnAbort(signal)])
  }
  const dispatcher = dispatcherWithoutLimits()
  return fetch(request.url, dispatcher === undefined ? init : ({ ...init, dispatcher } as RequestInit))
}

/** For a `fetch` of the user's that does not heed its signal. */
function rejectsOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

/** The typed error for an answer that is not a success; its body is read, bounded, and closed. */
async function refusal(url: string, options: HttpOptions, reply: HttpReply): Promise<Error> {
  const { provider, secrets } = options
  const text = redact(await readSome(reply), secrets)
  if (reply.status >= 300 && reply.status < 400) return redirected(url, options, reply)
  // Again after parsing: JSON may have written a key with escapes.
  const told = redactJson(failureIn(parseJson(text)) ?? null, secrets)
  const failure = told ?? { message: describeBody(text, reply.contentType) }
  const isLost = notServed.has(reply.status) && (told === null || /^not.?found\W*$/i.test(told.message))
  const placed = isLost ? misplaced(failure, redact(placeOf(url), secrets)) : failure
  return providerError(withHeaders(placed, reply.status, reply), provider)
}

/** Not found, and a method that is not allowed: all that a server says about a path that it does not have. */
const notServed = new Set([404, 405])

/** A refusal that does not speak of the request came from a server that has nothing at this path. */
function misplaced(failure: ProviderFailure, place: string): ProviderFailure {
  const message = `nothing is served at ${place}: check baseUrl. The answer was ${failure.message}`
  return { ...failure, message, advice: `Compare ${place} with the address in the provider's documentation.` }
}

function redirected(url: string, { provider, secrets }: HttpOptions, reply: HttpReply): WireError {
  const from = redact(placeOf(url), secrets)
  const location = reply.headers.get('location')
  const to = location === null ? '' : ` to ${redact(placeOf(location, url), secrets)}`
  const message = `${provider} answered at ${from} with a redirect (${reply.status})${to}, which is not followed.`
  return new WireError(message, {
    provider,
    status: reply.status,
    ...(reply.requestId !== undefined && { requestId: reply.requestId }),
    advice: 'Set baseUrl to the address that the provider really serves.',
  })
}

function withHeaders(failure: ProviderFailure, status: number, reply: HttpReply): ProviderFailure {
  const retryAfterMs = retryAfter(reply.headers)
  return {
    ...failure,
    status,
    ...(reply.requestId !== undefined && failure.requestId === undefined && { requestId: reply.requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** For a body that is not JSON: its type and how it begins. */
export function describeBody(text: string, contentType: string): string {
  const beginning = text.trim().slice(0, 200)
  return `${contentType === '' ? 'an answer without a content type' : contentType}: ${beginning === '' ? '(empty)' : beginning}`
}

async function readSome(reply: HttpReply): Promise<string> {
  const timer = setTimeout(() => reply.close(), 5_000)
  let text = ''
  let length = 0
  const decoder = new TextDecoder()
  try {
    while (length < maxErrorBytes) {
      const chunk = await reply.read()
      if (chunk === undefined) break
      length += chunk.length
      text += decoder.decode(chunk, { stream: true })
    }
  } catch {
    // The status says enough; what came of the body is kept.
  }
  clearTimeout(timer)
  reply.close()
  return text
}

/** `retry-after-ms`, else `Retry-After` in seconds or as a date; milliseconds from now. RFC 9110, section 10.2.3. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const precise = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (Number.isFinite(precise) && precise >= 0) return precise
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return Number.parseFloat(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function requestIdOf(headers: Headers, secrets: readonly string[]): string | undefined {
  for (const name of requestIdHeaders) {
    const value = headers.get(name)
    if (value !== null && value !== '') return redact(value, secrets)
  }
  return undefined
}

export function abortedBy(signal: AbortSignal, provider: string): AbortedError {
  const reason: unknown = signal.reason
  const why = reason instanceof Error ? reason.message : typeof reason === 'string' ? reason : 'the signal was aborted'
  return new AbortedError(`Stopped: ${why}`, { provider, cause: reason })
}

function unreachable(request: HttpRequest, provider: string, cause: unknown): ProviderError {
  const where = originOf(request.url)
  return new ProviderError(`${provider} could not be reached at ${where}: ${reasonOf(cause)}`, {
    provider,
    retryable: true,
    code: codeOf(cause),
    cause,
    advice: 'Check the network, and that baseUrl is right and its server is running.',
  })
}

function brokenConnection(provider: string, cause: unknown, requestId: string | undefined): ProviderError {
  return new ProviderError(`${provider}: the connection broke: ${reasonOf(cause)}`, {
    provider,
    retryable: true,
    code: codeOf(cause),
    cause,
    ...(requestId !== undefined && { requestId }),
    advice: 'What arrived before is kept. Ask again, or ask the model to go on.',
  })
}

/** The innermost cause says it best: undici wraps it in "fetch failed" and "terminated". */
function reasonOf(error: unknown): string {
  const inner = innermost(error)
  return inner instanceof Error ? inner.message || codeOf(inner) : String(inner)
}

function codeOf(error: unknown): string {
  const inner = innermost(error)
  if (inner instanceof Error && inner.message === 'other side closed') return 'ECONNRESET'
  const known = inner !== null && typeof inner === 'object' && 'code' in inner && typeof inner.code === 'string'
  return known ? (inner.code as string) : 'NETWORK'
}

function innermost(error: unknown): unknown {
  let inner = error
  for (let depth = 0; depth < 8 && inner instanceof Error && inner.cause !== undefined; depth += 1) inner = inner.cause
  return inner instanceof AggregateError && inner.errors.length > 0 ? inner.errors[0] : inner
}

/**
 * Scheme, host, port and path of a URL, for an error: no credentials, no query, and nothing in the path that is long
 * enough to be a key. A secret that is known is still to be redacted.
 */
export function placeOf(url: string, base?: string): string {
  if (!URL.canParse(url, base)) return 'an address that is no URL'
  const { protocol, host, pathname } = new URL(url, base)
  return `${protocol}//${host}${pathname.replace(/(?<=\/)[\w-]{32,}(?=\/|$)/g, '…')}`
}

/** Scheme, host and port: never the path or the credentials that a URL may hold. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an address that is no URL'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
