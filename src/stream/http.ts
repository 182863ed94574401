// One HTTP exchange: sends a request, turns a refusal into a typed error, and hands the body on chunk by chunk.
import { AgentScopeError, TimeoutError } from '../core/error.ts'
import { redact } from '../core/redact.ts'
import type { Exchange, HeaderFields, HttpRequest } from './exchange.ts'
import { exchangeByFetch, type Handler } from './fetch-exchange.ts'
import { abortedBy, brokenConnection, unreachable } from './network-error.ts'
import { nodeClientFor } from './node-client.ts'
import { exchangeByNode } from './node-exchange.ts'

export interface HttpOptions {
  /** Named in errors. */
  provider: string
  /** Takes the place of the platform's own client. */
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
  readonly headers: HeaderFields
  readonly contentType: string
  readonly requestId: string | undefined
  readonly #options: HttpOptions
  readonly #exchange: Exchange
  readonly #controller: AbortController
  #closed = false

  constructor(exchange: Exchange, controller: AbortController, options: HttpOptions) {
    const { secrets } = options
    const { status, headers } = exchange
    this.status = status
    this.headers = headers
    this.contentType = redact(headers.get('content-type') ?? '', secrets)
    this.requestId = requestIdOf(headers, secrets)
    this.#options = options
    this.#exchange = exchange
    this.#controller = controller
  }

  /**
   * The next bytes as they came; `undefined` when the body has ended by itself.
   *
   * @throws ProviderError (retryable) when the connection broke.
   */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#closed) return undefined
    try {
      const bytes = await this.#exchange.read()
      // Nothing is left to close, and aborting what is over costs more than it seems.
      if (bytes === undefined) this.#closed = true
      return bytes
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
    this.#exchange.cancel()
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
    const reply = new HttpReply(await exchange(request, options, signal), controller, options)
    if (reply.status >= 200 && reply.status < 300) return reply
    const { refusal } = await import('./refusal.ts')
    throw await refusal(request.url, options, reply)
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

function exchange(request: HttpRequest, { fetch, provider }: HttpOptions, signal: AbortSignal): Promise<Exchange> {
  const client = fetch === undefined ? nodeClientFor(request) : undefined
  if (client !== undefined) return exchangeByNode(request, signal, client)
  return exchangeByFetch(request, signal, { fetch, provider })
}

function requestIdOf(headers: HeaderFields, secrets: readonly string[]): string | undefined {
  for (const name of requestIdHeaders) {
    const value = headers.get(name)
    if (value !== null && value !== '') return redact(value, secrets)
  }
  return undefined
}
