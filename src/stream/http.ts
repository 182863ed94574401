// One HTTP exchange: sends a request, turns a refusal into a typed error, and hands the body on chunk by chunk.
import { AgentScopeError, ConfigError, TimeoutError } from '../core/error.ts'
import { redact } from '../core/redact.ts'
import { dispatcherWithoutLimits } from './dispatcher.ts'
import { abortedBy, brokenConnection, unreachable } from './network-error.ts'
import { refusal } from './refusal.ts'

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

const requestIdHeaders = ['x-request-id', 'request-id', 'x-dashscope-request-id', 'x-litellm-call-id', 'x-log-id']

/** A reply whose headers have come. Whoever holds it reads it to the end or closes it. */
export class HttpReply {
  readonly status: number
  readonly headers: Headers
  readonly contentType: string
  readonly requestId: string | undefined
  readonly #options: HttpOptions
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #controller: AbortController
  #closed = false

  constructor(response: Response, controller: AbortController, options: HttpOptions) {
    const { secrets } = options
    this.status = response.status
    this.headers = response.headers
    this.contentType = redact(response.headers.get('content-type') ?? '', secrets)
    this.requestId = requestIdOf(response.headers, secrets)
    this.#options = options
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
      throw brokenConnection(cause, this.#options, this.requestId)
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
  if (signal.aborted) throw abortedBy(signal, options)
  let late = false
  const timer = startTimer(options.headersMs, () => {
    late = true
    controller.abort()
  })
  try {
    const response = await fetchOnce(request, options, signal)
    if (!isResponse(response)) throw noResponse(provider)
    if (response.ok) return new HttpReply(response, controller, options)
    throw await refusal(request.url, options, new HttpReply(response, controller, options))
  } catch (error) {
    if (error instanceof AgentScopeError) throw error
    if (late) throw new TimeoutError('headers', options.headersMs, { provider, advice: lateAdvice })
    if (signal.aborted) throw abortedBy(signal, options)
    throw unreachable(request.url, error, options)
  } finally {
    clearTimeout(timer)
  }
}

const lateAdvice = 'The provider did not begin to answer. Raise clocks.headersMs if it is known to be slow.'

/** Timers take at most 2^31 - 1 ms; anything longer, infinity too, means that this clock is off. */
function startTimer(ms: number, run: () => void): NodeJS.Timeout | undefined {
  return ms <= 2_147_483_647 ? setTimeout(run, ms) : undefined
}

function fetchOnce(request: HttpRequest, options: HttpOptions, signal: AbortSignal): Promise<Response> {
  const init = { method: 'POST', headers: request.headers, body: request.body, redirect: 'manual', signal } as const
  if (options.fetch !== undefined) {
    return Promise.race([rejectsOnAbort(signal), options.fetch(new Request(request.url, init))])
  }
  const dispatcher = dispatcherWithoutLimits()
  return fetch(request.url, dispatcher === undefined ? init : ({ ...init, dispatcher } as RequestInit))
}

/** By its looks: a `fetch` of the user's may bring a Response class of its own. */
function isResponse(response: Partial<Response> | undefined): boolean {
  return typeof response?.status === 'number' && typeof response.headers?.get === 'function'
}

function noResponse(provider: string): ConfigError {
  return new ConfigError(`${provider}: the given fetch resolved to something that is no Response.`, {
    provider,
    advice: 'fetch takes a Request and resolves to a Response.',
  })
}

/** For a `fetch` of the user's that does not heed its signal. */
function rejectsOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

function requestIdOf(headers: Headers, secrets: readonly string[]): string | undefined {
  for (const name of requestIdHeaders) {
    const value = headers.get(name)
    if (value !== null && value !== '') return redact(value, secrets)
  }
  return undefined
}
