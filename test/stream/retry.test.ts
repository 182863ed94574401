// The arithmetic of trying again.
import { expect, test } from 'vitest'
import { InputError, ProviderError, RateLimitError, TimeoutError } from '../../src/core/error.ts'
import { delayBeforeRetry, pause } from '../../src/stream/retry.ts'

const busy = new ProviderError('busy', { retryable: true })

test('the pause doubles from half a second to eight seconds, with up to half of it taken off by chance', () => {
  for (const [attempt, full] of [
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [5, 8_000],
    [9, 8_000],
  ] as const) {
    const delays = Array.from({ length: 50 }, () => delayBeforeRetry(busy, attempt, 10) as number)
    for (const delay of delays) expect(delay >= full / 2 && delay <= full).toBe(true)
    expect(new Set(delays).size).toBeGreaterThan(1)
  }
})

test('there is no point when the error stays, the attempts are used up, or a clock ran out', () => {
  expect(delayBeforeRetry(new InputError('wrong'), 1, 2)).toBeUndefined()
  expect(delayBeforeRetry(busy, 3, 2)).toBeUndefined()
  expect(delayBeforeRetry(busy, 1, 0)).toBeUndefined()
  expect(delayBeforeRetry(new TimeoutError('stall', 5), 1, 2)).toBeUndefined()
})

test('what the provider asks for is taken as it is, up to a minute', () => {
  const asking = (retryAfterMs: number) => new RateLimitError('slow', { retryable: true, retryAfterMs })
  expect(delayBeforeRetry(asking(0), 1, 2)).toBe(0)
  expect(delayBeforeRetry(asking(60_000), 1, 2)).toBe(60_000)
  expect(delayBeforeRetry(asking(60_001), 1, 2)).toBeUndefined()
})

test('a pause ends early when it is stopped, and leaves no listener behind', async () => {
  const stop = new AbortController()
  const paused = pause(60_000, stop.signal)
  stop.abort()
  await paused
  await pause(60_000, stop.signal)
  await pause(1, new AbortController().signal)
})
