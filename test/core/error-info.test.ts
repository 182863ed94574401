// Errors across a border: told safely, and made again as what they were.
import { describe, expect, test } from 'vitest'
import {
  AbortedError,
  type AgentScopeError,
  AuthError,
  ConfigError,
  InputError,
  ProviderError,
  RateLimitError,
  StreamConsumedError,
  StructuredOutputError,
  TimeoutError,
  WireError,
} from '../../src/core/error.ts'
import { errorOf, tellableInfo } from '../../src/core/error-info.ts'

const everyField = { provider: 'openai', status: 429, code: 'c', requestId: 'r', retryAfterMs: 5, advice: 'Wait.' }
const errors: AgentScopeError[] = [
  new ConfigError('x', everyField),
  new InputError('x', everyField),
  new AuthError('x', everyField),
  new RateLimitError('x', { ...everyField, retryable: true }),
  new ProviderError('x', everyField),
  new WireError('x', { ...everyField, offset: 7 }),
  new TimeoutError('stall', 120, everyField),
  new AbortedError('x', everyField),
  new StructuredOutputError('x', { ...everyField, issues: [{ path: ['a', 0], message: 'wrong' }] }),
]

describe('an error that is told to somebody else', () => {
  test.each(errors.map((error) => [error.name, error] as const))('%s comes out as what it went in', (_, error) => {
    const again = errorOf(JSON.parse(JSON.stringify(tellableInfo(error))))
    expect(again).toBeInstanceOf(error.constructor)
    expect(again.toJSON()).toEqual(error.toJSON())
    expect(again.message).toBe(error.message)
  })

  test('keeps its type when its class needs more than was told', () => {
    expect(errorOf(tellableInfo(new StreamConsumedError('It')))).toMatchObject({ type: 'stream-consumed' })
  })

  test('that is not ours tells its class and none of its words', () => {
    const told = tellableInfo(new TypeError('postgres://me:secret@host'))
    expect(told).toMatchObject({ type: 'provider', retryable: false })
    expect(JSON.stringify(told)).toContain('TypeError')
    expect(JSON.stringify(told)).not.toContain('secret')
    expect(tellableInfo(new DOMException('x', 'AbortError')).type).toBe('aborted')
    expect(tellableInfo('a thrown secret').message).toContain('(string)')
  })
})
