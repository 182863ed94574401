// Who may come in: one examination for requests and upgrades alike, before anything else looks at them.
import { networkInterfaces } from 'node:os'
import { cookieName, isSame, readCookie, sessionOf } from './token.ts'

export interface Guard {
  /** Names that a `Host` header may hold, in lower case and without the port. */
  hosts: ReadonlySet<string>
  /** Absent: whoever reaches the port may come in. */
  token?: string | undefined
}

/** What is looked at of a request. */
export interface Asking {
  method: string
  path: string
  isUpgrade?: boolean
  header(name: string): string | undefined
}

export interface Refusal {
  status: 401 | 403 | 415
  text: string
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** The names under which a Studio at `host` is reached. `0.0.0.0` and `::` are every address of this machine. */
export function allowedHosts(host?: string): ReadonlySet<string> {
  const names = new Set(loopback)
  if (host === undefined) return names
  if (host !== '0.0.0.0' && host !== '::') return names.add(written(host))
  for (const { address } of Object.values(networkInterfaces()).flatMap((each) => each ?? []))
    names.add(written(address))
  return names
}

/** An IPv6 address stands in brackets in a `Host` header. */
export function written(host: string): string {
  return (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host).toLowerCase()
}

export function isLoopback(host: string): boolean {
  return loopback.includes(written(host))
}

/**
 * Why this request must not come in; `undefined` when it may. `Host` must be one of ours (a page whose name was bound to
 * this address is not), `Origin` must be this very address on upgrades and whatever changes something, and no other site
 * may ask at all. Then the token: in the cookie, or as a bearer from a program.
 */
export function refusalOf(asking: Asking, guard: Guard): Refusal | undefined {
  const host = asking.header('host')?.toLowerCase() ?? ''
  if (!guard.hosts.has(host.replace(/:\d+$/, ''))) return refused('This Host is not ours.')
  const site = asking.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refused('Another site may not ask.')
  const changes = asking.isUpgrade === true || !isRead(asking.method)
  const origin = asking.header('origin')
  if (changes && origin !== undefined && !isOwn(origin, host)) return refused('This Origin is not ours.')
  if (!isProtected(asking)) return undefined
  return withoutToken(asking, guard, host, changes && origin === undefined)
}

function withoutToken(asking: Asking, { token }: Guard, host: string, needsOrigin: boolean): Refusal | undefined {
  if (token === undefined) return undefined
  const bearer = /^Bearer (.+)$/i.exec(asking.header('authorization') ?? '')?.[1]
  if (bearer !== undefined && isSame(bearer.trim(), token)) return undefined
  const cookie = readCookie(asking.header('cookie'), cookieName(host))
  if (cookie === undefined || !isSame(cookie, sessionOf(token))) {
    return { status: 401, text: 'The token is missing or wrong. Open the address that agentscope studio printed.' }
  }
  // A browser always tells the origin here: a cookie without one does not come from a page of ours.
  return needsOrigin ? refused('The Origin is missing.') : undefined
}

function refused(text: string): Refusal {
  return { status: 403, text }
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function isOwn(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host}` || origin.toLowerCase() === `https://${host}`
}

const openRequests = ['POST /api/session', 'GET /api/health']
const guarded = /^\/(api|blob|trpc|v1|v2|live|ingest|socket\.io)(\/|$)/

/** The client's own files hold no secrets and are open; everything else needs the token. */
function isProtected({ method, path, isUpgrade }: Asking): boolean {
  if (isUpgrade === true) return true
  if (openRequests.includes(`${method} ${path}`)) return false
  return !isRead(method) || guarded.test(path)
}

/** A header list for every answer: nothing from elsewhere runs, loads, frames or sniffs. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    // Sounds and films that a model spoke are blobs of this Studio; without this line they could not be played.
    "media-src 'self' data: blob:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
