// Typed errors: what went wrong, where, and what to do about it. None of them ever holds a key.

/** What kind of error it is: `error.type`, and in plain JSON `info.type`. */
export type ErrorType =
  | 'config'
  | 'input'
  | 'auth'
  | 'rate-limit'
  | 'provider'
  | 'wire'
  | 'timeout'
  | 'aborted'
  | 'stream-consumed'
  | 'structured-output'
  | 'budget'

export interface ErrorOptions {
  /** Which provider or part the error is about, for example `openai`. */
  provider?: string
  /** The HTTP status, or the one that the provider wrote into its body. */
  status?: number
  /** The provider's own code, as it came. */
  code?: string | number
  requestId?: string
  /** Whether the same request may well succeed later. Default false. */
  retryable?: boolean
  /** How long the provider asks to wait, in milliseconds. */
  retryAfterMs?: number
  /** The text that had arrived before the error. */
  partialText?: string
  /** What the reader can do. */
  advice?: string
  /** What had been received and could not be understood, cut to a readable length. */
  received?: string
  cause?: unknown
}

/** The plain JSON form of an error, as an `ending` or an `error` event carries it. */
export interface ErrorInfo {
  type: ErrorType
  message: string
  provider?: string
  status?: number
  code?: string | number
  requestId?: string
  retryable: boolean
  advice?: string
  clock?: Clock
  /** How long the clock ran, in milliseconds. */
  afterMs?: number
  /** How long the provider asks to wait, in milliseconds. */
  retryAfterMs?: number
  offset?: number
  /** What was wrong with a value that was to fit a schema. */
  issues?: ValueIssue[]
  /** What had been spent when a budget ended it. */
  spent?: Spent
}

/** What has been spent of a budget. `estimated`: a part of it is not the provider's count, but an estimate. */
export interface Spent {
  inputTokens: number
  outputTokens: number
  /** In the currency of the price table; absent without one. */
  cost?: number
  estimated: boolean
}

/** What is wrong with a value. `path` leads from the top to it; empty for the value itself. */
export interface ValueIssue {
  path: (string | number)[]
  message: string
}

/** Base of every error that this package throws on purpose; tell them apart by `type` or by class. */
export class AgentScopeError extends Error {
  readonly type: ErrorType
  declare readonly provider?: string
  declare readonly status?: number
  declare readonly code?: string | number
  declare readonly requestId?: string
  readonly retryable: boolean
  declare readonly retryAfterMs?: number
  declare readonly advice?: string
  declare readonly received?: string
  declare partialText?: string

  constructor(type: ErrorType, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.type = type
    this.retryable = options.retryable ?? false
    if (options.provider !== undefined) this.provider = options.provider
    if (options.status !== undefined) this.status = options.status
    if (options.code !== undefined) this.code = options.code
    if (options.requestId !== undefined) this.requestId = options.requestId
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
    if (options.advice !== undefined) this.advice = options.advice
    if (options.received !== undefined) this.received = options.received
    if (options.partialText !== undefined) this.partialText = options.partialText
  }

  toJSON(): ErrorInfo {
    return errorInfo(this)
  }
}

/** A setting is missing or wrong: a key, an option, a model configuration. */
export class ConfigError extends AgentScopeError {
  constructor(message: string, options?: ErrorOptions) {
    super('config', message, options)
  }
}

/** What was handed to a call is not what it takes, or the provider refused the request as wrong. */
export class InputError extends AgentScopeError {
  constructor(message: string, options?: ErrorOptions) {
    super('input', message, options)
  }
}

/** The provider did not accept the key, or the key may not do this. */
export class AuthError extends AgentScopeError {
  constructor(message: string, options?: ErrorOptions) {
    super('auth', message, options)
  }
}

/** Too many requests or no quota left; `retryAfterMs` when the provider said how long to wait. */
export class RateLimitError extends AgentScopeError {
  constructor(message: string, options?: ErrorOptions) {
    super('rate-limit', message, options)
  }
}

/** The provider reported a failure of its own, or could not be reached. */
export class ProviderError extends AgentScopeError {
  constructor(message: string, options?: ErrorOptions) {
    super('provider', message, options)
  }
}

/** Bytes arrived that are not what this wire speaks, or ended too early. `offset` counts bytes from the body's start. */
export class WireError extends AgentScopeError {
  declare readonly offset?: number

  constructor(message: string, options: ErrorOptions & { offset?: number } = {}) {
    super('wire', message, options)
    if (options.offset !== undefined) this.offset = options.offset
  }
}

/** For the headers of a response, for its first content, and for each next piece. */
export type Clock = 'headers' | 'first_content' | 'stall' | 'answer'

/** One of the clocks ran out: `clock` says which, `afterMs` after how long. */
export class TimeoutError extends AgentScopeError {
  readonly clock: Clock
  readonly afterMs: number

  constructor(clock: Clock, afterMs: number, options: ErrorOptions = {}) {
    super('timeout', `timeout: ${clock} after ${afterMs} ms${options.provider ? ` (${options.provider})` : ''}`, {
      retryable: true,
      ...options,
    })
    this.clock = clock
    this.afterMs = afterMs
  }
}

/** Somebody stopped it: an `AbortSignal`, `cancel()`, or a listener that left. */
export class AbortedError extends AgentScopeError {
  constructor(message: string, options?: ErrorOptions) {
    super('aborted', message, options)
  }
}

/** A budget is used up: the reply was ended for it, or the call was not made. `spent` says what was spent by then. */
export class BudgetError extends AgentScopeError {
  readonly spent: Spent

  constructor(message: string, spent: Spent, options?: ErrorOptions) {
    super('budget', message, options)
    this.spent = spent
  }
}

/** A stream can be read once. Its text stays readable. */
export class StreamConsumedError extends AgentScopeError {
  constructor(
    what: string,
    advice = 'Read response.text for what has been received, or await response.getText() for everything.',
  ) {
    super('stream-consumed', `${what} can be read only once and has been read already.`, { advice })
  }
}

/**
 * The model's answer is not the value that was asked for: it was refused, cut off, is no JSON, or does not fit the schema.
 * `issues` say what does not fit and where, `partialText` is the whole answer, `received` its beginning.
 */
export class StructuredOutputError extends AgentScopeError {
  readonly issues: readonly ValueIssue[]
  /** The value as far as it could be read; `undefined` when there was none. */
  declare readonly partialValue?: unknown

  constructor(
    message: string,
    options: ErrorOptions & { issues?: readonly ValueIssue[]; partialValue?: unknown } = {},
  ) {
    super('structured-output', message, options)
    this.issues = options.issues ?? []
    if (options.partialValue !== undefined) this.partialValue = options.partialValue
  }
}

/** Whatever was thrown, in its own words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The error as plain JSON: no stack, no cause, no partial text (the message has it). */
export function errorInfo(error: AgentScopeError): ErrorInfo {
  const info: ErrorInfo = { type: error.type, message: error.message, retryable: error.retryable }
  if (error.provider !== undefined) info.provider = error.provider
  if (error.status !== undefined) info.status = error.status
  if (error.code !== undefined) info.code = error.code
  if (error.requestId !== undefined) info.requestId = error.requestId
  if (error.advice !== undefined) info.advice = error.advice
  if (error.retryAfterMs !== undefined) info.retryAfterMs = error.retryAfterMs
  if (error instanceof TimeoutError) {
    info.clock = error.clock
    info.afterMs = error.afterMs
  }
  if (error instanceof WireError && error.offset !== undefined) info.offset = error.offset
  if (error instanceof BudgetError) info.spent = { ...error.spent }
  if (error instanceof StructuredOutputError && error.issues.length > 0) info.issues = [...error.issues]
  return info
}
