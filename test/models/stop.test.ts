// Row T28 and its kin: whoever leaves closes the provider's socket, in whatever way, at whatever moment.
import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { AbortedError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { atOnce } from '../suites/at-once.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, type WireServer, wireServer } from '../suites/wire-server.ts'
import { answerOf, words } from '../suites/wire-words.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const question = [{ role: 'user', content: 'Hi' }]
const atOnceMs = 50

/** Three tokens, and then nothing, for ever. */
const openEnded = (wire: Wire): Reply => {
  const { contentType, open, text } = words[wire]
  return { contentType, body: open + text('one ') + text('two ') + text('three '), end: 'open' }
}

const call = (server: WireServer, wire: Wire = 'openai', options: Record<string, unknown> = {}) =>
  wrapperFor(wire, { baseUrl: server.url }).call(question, options)

/** Reads until three tokens have come. */
async function threeTokens(response: ModelResponse): Promise<AsyncIterator<[boolean, string]>> {
  const pairs = response.stream![Symbol.asyncIterator]()
  for (let read = 0; read < 3; read += 1) await pairs.next()
  expect(response.text).toBe('one two three ')
  return pairs
}

/** Runs what stops it and expects the server to see the close at once. */
async function closesAtOnce(server: WireServer, stop: () => unknown): Promise<void> {
  const stoppedAt = performance.now()
  stop()
  expect((await server.received[0]!.closed) - stoppedAt).toBeLessThanOrEqual(atOnceMs)
}

describe.each(wires)('%s', (wire) => {
  test('T28: leaving the loop after three tokens closes the socket within 50 ms', atOnce, async () => {
    await using server = await wireServer(openEnded(wire))
    const response = await call(server, wire)
    let tokens = 0
    let leftAt = 0
    for await (const _ of response.stream!) {
      tokens += 1
      leftAt = performance.now()
      if (tokens === 3) break
    }
    expect((await server.received[0]!.closed) - leftAt).toBeLessThanOrEqual(atOnceMs)
    expect(response.ending).toEqual({ reason: 'aborted', complete: false })
    expect(await response.getText()).toBe('one two three ')
  })

  test('T28: leaving the event loop does the same', atOnce, async () => {
    await using server = await wireServer(openEnded(wire))
    const response = await call(server, wire)
    let leftAt = 0
    for await (const event of response.events) {
      leftAt = performance.now()
      if (event.type === 'text-delta') break
    }
    expect((await server.received[0]!.closed) - leftAt).toBeLessThanOrEqual(atOnceMs)
    expect(response).toMatchObject({ text: 'one ', ending: { reason: 'aborted', complete: false }, error: undefined })
  })
})

test('return() while a next() is pending ends both and closes the socket', atOnce, async () => {
  await using server = await wireServer(openEnded('openai'))
  const response = await call(server)
  const pairs = await threeTokens(response)
  const pending = pairs.next()
  await closesAtOnce(server, () => pairs.return!())
  expect(await pending).toEqual({ value: undefined, done: true })
  expect(await pairs.next()).toEqual({ value: undefined, done: true })
  expect(await response.getText()).toBe('one two three ')
})

test('throw() leaves as return() does, and gives the error back', atOnce, async () => {
  await using server = await wireServer(openEnded('openai'))
  const response = await call(server)
  const pairs = await threeTokens(response)
  const thrown: Promise<unknown>[] = []
  await closesAtOnce(server, () => thrown.push(pairs.throw!(new Error('enough')).catch((error: unknown) => error)))
  expect(await thrown[0]).toEqual(new Error('enough'))
})

test('cancel() while a reader waits gives the reader what came, and then the stop', atOnce, async () => {
  await using server = await wireServer(openEnded('openai'))
  const response = await call(server)
  const pairs = await threeTokens(response)
  const pending = expect(pairs.next()).rejects.toMatchObject({ type: 'aborted', partialText: 'one two three ' })
  await closesAtOnce(server, () => response.cancel('the user pressed a key'))
  await pending
  expect(response.error?.message).toContain('the user pressed a key')
  expect(response.ending).toMatchObject({ reason: 'aborted', complete: false, error: { type: 'aborted' } })
  await expect(response.getText()).rejects.toBe(response.error)
})

test('cancel() before anybody reads closes the socket, and every way of reading says so', atOnce, async () => {
  await using server = await wireServer(openEnded('openai'))
  const response = await call(server)
  await closesAtOnce(server, () => response.cancel())
  await expect(response.getText()).rejects.toBeInstanceOf(AbortedError)
  expect(response.text).toBe('')
  await response.cancel()
})

test.each(['unread', 'read in part', 'read in part as events'])(
  'await using closes a response that is %s',
  async (how) => {
    await using server = await wireServer(openEnded('openai'))
    let leftAt = 0
    const seen = await (async () => {
      await using response = await call(server)
      if (how === 'read in part') await threeTokens(response)
      if (how.endsWith('events')) await response.events.next()
      leftAt = performance.now()
      return response
    })()
    expect((await server.received[0]!.closed) - leftAt).toBeLessThanOrEqual(atOnceMs)
    expect(seen.ending).toEqual({ reason: 'aborted', complete: false })
    expect(seen.message.role).toBe('assistant')
  },
)

test('an iterator that is disposed closes the socket', atOnce, async () => {
  await using server = await wireServer(openEnded('openai'))
  const response = await call(server)
  let leftAt = 0
  {
    await using pairs = response.stream!
    await pairs.next()
    leftAt = performance.now()
  }
  expect((await server.received[0]!.closed) - leftAt).toBeLessThanOrEqual(atOnceMs)
})

describe('an AbortSignal', () => {
  test('that is aborted already sends no request', atOnce, async () => {
    await using server = await wireServer(openEnded('openai'))
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(call(server, 'openai', { signal })).rejects.toMatchObject({ type: 'aborted', message: /too late/ })
    expect(server.received).toHaveLength(0)
  })

  test('stops a call that waits for its headers', atOnce, async () => {
    await using server = await wireServer(null)
    const stop = new AbortController()
    const asked = server.next()
    const refused = expect(call(server, 'openai', { signal: stop.signal })).rejects.toBeInstanceOf(AbortedError)
    await asked
    await closesAtOnce(server, () => stop.abort())
    await refused
  })

  test('stops a call in the pause before it tries again', atOnce, async () => {
    await using server = await wireServer({ status: 503, headers: { 'retry-after': '31' } })
    using timers = vi.spyOn(globalThis, 'setTimeout')
    const stop = new AbortController()
    const model = wrapperFor('openai', { baseUrl: server.url, maxRetries: 2 })
    const refused = expect(model.call(question, { signal: stop.signal })).rejects.toMatchObject({ type: 'aborted' })
    // The pause has begun when its timer is set; no clock of a call has that length.
    await vi.waitFor(() => expect(timers).toHaveBeenCalledWith(expect.any(Function), 31_000))
    stop.abort('no more')
    await refused
    expect(server.received).toHaveLength(1)
  })

  test('stops a reply in the pause before it tries again', atOnce, async () => {
    const { contentType, overloaded } = words.openai
    await using server = await wireServer({ contentType, body: overloaded('busy') })
    const stop = new AbortController()
    const model = wrapperFor('openai', { baseUrl: server.url, maxRetries: 2 })
    const response = await model.call(question, { signal: stop.signal })
    const events: StreamEvent[] = []
    for await (const event of response.events) {
      events.push(event)
      if (event.type === 'notice') stop.abort('no more')
    }
    checkEventLaws(events, response.message)
    expect(response.ending).toMatchObject({ reason: 'aborted', error: { message: 'Stopped: no more' } })
    expect(server.received).toHaveLength(1)
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 8, 10, 12])(
    'stops a call %i microtasks after its headers came',
    atOnce,
    async (depth) => {
      await using server = await wireServer(openEnded('openai'))
      const stop = new AbortController()
      const fetch = async (request: Request) => {
        const response = await globalThis.fetch(request)
        void (async () => {
          for (let at = 0; at < depth; at += 1) await undefined
          stop.abort()
        })()
        return response
      }
      const model = wrapperFor('openai', { baseUrl: server.url, fetch })
      const told = await model.call(question, { signal: stop.signal }).then(
        (response) => response.getText().catch((error: unknown) => error),
        (error: unknown) => error,
      )
      expect(told).toBeInstanceOf(AbortedError)
      await server.received[0]!.closed
      expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
    },
  )

  test('stops a reply while it is read; what came is kept', atOnce, async () => {
    await using server = await wireServer(openEnded('openai'))
    const stop = new AbortController()
    const response = await call(server, 'openai', { signal: stop.signal })
    const pairs = await threeTokens(response)
    const pending = expect(pairs.next()).rejects.toMatchObject({ type: 'aborted', partialText: 'one two three ' })
    await closesAtOnce(server, () => stop.abort(new Error('the user left')))
    await pending
    expect(response.error?.message).toContain('the user left')
  })

  test('stops a reply that nobody reads', atOnce, async () => {
    await using server = await wireServer(openEnded('openai'))
    const stop = new AbortController()
    const response = await call(server, 'openai', { signal: stop.signal })
    await closesAtOnce(server, () => stop.abort())
    await expect(response.getText()).rejects.toBeInstanceOf(AbortedError)
  })

  test('stops a call that does not stream while its body comes', atOnce, async () => {
    await using server = await wireServer({ contentType: 'application/json', body: '{"choices":[', end: 'open' })
    const stop = new AbortController()
    const asked = server.next()
    const refused = expect(call(server, 'openai', { stream: false, signal: stop.signal })).rejects.toMatchObject({
      type: 'aborted',
    })
    await asked
    await closesAtOnce(server, () => stop.abort())
    await refused
  })

  test('that many replies share stops them all', atOnce, async () => {
    await using server = await wireServer(openEnded('openai'))
    const stop = new AbortController()
    const calls = Array.from({ length: 20 }, () => call(server, 'openai', { signal: stop.signal }))
    const responses = await Promise.all(calls)
    const readings = responses.map((response) => response.getText().catch((error: Error) => error))
    const stoppedAt = performance.now()
    stop.abort()
    for (const { closed } of server.received) expect((await closed) - stoppedAt).toBeLessThanOrEqual(4 * atOnceMs)
    for (const reading of readings) expect(await reading).toBeInstanceOf(AbortedError)
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
  })

  test('that 1,000 calls share keeps no listener of any of them', atOnce, async () => {
    const { contentType } = words.openai
    await using server = await wireServer({ contentType, body: answerOf('openai', 'ok') })
    const { signal } = new AbortController()
    for (let at = 0; at < 1_000; at += 50) {
      const responses = await Promise.all(Array.from({ length: 50 }, () => call(server, 'openai', { signal })))
      expect(await Promise.all(responses.map((response) => response.getText()))).toEqual(Array(50).fill('ok'))
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('keeps no listener of a call that was refused, left or cancelled', atOnce, async () => {
    await using server = await wireServer({ status: 401 }, openEnded('openai'), openEnded('openai'))
    const { signal } = new AbortController()
    await call(server, 'openai', { signal }).catch(() => {})
    await (await call(server, 'openai', { signal })).stream!.return(undefined)
    const left = await call(server, 'openai', { signal })
    for await (const _ of left.stream!) break
    await (await call(server, 'openai', { signal })).cancel()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

test('cancel() during a second attempt closes that attempt too', atOnce, async () => {
  const { contentType, overloaded } = words.openai
  await using server = await wireServer({ contentType, body: overloaded('busy') }, null)
  const model = wrapperFor('openai', { baseUrl: server.url, maxRetries: 2 })
  const response = await model.call(question)
  const reading = response.getText().catch((error: Error) => error)
  await server.next()
  await response.cancel()
  await server.received[1]!.closed
  expect(await reading).toBeInstanceOf(AbortedError)
})

test('a finished answer hands its connection back, so that later calls can use it', atOnce, async () => {
  const { contentType } = words.openai
  await using server = await wireServer({ contentType, body: answerOf('openai', 'ok') })
  for (let at = 0; at < 20; at += 1) expect(await (await call(server)).getText()).toBe('ok')
  const connections = new Set(server.received.map(({ closed }) => closed))
  expect(server.received).toHaveLength(20)
  expect(connections.size).toBeLessThan(10)
})
