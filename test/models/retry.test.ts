// Trying again: before the first content only, one budget for refusals and for errors inside a 200, always visible.

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { AuthError, InputError, ProviderError, RateLimitError } from '../../src/core/error.ts'
import { decoded, served } from '../suites/decode.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { answerOf, dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const question = [{ role: 'user', content: 'Hi' }]
const atOnce = { 'retry-after-ms': '0' }
const good = (wire: Wire): Reply => ({ contentType: words[wire].contentType, body: answerOf(wire, 'well') })
const refusal = (status: number, headers: Record<string, string> = atOnce): Reply => ({
  status,
  headers,
  contentType: 'application/json',
  body: JSON.stringify({ error: { message: 'No.', type: 'some_error' } }),
})

/** How often a call is sent when the server only ever answers so, and the error it ends in. */
async function attempts(reply: Reply, maxRetries = 2): Promise<{ requests: number; error: unknown }> {
  await using server = await wireServer(reply)
  const model = wrapperFor('openai', { baseUrl: server.url, maxRetries })
  const error = await model.call(question).catch((thrown: unknown) => thrown)
  return { requests: server.received.length, error }
}

test.concurrent.each([408, 409, 429, 500, 502, 503, 504, 529])(
  'status %i is tried again, twice by default',
  async (status) => {
    const { requests, error } = await attempts(refusal(status))
    expect(requests).toBe(3)
    expect(error).toMatchObject({ status, retryable: true, provider: 'openai' })
  },
)

test.each([
  [400, InputError],
  [401, AuthError],
  [403, AuthError],
  [404, InputError],
  [413, InputError],
  [422, InputError],
])('status %i is not tried again', async (status, type) => {
  const { requests, error } = await attempts(refusal(status))
  expect(requests).toBe(1)
  expect(error).toBeInstanceOf(type)
  expect(error).toMatchObject({ status, retryable: false })
})

test('a quota that is used up will not be there a second later: it is not tried again', async () => {
  const body = JSON.stringify({ error: { message: 'You exceeded your quota.', code: 'insufficient_quota' } })
  const { requests, error } = await attempts({ status: 429, headers: atOnce, body })
  expect(requests).toBe(1)
  expect(error).toBeInstanceOf(RateLimitError)
})

test('with maxRetries: 0 nothing is tried again, neither a refusal nor an error inside a 200', async () => {
  expect((await attempts(refusal(503), 0)).requests).toBe(1)
  const { contentType, overloaded } = words.openai
  const { requests, response } = await served('openai', [{ contentType, body: overloaded('busy') }, good('openai')])
  expect(requests).toHaveLength(1)
  expect(response.ending).toMatchObject({ reason: 'error', error: { retryable: true } })
})

test('a connection that is refused is tried again, and the error names the place and the remedy', async () => {
  const port = await freePort()
  const fetch = counting(globalThis.fetch)
  const model = wrapperFor('openai', { baseUrl: `http://127.0.0.1:${port}/v1`, maxRetries: 1, fetch: fetch.fetch })
  const error = await model.call(question).catch((thrown: unknown) => thrown)
  expect(fetch.times()).toBe(2)
  expect(error).toBeInstanceOf(ProviderError)
  expect(error).toMatchObject({ code: 'ECONNREFUSED', retryable: true, advice: expect.stringContaining('baseUrl') })
  expect((error as Error).message).toContain(`http://127.0.0.1:${port}`)
})

test('a connection that is reset before the headers is tried again', async () => {
  const resets: Reply = { body: '', end: 'destroy' }
  await using server = await wireServer(null, good('openai'))
  const model = wrapperFor('openai', { baseUrl: server.url, maxRetries: 1 })
  const asked = server.next()
  const call = model.call(question)
  ;(await asked).drop()
  expect(await (await call).getText()).toBe('well')
  expect((await attempts(resets, 0)).error).toBeDefined()
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function counting(fetch: (request: Request) => Promise<Response>) {
  let count = 0
  const counted = (request: Request) => {
    count += 1
    return fetch(request)
  }
  return { fetch: counted, times: () => count }
}

describe('how long it waits', () => {
  const inMs = async (headers: Record<string, string>) => {
    const { events } = await served('openai', [refusal(503, headers), good('openai')], { maxRetries: 1 })
    return events.flatMap((event) => (event.type === 'notice' ? [event.details?.['delayMs']] : []))
  }

  test('is what the provider asks for, in seconds, in milliseconds, or as a date that has passed', async () => {
    expect(await inMs({ 'retry-after': '0.02' })).toEqual([20])
    expect(await inMs({ 'retry-after-ms': '15', 'retry-after': '20' })).toEqual([15])
    expect(await inMs({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })).toEqual([0])
  })

  test('is never more than a minute: a longer one is an error at once that tells how long it would be', async () => {
    const { requests, error } = await attempts(refusal(429, { 'retry-after': '3600' }))
    expect(requests).toBe(1)
    expect(error).toMatchObject({ type: 'rate-limit', retryAfterMs: 3_600_000, retryable: true })
    expect((error as RateLimitError).advice).toContain('3600 s')
  })
})

describe.each(wires)('%s', (wire) => {
  const { contentType, overloaded } = words[wire]
  const failing = { contentType, body: overloaded('Too busy.') }

  test.concurrent('refusals and errors inside a 200 share one budget', async () => {
    const { requests, response } = await served(wire, [failing, refusal(503), refusal(503), good(wire)], {
      maxRetries: 2,
    })
    expect(requests).toHaveLength(3)
    expect(response.ending).toMatchObject({ reason: 'error', complete: false, error: { status: 503 } })
  })

  test.concurrent('the message keeps its id, starts once, and shows every attempt', async () => {
    const replies = [failing, refusal(429), good(wire)]
    const { requests, events, response } = await served(wire, replies, { maxRetries: 2 })
    expect(requests).toHaveLength(3)
    expect(response.text).toBe('well')
    expect(new Set(events.map(({ id }) => id))).toEqual(new Set([response.id]))
    const notices = events.filter((event) => event.type === 'notice')
    expect(notices.map(({ kind, details }) => [kind, details?.['attempt']])).toEqual([
      ['retry', 1],
      ['retry', 2],
    ])
    expect(notices[1]?.details).toMatchObject({ error: { status: 429, provider: expect.any(String) } })
    expect(new Set(requests.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })
})

describe.each(dialectWires)('%s', (wire) => {
  const { contentType, open, text, overloaded, whole } = words[wire]

  test('nothing is tried again after the first content', async () => {
    const replies = [{ contentType, body: open + text('half') + overloaded('Too busy.') }, good(wire)]
    const { requests, response } = await served(wire, replies, { maxRetries: 2 })
    expect(requests).toHaveLength(1)
    expect(response.error).toMatchObject({ partialText: 'half', retryable: true })
  })

  test.concurrent('a call that does not stream is tried again for the same reasons', async () => {
    await using server = await wireServer({ contentType: 'application/json', body: '{"cut' }, refusal(503), {
      contentType: 'application/json',
      body: whole('well'),
    })
    const model = wrapperFor(wire, { baseUrl: server.url, maxRetries: 2 })
    const response = await model.call(question, { stream: false })
    expect(response.text).toBe('well')
    expect(server.received).toHaveLength(3)
  })
})

test('a connection that closes without an answer is tried again', async () => {
  const { requests, response } = await served('openai', [{ body: '' }, good('openai')], { maxRetries: 1 })
  expect(requests).toHaveLength(2)
  expect(response.text).toBe('well')
})

test('a timeout is not tried again: the user has waited long enough, and decides', async () => {
  await using server = await wireServer({ contentType: 'text/event-stream', body: ':\n\n', end: 'open' })
  const model = wrapperFor('openai', { baseUrl: server.url, maxRetries: 2, clocks: { firstContentMs: 50 } })
  const { response } = await decoded(model)
  expect(response.error).toMatchObject({ type: 'timeout', retryable: true })
  expect(server.received).toHaveLength(1)
})
