// When to try again, and how long to wait first.
import type { AgentScopeError } from '../core/error.ts'

const baseMs = 500
const longestMs = 8_000
/** A provider that asks for a longer wait is not waited for: the error says how long it would be. */
const longestAskedMs = 60_000

/**
 * Milliseconds to wait before attempt number `attempt` (1 is the first repetition), or `undefined` when there is no
 * point: the error will not go away, the attempts are used up, or the provider asks for more than a minute.
 * A clock that ran out is not retried here: the user has waited long enough and decides.
 */
export function delayBeforeRetry(error: AgentScopeError, attempt: number, maxRetries: number): number | undefined {
  if (!error.retryable || error.type === 'timeout' || attempt > maxRetries) return undefined
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= longestAskedMs ? error.retryAfterMs : undefined
  const full = Math.min(longestMs, baseMs * 2 ** (attempt - 1))
  return full * (0.5 + Math.random() / 2)
}

/** Waits; resolves early when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
