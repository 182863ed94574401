// What a stopped recall throws.
import { AbortedError } from '../core/error.ts'

/** The typed error of a signal that has fired. */
export function aborted(signal: AbortSignal, error?: unknown): AbortedError {
  if (error instanceof AbortedError) return error
  return new AbortedError('The memory was stopped while it was recalled.', { cause: signal.reason })
}
