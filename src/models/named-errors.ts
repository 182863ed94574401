// Gives the errors of code that knows no provider the provider's name.
import {
  AbortedError,
  AgentScopeError,
  AuthError,
  ConfigError,
  InputError,
  ProviderError,
  RateLimitError,
  WireError,
} from '../core/error.ts'

const classes = [InputError, ConfigError, AuthError, RateLimitError, ProviderError, WireError, AbortedError]

/**
 * Runs `run`. An error of ours that it throws without a provider is thrown again as the same class with
 * `provider: message` and the field; every other error passes as it is.
 */
export function inProvider<Value>(provider: string, run: () => Value): Value {
  try {
    return run()
  } catch (error) {
    throw named(provider, error)
  }
}

function named(provider: string, error: unknown): unknown {
  if (!(error instanceof AgentScopeError) || error.provider !== undefined) return error
  const Class = classes.find((each) => each === error.constructor)
  if (Class === undefined) return error
  // The fields are the options by name; the cause is the error's own, so that it is not shown twice.
  return new Class(`${provider}: ${error.message}`, { ...error, provider, cause: error.cause })
}
