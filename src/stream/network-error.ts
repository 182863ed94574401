// What went wrong below HTTP, or was stopped: the typed error that says where and why.
import { AbortedError, ProviderError } from '../core/error.ts'
import { redact } from '../core/redact.ts'

/** Whom an error is about, and what it must not show. */
export interface Party {
  readonly provider: string
  /** The forms of every secret; see `secretForms`. */
  readonly secrets: readonly string[]
}

export function abortedBy(signal: AbortSignal, { provider, secrets }: Party): AbortedError {
  const reason: unknown = signal.reason
  const said = reason instanceof Error ? reason.message : typeof reason === 'string' ? reason : 'the signal was aborted'
  const why = said.replace(/^Stopped: /, '')
  return new AbortedError(`Stopped: ${redact(why, secrets)}`, { provider, ...safeCause(reason, secrets) })
}

/** Both clients take 16 KB of headers: https://nodejs.org/api/http.html#httpmaxheadersize, undici's `maxHeaderSize`. */
const headersOverflow = ['HPE_HEADER_OVERFLOW', 'UND_ERR_HEADERS_OVERFLOW']

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateCodes =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|HOSTNAME_MISMATCH)/

const floodAdvice = 'It answers with more headers than an answer has. Check what the base URL points at.'
const unreachableAdvice = 'Check the network, and that baseUrl is right and its server is running.'
const untrustedAdvice =
  'Its certificate is not trusted. Check baseUrl; for an authority of your own name its file in NODE_EXTRA_CA_CERTS.'

export function unreachable(url: string, cause: unknown, { provider, secrets }: Party): ProviderError {
  const where = redact(originOf(url), secrets)
  const code = codeOf(cause)
  const isFlood = headersOverflow.includes(code)
  const isUntrusted = certificateCodes.test(code)
  return new ProviderError(`${provider} could not be reached at ${where}: ${redact(reasonOf(cause), secrets)}`, {
    provider,
    retryable: !isFlood && !isUntrusted,
    code,
    ...safeCause(cause, secrets),
    advice: isFlood ? floodAdvice : isUntrusted ? untrustedAdvice : unreachableAdvice,
  })
}

export function brokenConnection(
  cause: unknown,
  { provider, secrets }: Party,
  requestId: string | undefined,
): ProviderError {
  return new ProviderError(`${provider}: the connection broke: ${redact(reasonOf(cause), secrets)}`, {
    provider,
    retryable: true,
    code: codeOf(cause),
    ...safeCause(cause, secrets),
    ...(requestId !== undefined && { requestId }),
    advice: 'What arrived before is kept. Ask again, or ask the model to go on.',
  })
}

/** The cause, unless anything that could be printed of it shows a secret: a `fetch` of the user's may say anything. */
function safeCause(cause: unknown, secrets: readonly string[]): { cause?: unknown } {
  if (cause === undefined) return {}
  const texts: string[] = []
  let inner: unknown = cause
  for (let depth = 0; depth < 8 && inner instanceof Error; depth += 1) {
    texts.push(String(inner.stack), inner.message, ...Object.values(inner).map(String))
    inner = inner.cause as unknown
  }
  const text = `${texts.join('\n')}${String(inner)}`
  return redact(text, secrets) === text ? { cause } : {}
}

/** The words of the two clients for a connection that the server closed. */
const closedWords = ['other side closed', 'socket hang up', 'aborted']

/** The innermost cause says it best: undici wraps it in "fetch failed" and "terminated". */
function reasonOf(error: unknown): string {
  const inner = innermost(error)
  if (inner instanceof Error && closedWords.includes(inner.message)) return 'other side closed'
  return inner instanceof Error ? inner.message || codeOf(inner) : String(inner)
}

function codeOf(error: unknown): string {
  const inner = innermost(error)
  if (inner instanceof Error && closedWords.includes(inner.message)) return 'ECONNRESET'
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
