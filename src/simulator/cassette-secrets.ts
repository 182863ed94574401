// What of a request and its answer must not get into a cassette: found in its usual places, taken out everywhere.
import { redact, redactJson, secretForms } from '../core/redact.ts'
import { secretFields, secretLooks, secretNames } from '../core/secret-names.ts'
import { isFields } from './value.ts'

const hidden = '[redacted]'

/** Request headers whose values tell nothing about anybody. Of all others only the name is kept. */
const harmless =
  /^(?:accept|accept-encoding|accept-language|anthropic-beta|anthropic-version|api-version|content-type|openai-beta|user-agent|x-dashscope-\w+|x-stainless-(?:lang|package-version|runtime))$/

/** Response headers that are somebody's identity, or that are no longer true of the bytes that are kept. */
const withheld =
  /cookie|^authorization|authenticat|secret|password|credential|api-?key|(?:access|session|auth|refresh|csrf|security)-?token|jwt/
const ofTransport =
  /^(?:connection|content-encoding|content-length|keep-alive|transfer-encoding|trailer|upgrade|date|alt-svc)$/

/** What is secret in the requests seen so far, in all its forms: a key that one request used may come back to another. */
export class KnownSecrets {
  readonly #secrets = new Set<string>()
  forms: readonly string[] = []

  constructor(secrets: readonly string[] = []) {
    this.#add(secrets)
  }

  learn(url: URL, headers: Headers, body: Uint8Array): void {
    this.#add([...urlSecrets(url), ...headerSecrets(headers), ...bodySecrets(body)])
  }

  #add(secrets: readonly string[]): void {
    const before = this.#secrets.size
    for (const secret of secrets) if (secret.length >= 6) this.#secrets.add(secret)
    if (this.#secrets.size > before) this.forms = secretForms([...this.#secrets]).sort((a, b) => b.length - a.length)
  }
}

function urlSecrets({ username, password, searchParams }: URL): string[] {
  const inQuery = [...searchParams].filter(([name, value]) => secretNames.test(name) || secretLooks.test(value))
  return [decoded(username), decoded(password), ...inQuery.map(([, value]) => value)]
}

function headerSecrets(headers: Headers): string[] {
  return [...headers].flatMap(([name, value]) => {
    if (harmless.test(name) || ofTransport.test(name) || name === 'host') return []
    if (!secretNames.test(name)) return secretLooks.test(value) ? [value] : []
    const [scheme = '', ...rest] = value.split(' ')
    const basic = /^basic$/i.test(scheme) ? basicSecrets(rest.join(' ')) : []
    return [...(rest.length === 0 ? [value] : rest), ...valuesIn(value), ...basic]
  })
}

/** The values of a list such as a cookie's. */
function valuesIn(value: string): string[] {
  return [...value.matchAll(/=\s*"?([^;,"\s]{8,})/g)].map(([, each]) => each as string)
}

function basicSecrets(value: string): string[] {
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return [pair, pair.slice(pair.indexOf(':') + 1)]
}

function bodySecrets(body: Uint8Array): string[] {
  const found: string[] = []
  const look = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(look)
    else if (isFields(value)) {
      for (const [name, each] of Object.entries(value)) {
        if (typeof each === 'string' && secretFields.test(name)) found.push(each)
        else look(each)
      }
    }
  }
  look(jsonOf(body))
  return found
}

/** Without a user, without what is secret in its query, and without parts of its path that are long enough to be a key. */
export function cleanUrl(url: URL, forms: readonly string[]): string {
  const clean = new URL(url)
  clean.username = ''
  clean.password = ''
  clean.hash = ''
  for (const [name, value] of [...clean.searchParams]) {
    if (secretNames.test(name) || secretLooks.test(value)) clean.searchParams.set(name, hidden)
  }
  clean.pathname = clean.pathname.replace(/(?<=\/)[\w-]{32,}(?=\/|$)/g, hidden)
  return redact(clean.href, forms)
}

/** The names in their order, values only where they are known to be harmless. */
export function cleanRequestHeaders(headers: Headers, forms: readonly string[]): Record<string, string> {
  const kept = [...headers].filter(([name]) => !ofTransport.test(name) && name !== 'host')
  return Object.fromEntries(kept.map(([name, value]) => [name, harmless.test(name) ? redact(value, forms) : hidden]))
}

export function cleanResponseHeaders(headers: Headers, forms: readonly string[]): Record<string, string> {
  const kept = [...headers].filter(([name]) => !ofTransport.test(name) && !withheld.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, redact(value, forms)]))
}

/** A request's body: its secrets in text, and the fields whose names say that they are secret, however short they are. */
export function cleanBody(body: Uint8Array, forms: readonly string[]): Uint8Array {
  const text = Buffer.from(body).toString('latin1')
  const clean = redact(text, forms.map(latin))
  const short = withoutShortSecrets(jsonOf(body))
  if (short !== undefined) return Buffer.from(JSON.stringify(redactJson(short, forms)), 'utf8')
  return clean === text ? body : Buffer.from(clean, 'latin1')
}

/** The value without secret fields that are too short to be searched for; `undefined` when it has none. */
function withoutShortSecrets(value: unknown): unknown {
  let isChanged = false
  const clean = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(clean)
    if (!isFields(each)) return each
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, field(name, inner)]))
  }
  const field = (name: string, inner: unknown) => {
    if (typeof inner !== 'string' || inner.length >= 6 || inner === '' || !secretFields.test(name)) return clean(inner)
    isChanged = true
    return hidden
  }
  const copy = clean(value)
  return isChanged ? copy : undefined
}

/** UTF-8 as one character for each byte, so that text may be searched for in bytes that are none. */
function latin(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
