// From what a provider said about its failure to the typed error that tells a user what to do.
import { type AgentScopeError, AuthError, InputError, ProviderError, RateLimitError } from './error.ts'
import { type Fields, isFields, textIn } from './kind.ts'

/** A failure as it stood on the wire: in an HTTP error body, or in the middle of a stream. */
export interface ProviderFailure {
  message: string
  /** HTTP status, from the status line or from the body. */
  status?: number
  code?: string | number
  /** The provider's class of error, for example `overloaded_error`. */
  kind?: string
  requestId?: string
  retryAfterMs?: number
  /** Set when the wire itself says whether trying again makes sense. */
  retryable?: boolean
  /** Set when more is known about the remedy than status and words say. */
  advice?: string
}

const authWords = /auth|api.?key|permission|forbidden|unauthori[sz]ed|access.?denied/i
const rateWords = /rate.?limit|too.?many|throttl|quota|resource.?exhausted|insufficient/i
/** No money is left, or no plan: waiting does not help. */
const creditWords = /insufficient.{0,6}(quota|balance|credit|fund)|billing|quota_exceeded|arrear|payment.?required/i
/** The same where a provider says it in its message alone. */
const creditMessages = /credit balance|insufficient.{0,9}(balance|credit|fund)/i
const busyWords =
  /overload|unavailable|server.?error|api_error|internal|timeout|timed.?out|network|busy|try again|bad.?gateway|temporar/i
const inputWords = /invalid|not.?found|unsupported|bad.?request|context.?length|too.?(?:long|large)|missing/i
const retryableStatus = new Set([408, 409, 429])

/**
 * Classifies by status first and by the provider's words second, the same for an HTTP error and for one inside a 200.
 * A failure without either (Ollama's `{error: 'text'}` inside a 200) came after the request was accepted: unless its
 * text says otherwise it is the provider's, and may pass.
 */
export function providerError(failure: ProviderFailure, provider: string): AgentScopeError {
  const { status, code, requestId, retryAfterMs } = failure
  const httpStatus = httpStatusIn(status, code)
  const unclassified = httpStatus === undefined && failure.kind === undefined && code === undefined
  const words = unclassified ? failure.message : `${failure.kind ?? ''} ${code ?? ''}`
  const isUnpaid = saysUnpaid(httpStatus, words, failure.message)
  const kind = isUnpaid ? 'rate-limit' : errorTypeOf(httpStatus, words)
  const options = {
    provider,
    retryable:
      failure.retryable ?? ((!isUnpaid && isRetryable(httpStatus, words)) || (unclassified && kind === 'provider')),
    ...(status !== undefined && { status }),
    ...(code !== undefined ? { code } : failure.kind !== undefined && { code: failure.kind }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    advice: failure.advice ?? (isUnpaid ? unpaidAdvice : adviceFor(kind, provider, retryAfterMs)),
  }
  const message = `${provider}${status === undefined ? '' : ` (${status})`}: ${failure.message}`
  if (kind === 'auth') return new AuthError(message, options)
  if (kind === 'rate-limit') return new RateLimitError(message, options)
  if (kind === 'input') return new InputError(message, options)
  return new ProviderError(message, options)
}

type ErrorType = 'auth' | 'rate-limit' | 'input' | 'provider'

const unpaidAdvice = "Check the account's credit or plan with the provider; waiting alone does not help."

function saysUnpaid(status: number | undefined, words: string, message: string): boolean {
  if (status === 402 || creditWords.test(words)) return true
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && creditMessages.test(message)
}

function errorTypeOf(status: number | undefined, words: string): ErrorType {
  if (status === 401 || status === 403) return 'auth'
  if (status === 429) return 'rate-limit'
  if (rateWords.test(words)) return 'rate-limit'
  if (status !== undefined && status >= 400 && status < 500 && !retryableStatus.has(status) && status !== 499) {
    return authWords.test(words) ? 'auth' : 'input'
  }
  if (status !== undefined) return 'provider'
  if (authWords.test(words)) return 'auth'
  if (busyWords.test(words)) return 'provider'
  return inputWords.test(words) ? 'input' : 'provider'
}

function isRetryable(status: number | undefined, words: string): boolean {
  if (/insufficient/i.test(words)) return false
  if (status !== undefined) return retryableStatus.has(status) || status >= 500
  return busyWords.test(words) || rateWords.test(words)
}

/** Some providers put the HTTP status into `code`, as a number or as digits. */
function httpStatusIn(status: number | undefined, code: string | number | undefined): number | undefined {
  if (status !== undefined && status >= 400) return status
  const number = Number(code)
  return Number.isInteger(number) && number >= 400 && number < 600 ? number : undefined
}

function adviceFor(kind: ErrorType, provider: string, retryAfterMs: number | undefined): string {
  switch (kind) {
    case 'auth':
      return `Check the key that is given to ${provider} (option or environment) and what it is allowed to do.`
    case 'rate-limit':
      return retryAfterMs === undefined
        ? 'Wait and try again, send fewer requests at once, or raise the quota.'
        : `Wait ${Math.ceil(retryAfterMs / 1000)} s and try again, or send fewer requests at once.`
    case 'input':
      return 'Compare the request with the message above: model name, messages, tools and generation options.'
    case 'provider':
      return 'The provider failed, not the request. Try again later, or name another model.'
  }
}

/**
 * The failure that a JSON value reports, in any of the shapes that providers use; `undefined` when it reports none.
 * `{error:{message,type,code}}` (OpenAI, Anthropic, Gemini, ZhipuAI), `{error:'text'}` (Ollama), `{code,message,
 * request_id}` without an output (DashScope), `{detail}` (LiteLLM and other FastAPI servers), an array around one of them.
 */
export function failureIn(value: unknown): ProviderFailure | undefined {
  if (Array.isArray(value)) return value.length > 0 ? failureIn(value[0]) : undefined
  if (!isFields(value)) return undefined
  const requestId = textIn(value['request_id']) ?? textIn(value['requestId'])
  const failure = innerFailure(value)
  if (failure === undefined) return undefined
  return requestId === undefined ? failure : { ...failure, requestId }
}

function innerFailure(value: Fields): ProviderFailure | undefined {
  const { error, detail } = value
  if (typeof error === 'string' && error !== '') return { message: error }
  if (isFields(error)) return failureOf(error)
  if (textIn(value['message']) !== undefined && value['code'] !== undefined && (value['output'] ?? null) === null) {
    return failureOf(value)
  }
  if (detail !== undefined && detail !== null) return { message: textIn(detail) ?? JSON.stringify(detail) }
  return undefined
}

function failureOf(error: Fields): ProviderFailure {
  const { code, status, type } = error
  const kind = textIn(type) ?? textIn(status)
  const number =
    typeof status === 'number' ? status : typeof code === 'number' && code >= 400 && code < 600 ? code : undefined
  return {
    message: textIn(error['message']) ?? JSON.stringify(error),
    ...((typeof code === 'string' && code !== '') || typeof code === 'number' ? { code } : {}),
    ...(kind !== undefined && { kind }),
    ...(number !== undefined && { status: number }),
  }
}
