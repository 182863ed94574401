// The token that the opened address carries in its fragment: swapped for a cookie and taken out of sight.
import { lockedOut, rest } from './rest.ts'

/** Resolves when the tab has its session, or when Studio asks for none; `lockedOut` tells when the token was refused. */
export async function openSession(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return
  history.replaceState(null, '', location.pathname + location.search)
  try {
    await rest('/api/session', { method: 'POST', body: { token } })
    lockedOut.value = false
  } catch {
    // A refusal has set `lockedOut`; when Studio is away, the connection says so and tries again.
  }
}

/** Tries a token that was typed. Resolves to whether Studio took it. */
export async function tryToken(token: string): Promise<boolean> {
  try {
    await rest('/api/session', { method: 'POST', body: { token } })
    lockedOut.value = false
    return true
  } catch {
    return false
  }
}
