// Typed errors: told apart by class and by type, with everything that helps and nothing that hurts.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  AbortedError,
  AgentScopeError,
  AuthError,
  ConfigError,
  errorInfo,
  InputError,
  ProviderError,
  RateLimitError,
  StreamConsumedError,
  TimeoutError,
  WireError,
} from '../../src/core/error.ts'

test.each([
  [new ConfigError('x'), 'config', 'ConfigError'],
  [new InputError('x'), 'input', 'InputError'],
  [new AuthError('x'), 'auth', 'AuthError'],
  [new RateLimitError('x'), 'rate-limit', 'RateLimitError'],
  [new ProviderError('x'), 'provider', 'ProviderError'],
  [new WireError('x'), 'wire', 'WireError'],
  [new TimeoutError('stall', 5), 'timeout', 'TimeoutError'],
  [new AbortedError('x'), 'aborted', 'AbortedError'],
  [new StreamConsumedError('x'), 'stream-consumed', 'StreamConsumedError'],
])('%s has the type %s and its own name', (error, type, name) => {
  expect(error).toBeInstanceOf(AgentScopeError)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ type, name })
  expect(String(error)).toMatch(new RegExp(`^${name}: `))
  expect(inspect(error)).toContain(name)
})

test('an error carries what is known and has no empty fields', () => {
  const cause = new Error('beneath')
  const known = {
    provider: 'garden',
    status: 503,
    code: 'pump',
    requestId: 'r',
    retryable: true,
    retryAfterMs: 5,
    partialText: 'half',
    advice: 'Wait.',
    received: '<html>',
  }
  const error = new ProviderError('No water.', { ...known, cause })
  expect(error).toMatchObject(known)
  expect(error.cause).toBe(cause)
  expect(new ProviderError('x').retryable).toBe(false)
  expect('cause' in new ProviderError('x')).toBe(false)
})

test('its plain form is JSON without stack, cause and partial text', () => {
  const error = new WireError('No JSON.', { offset: 7, provider: 'garden', cause: new Error('x'), partialText: 'half' })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    type: 'wire',
    message: 'No JSON.',
    provider: 'garden',
    offset: 7,
    retryable: false,
  })
  expect(errorInfo(new TimeoutError('headers', 30, { provider: 'garden' }))).toEqual({
    type: 'timeout',
    message: 'timeout: headers after 30 ms (garden)',
    provider: 'garden',
    clock: 'headers',
    afterMs: 30,
    retryable: true,
  })
})
