// The token: 128 random bits that stand in the opened URL's fragment, and the cookie that a tab gets in exchange.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new token: 32 hexadecimal digits. */
export function newToken(): string {
  return randomBytes(16).toString('hex')
}

/** What the cookie holds in place of the token: whoever sees it cannot tell the token, and it survives a restart. */
export function sessionOf(token: string): string {
  return createHmac('sha256', token).update('agentscope studio session').digest('hex')
}

/** Compares in constant time. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** Cookies are shared between the ports of a host: the port in its name keeps two Studios apart. */
export function cookieName(host: string): string {
  return `agentscope_studio_${/:(\d+)$/.exec(host)?.[1] ?? '80'}`
}

/** The value of that cookie in a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, ...value] = pair.split('=')
    if (key?.trim() === name) return value.join('=').trim()
  }
  return undefined
}

/** The `Set-Cookie` header: a session cookie that no script reads and no other site sends. */
export function sessionCookie(host: string, token: string): string {
  return `${cookieName(host)}=${sessionOf(token)}; Path=/; HttpOnly; SameSite=Strict`
}
