// An HTTP answer that is not a success: read, bounded, and made into the typed error that says what to do.
import { WireError } from '../core/error.ts'
import { failureIn, type ProviderFailure, providerError } from '../core/provider-failure.ts'
import { redact, redactJson } from '../core/redact.ts'
import type { HeaderFields } from './exchange.ts'
import type { HttpOptions, HttpReply } from './http.ts'
import { placeOf } from './network-error.ts'

/** How much of an error body is read, in bytes: enough for any message. */
const maxErrorBytes = 64 * 1024

/** The typed error for an answer that is not a success; its body is read, bounded, and closed. */
export async function refusal(url: string, options: HttpOptions, reply: HttpReply): Promise<Error> {
  const { provider, secrets } = options
  const text = await readSome(reply)
  if (reply.status >= 300 && reply.status < 400) return redirected(url, options, reply)
  const told = redactJson(failureIn(parseJson(text)) ?? null, secrets)
  const failure = told ?? { message: describeBody(redact(text, secrets), reply.contentType) }
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
export function retryAfter(headers: HeaderFields, now = Date.now()): number | undefined {
  const precise = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (Number.isFinite(precise) && precise >= 0) return precise
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return Number.parseFloat(value) * 1000
  // Only a date has letters: `Date.parse` would make a year of a negative number.
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
