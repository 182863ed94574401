// An exchange by `fetch`: the platform's, or one that the user has given.
import { ConfigError } from '../core/error.ts'
import { dispatcherWithoutLimits } from './dispatcher.ts'
import type { Exchange, HeaderFields, HttpRequest } from './exchange.ts'

/** A function from request to response; the platform's `fetch` is one, the simulator's another. */
export type Handler = (request: Request) => Promise<Response>

/**
 * Sends the request and waits for the headers.
 *
 * @throws ConfigError when the given `fetch` resolves to something else than a response; what the `fetch` throws.
 */
export async function exchangeByFetch(
  request: HttpRequest,
  signal: AbortSignal,
  given: { fetch: Handler | undefined; provider: string },
): Promise<Exchange> {
  const response = await respond(request, signal, given.fetch)
  if (!isResponse(response)) throw noResponse(given.provider)
  return new FetchExchange(response)
}

class FetchExchange implements Exchange {
  readonly status: number
  readonly headers: HeaderFields
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined

  constructor({ status, headers, body }: Response) {
    this.status = status
    this.headers = headers
    this.#reader = body?.getReader()
  }

  async read(): Promise<Uint8Array | undefined> {
    return this.#reader === undefined ? undefined : (await this.#reader.read()).value
  }

  cancel(): void {
    this.#reader?.cancel().catch(() => {})
  }
}

function respond(request: HttpRequest, signal: AbortSignal, given: Handler | undefined): Promise<Response> {
  const init = { method: 'POST', headers: request.headers, body: request.body, redirect: 'manual', signal } as const
  if (given !== undefined) return Promise.race([rejectsOnAbort(signal), given(new Request(request.url, init))])
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
