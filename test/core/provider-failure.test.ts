// From what a provider says about its failure to the error that tells a user what to do.
import { describe, expect, test } from 'vitest'
import { failureIn, type ProviderFailure, providerError } from '../../src/core/provider-failure.ts'

describe('a failure is found in every shape that providers use', () => {
  test.each<[string, unknown, ProviderFailure]>([
    [
      'OpenAI',
      { error: { message: 'No.', type: 'invalid_request_error', code: 'bad' } },
      { message: 'No.', kind: 'invalid_request_error', code: 'bad' },
    ],
    [
      'Anthropic',
      { type: 'error', error: { type: 'overloaded_error', message: 'No.' }, request_id: 'r' },
      { message: 'No.', kind: 'overloaded_error', requestId: 'r' },
    ],
    [
      'Gemini',
      [{ error: { code: 503, message: 'No.', status: 'UNAVAILABLE' } }],
      { message: 'No.', code: 503, status: 503, kind: 'UNAVAILABLE' },
    ],
    ['Ollama', { error: 'No.' }, { message: 'No.' }],
    [
      'DashScope',
      { code: 'InvalidApiKey', message: 'No.', request_id: 'r' },
      { message: 'No.', code: 'InvalidApiKey', requestId: 'r' },
    ],
    ['ZhipuAI', { error: { code: '1302', message: 'No.' } }, { message: 'No.', code: '1302' }],
    ['FastAPI', { detail: 'No.' }, { message: 'No.' }],
    ['FastAPI with a list', { detail: [{ msg: 'No.' }] }, { message: '[{"msg":"No."}]' }],
    ['an error without a message', { error: { code: 'x' } }, { message: '{"code":"x"}', code: 'x' }],
  ])('%s', (_, value, failure) => {
    expect(failureIn(value)).toEqual(failure)
  })
})

test.each([[{ choices: [] }], [{ error: null }], [{ error: '' }], ['error'], [7], [null], [[]]])(
  '%j reports none',
  (value) => expect(failureIn(value)).toBeUndefined(),
)

test('a DashScope answer with an output is no failure, whatever its code', () => {
  expect(failureIn({ output: {}, code: '', message: 'ok' })).toBeUndefined()
})

describe('the error', () => {
  test.each<[string, Partial<ProviderFailure>, string, boolean]>([
    ['401', { status: 401 }, 'auth', false],
    ['403', { status: 403 }, 'auth', false],
    ['429', { status: 429 }, 'rate-limit', true],
    ['429 for money', { status: 429, code: 'insufficient_quota' }, 'rate-limit', false],
    ['402', { status: 402 }, 'rate-limit', false],
    ['403 for money', { status: 403, code: 'insufficient_user_quota' }, 'rate-limit', false],
    ['400 for an account in arrears', { status: 400, code: 'Arrearage' }, 'rate-limit', false],
    ['400 for money', { status: 400, message: 'Your credit balance is too low' }, 'rate-limit', false],
    ['a bill inside a 200', { kind: 'billing_error' }, 'rate-limit', false],
    ['400', { status: 400 }, 'input', false],
    ['400 with a bad key', { status: 400, code: 'InvalidApiKey' }, 'auth', false],
    ['404', { status: 404 }, 'input', false],
    ['408', { status: 408 }, 'provider', true],
    ['409', { status: 409 }, 'provider', true],
    ['500', { status: 500 }, 'provider', true],
    ['529', { status: 529 }, 'provider', true],
    ['a status in the code', { code: 503 }, 'provider', true],
    ['an overload inside a 200', { kind: 'overloaded_error' }, 'provider', true],
    ["Anthropic's own 500 inside a 200", { kind: 'api_error' }, 'provider', true],
    ['a request that is too large', { kind: 'request_too_large' }, 'input', false],
    ['a rate limit inside a 200', { code: 'rate_limit_exceeded' }, 'rate-limit', true],
    ['Throttling inside a 200', { code: 'Throttling.RateQuota' }, 'rate-limit', true],
    ['a bad request inside a 200', { kind: 'invalid_request_error' }, 'input', false],
    ['a wrong key inside a 200', { code: 'InvalidApiKey' }, 'auth', false],
    ['an unknown code inside a 200', { code: 'pump' }, 'provider', false],
    ['only words inside a 200', { message: 'the runner has stopped unexpectedly' }, 'provider', true],
    ['only words that blame the key', { message: 'invalid api key' }, 'auth', false],
    ['only words that blame the request', { message: 'model "rose" not found' }, 'input', false],
    ['what the wire itself calls retryable', { code: 'bad_tool_call', retryable: true }, 'provider', true],
  ])('for %s', (_, failure, type, retryable) => {
    const error = providerError({ message: 'No.', ...failure }, 'garden')
    expect(error).toMatchObject({ type, retryable, provider: 'garden' })
    expect(error.advice).toMatch(/\w/)
  })

  test('says who, with which status, and how long to wait', () => {
    const failure = { message: 'Slow down.', status: 429, requestId: 'r', retryAfterMs: 2_500 }
    const error = providerError(failure, 'garden')
    expect(error.message).toBe('garden (429): Slow down.')
    expect(error).toMatchObject({ requestId: 'r', retryAfterMs: 2_500, advice: expect.stringContaining('Wait 3 s') })
  })

  test.each([
    ['no money', { status: 402 }, /credit or plan/],
    ['no quota left', { status: 429, code: 'insufficient_quota' }, /credit or plan/],
    ['too many requests', { status: 429 }, /^Wait and try again/],
    ['a failure that knows its remedy', { status: 404, advice: 'Turn left.' }, /^Turn left\.$/],
  ])('advises what helps against %s', (_, failure, advice) => {
    expect(providerError({ message: 'No.', ...failure }, 'garden').advice).toMatch(advice)
  })
})
