// Errors that know no provider get its name on their way out.
import { expect, it } from 'vitest'
import { ConfigError, InputError, StreamConsumedError, WireError } from '../../src/core/error.ts'
import { inProvider } from '../../src/models/named-errors.ts'
import { thrown } from './warnings.ts'

const from = (error: unknown) =>
  thrown(() =>
    inProvider('garden', () => {
      throw error
    }),
  )

it.each([InputError, ConfigError, WireError])('%o is thrown again as the same class, with the provider', (Class) => {
  const cause = new Error('why')
  const error = from(new Class('No roses.', { advice: 'Plant some.', code: 'thorn', received: 'x', cause }))
  expect(error).toBeInstanceOf(Class)
  expect(error.constructor).toBe(Class)
  expect(error).toMatchObject({ provider: 'garden', message: 'garden: No roses.', name: Class.name })
  expect(error).toMatchObject({ advice: 'Plant some.', code: 'thorn', received: 'x', cause })
})

it('keeps the place that a wire error names', () => {
  expect(from(new WireError('No.', { offset: 7 }))).toMatchObject({ offset: 7, provider: 'garden' })
})

it.each([
  ['that names its provider', new InputError('field: No.', { provider: 'field' })],
  ['that is none of ours', new TypeError('No.')],
  ['of a class that takes no message', new StreamConsumedError('The text')],
  ["of a user's own class", new (class OwnError extends InputError {})('No.')],
  ['that is no error', 'No.'],
])('passes one %s as it is', (_, error) => {
  expect(from(error)).toBe(error)
})

it('gives back what was made', () => {
  expect(inProvider('garden', () => 7)).toBe(7)
})
