// What of a request and its answer must not get into a cassette: found in its usual places, taken out everywhere.
import { redact } from '../core/redact.ts'
import { secretLooks, secretNames } from '../core/secret-names.ts'
import { merged, secretsIn, without } from './cassette-pieces.ts'
import { credentialsIn } from './credential-bodies.ts'
import { credentialIn, type KnownSecrets, type Searchable } from './known-secrets.ts'

const hidden = '[redacted]'
/** Parts of a path that are long enough to be a key. */
const longParts = /(?<=\/)[\w-]{32,}(?=\/|$)/g

/** Request headers whose values tell nothing about anybody. Of all others only the name is kept. */
const harmless =
  /^(?:accept|accept-encoding|accept-language|anthropic-beta|anthropic-version|api-version|content-type|openai-beta|user-agent|x-dashscope-\w+|x-stainless-(?:lang|package-version|runtime))$/

/** Response headers that are somebody's identity, or that are no longer true of the bytes that are kept. */
const withheld =
  /cookie|^authorization|authenticat|secret|password|credential|api-?key|(?:access|session|auth|refresh|csrf|security)-?token|jwt/
const ofTransport =
  /^(?:connection|content-encoding|content-length|keep-alive|transfer-encoding|trailer|upgrade|date|alt-svc)$/

/** What is secret in a request. */
export function learnRequest(known: KnownSecrets, url: URL, headers: Headers, body: Uint8Array): void {
  known.learn([...urlSecrets(url), ...headerSecrets(headers)])
  const { secrets, quoted } = credentialsIn(Buffer.from(body).toString('latin1'), headers.get('content-type'))
  known.learn(secrets.flatMap(credentialIn))
  known.learnLikely(quoted)
}

/** What is secret in the headers of an answer: what is withheld of them, and signed addresses. */
export function learnResponse(known: KnownSecrets, headers: Headers): void {
  const withheldValues = [...headers].flatMap(([name, value]) =>
    withheld.test(name) && !/cookie|authenticat/.test(name) ? [value] : [],
  )
  const cookies = headers.getSetCookie().flatMap((cookie) => valuesIn(cookie.split(';', 1)[0] as string))
  const inAddresses = [...headers].flatMap(([, value]) =>
    [...value.matchAll(signedParts)].flatMap(([, name = '', part = '']) => (isSecretPart(name, part) ? [part] : [])),
  )
  known.learnLikely([...withheldValues, ...cookies, ...inAddresses])
}

const signedParts = /(?<=[?&])([^=&?#\s"'<>]{1,64})=([^&#\s"'<>;,]+)/g

function isSecretPart(name: string, value: string): boolean {
  return secretNames.test(name) || secretLooks.test(value)
}

function urlSecrets({ username, password, pathname, searchParams }: URL): string[] {
  const inQuery = [...searchParams].filter(([name, value]) => isSecretPart(name, value))
  const inPath = pathname.match(longParts) ?? []
  return [decoded(username), decoded(password), ...inPath, ...inQuery.map(([, value]) => value)]
}

function headerSecrets(headers: Headers): string[] {
  return [...headers].flatMap(([name, value]) => {
    if (harmless.test(name) || ofTransport.test(name) || name === 'host') return []
    if (!secretNames.test(name)) return secretLooks.test(value) ? [value] : []
    return [...credentialIn(value), ...value.split(' ').slice(1), ...valuesIn(value)]
  })
}

/** The values of a list such as a cookie's. */
function valuesIn(value: string): string[] {
  return [...value.matchAll(/=\s*"?([^;,"\s]{8,})/g)].map(([, each]) => each as string)
}

/** Without a user, without what is secret in its query, and without parts of its path that are long enough to be a key. */
export function cleanUrl(url: URL, forms: readonly string[]): string {
  const clean = new URL(url)
  clean.username = ''
  clean.password = ''
  clean.hash = ''
  for (const [name, value] of [...clean.searchParams]) {
    if (isSecretPart(name, value)) clean.searchParams.set(name, hidden)
  }
  // Also what a program made of an answer in which it had been taken out.
  clean.pathname = clean.pathname.replace(longParts, hidden).replaceAll('%5Bredacted%5D', hidden)
  return redact(clean.href, forms)
}

/** The names in their order, values only where they are known to be harmless. */
export function cleanRequestHeaders(headers: Headers, forms: readonly string[]): Record<string, string> {
  const kept = [...headers].filter(([name]) => !ofTransport.test(name) && name !== 'host')
  return Object.fromEntries(kept.map(([name, value]) => [name, harmless.test(name) ? redact(value, forms) : hidden]))
}

export function cleanResponseHeaders(headers: Headers, forms: readonly string[]): Record<string, string> {
  const kept = [...headers].filter(([name]) => !ofTransport.test(name) && !withheld.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, redact(withoutSigned(value), forms)]))
}

function withoutSigned(value: string): string {
  return value.replace(signedParts, (all, name: string, part: string) =>
    isSecretPart(name, part) ? `${name}=${hidden}` : all,
  )
}

/** A request's body: its secrets, and what fields hold whose names say that they are secret, however short it is. */
export function cleanBody(body: Uint8Array, known: Searchable, contentType: string | null): Uint8Array {
  const bytes = Buffer.from(body)
  const fields = credentialsIn(bytes.toString('latin1'), contentType).spans
  const { spans } = secretsIn(bytes, known.index, true)
  if (fields.length + spans.length === 0) return body
  return without(bytes, { from: 0, to: bytes.length }, merged([...fields, ...spans]))
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
