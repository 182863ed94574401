// An error as plain JSON: what is told of it here, what of it may leave, and the typed error made again where it arrives.
import {
  AbortedError,
  AgentScopeError,
  AuthError,
  ConfigError,
  type ErrorInfo,
  type ErrorOptions,
  errorInfo,
  InputError,
  messageOf,
  ProviderError,
  RateLimitError,
  StructuredOutputError,
  TimeoutError,
  WireError,
} from './error.ts'

/** Whatever was thrown, in its own words: for those who listen here. What leaves the program is `tellableInfo`. */
export function infoOf(thrown: unknown): ErrorInfo {
  if (thrown instanceof AgentScopeError) return errorInfo(thrown)
  const isAbort = thrown instanceof Error && thrown.name === 'AbortError'
  return { type: isAbort ? 'aborted' : 'provider', message: messageOf(thrown), retryable: false }
}

/**
 * What others may read of an error. The words of one that is not ours may hold anything, a password in an address for
 * one: only its class is told.
 */
export function tellableInfo(error: unknown): ErrorInfo {
  if (error instanceof AgentScopeError) return errorInfo(error)
  const kind = error instanceof Error ? error.name : typeof error
  if (kind === 'AbortError') return { type: 'aborted', message: 'Stopped: the signal was aborted', retryable: false }
  return { type: 'provider', message: `It broke off for a reason of its own (${kind}).`, retryable: false }
}

/** The typed error that was told: same class, same fields. It has no stack of the place where it happened. */
export function errorOf(info: ErrorInfo): AgentScopeError {
  const { type, message, clock, afterMs, offset, issues, ...options } = info
  if (type === 'timeout' && clock !== undefined) return new TimeoutError(clock, afterMs ?? 0, options)
  if (type === 'wire') return new WireError(message, { ...options, ...(offset !== undefined && { offset }) })
  if (issues !== undefined) return new StructuredOutputError(message, { ...options, issues })
  const Class = classes[type]
  return Class === undefined ? new AgentScopeError(type, message, options) : new Class(message, options)
}

const classes: Partial<Record<ErrorInfo['type'], new (message: string, options: ErrorOptions) => AgentScopeError>> = {
  config: ConfigError,
  input: InputError,
  auth: AuthError,
  'rate-limit': RateLimitError,
  provider: ProviderError,
  aborted: AbortedError,
}
