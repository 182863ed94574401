// What a stopped recall throws, and waiting that can be stopped.
import { AbortedError } from '../core/error.ts'

/** Waits for what never rejects, but no longer than until the signal fires. */
export async function orAborted(done: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return done
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = () => reject(aborted(signal))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([done, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The typed error of a signal that has fired. */
export function aborted(signal: AbortSignal, error?: unknown): AbortedError {
  if (error instanceof AbortedError) return error
  return new AbortedError('The memory was stopped while it was recalled.', { cause: signal.reason })
}
