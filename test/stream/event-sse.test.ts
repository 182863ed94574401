// Events to a front end and back: frames, heartbeats, back-pressure, leaving, failing.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { AuthError, InputError, ProviderError, WireError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { eventSse, sseResponse } from '../../src/stream/event-sse.ts'
import { readEventSse } from '../../src/stream/read-event-sse.ts'
import { warningsOf } from '../agents/listening.ts'
import { Driven, textEvent } from '../pipelines/voices.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { cut } from '../suites/wire-server.ts'

expectNoLostRejections()
afterEach(() => {
  vi.useRealTimers()
})

const silent = { onError: () => {} }

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(body).text()
}

function bodyOf(text: string, size = text.length): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of cut(new TextEncoder().encode(text), size)) controller.enqueue(piece)
      controller.close()
    },
  })
}

async function readAll(events: AsyncIterable<StreamEvent>) {
  const heard: StreamEvent[] = []
  try {
    for await (const event of events) heard.push(event)
    return { heard }
  } catch (error) {
    return { heard, error: error as Error }
  }
}

describe('what is sent', () => {
  test('is one frame for each event, its own JSON, counted, and an end', async () => {
    const text = await textOf(eventSse(new Driven('A').say('Hi\n', '你好').end()))
    expect(text).toBe(
      ': open\n\n' +
        'id: 1\ndata: {"type":"text-delta","id":"m","index":0,"delta":"Hi\\n"}\n\n' +
        'id: 2\ndata: {"type":"text-delta","id":"m","index":0,"delta":"你好"}\n\n' +
        'event: end\ndata: {}\n\n',
    )
  })

  test('has the headers that a stream of events needs, and those of the caller', () => {
    const response = sseResponse(new Driven('A').end(), {
      status: 201,
      headers: { 'Cache-Control': 'private', x: 'y' },
    })
    expect(response.status).toBe(201)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'private',
      'x-accel-buffering': 'no',
      x: 'y',
    })
  })

  test('is asked for only when the client wants it', async () => {
    const source = new Driven('A').say('1', '2', '3').end()
    const reader = eventSse(source).getReader()
    await reader.read()
    expect(source.asked).toBe(0)
    await reader.read()
    await new Promise((resolve) => setImmediate(resolve))
    expect(source.asked).toBe(1)
    await reader.cancel()
  })
})

describe('a silent source', () => {
  test('is bridged by comments, each after the set time, and asked only once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const source = new Driven('A')
    const reader = eventSse(source, { heartbeatMs: 1000 }).getReader()
    await reader.read()
    for (let beats = 0; beats < 2; beats += 1) {
      const beat = reader.read()
      await vi.advanceTimersByTimeAsync(1000)
      expect(new TextDecoder().decode((await beat).value)).toBe(': still here\n\n')
    }
    const frame = reader.read()
    source.say('1')
    expect(new TextDecoder().decode((await frame).value)).toContain('id: 1\n')
    expect(source.asked).toBe(1)
    await reader.cancel()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('hears 15 seconds after the last event, not after the first wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const source = new Driven('A').say('1')
    const reader = eventSse(source).getReader()
    await reader.read()
    await reader.read()
    let beats = 0
    reader.read().then(() => (beats += 1))
    await vi.advanceTimersByTimeAsync(14_900)
    expect(beats).toBe(0)
    await vi.advanceTimersByTimeAsync(100)
    expect(beats).toBe(1)
    await reader.cancel()
  })

  test('keeps no process alive by its timer', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const reader = eventSse(new Driven('A')).getReader()
    await reader.read()
    const waiting = reader.read()
    await new Promise((resolve) => setImmediate(resolve))
    expect(timers()).toBe(before)
    await reader.cancel()
    await waiting
  })
})

describe('a client that leaves', () => {
  test('stops the source at once, also while it is silent', async () => {
    const source = new Driven('A')
    const reader = eventSse(source).getReader()
    await reader.read()
    const waiting = reader.read()
    await new Promise((resolve) => setImmediate(resolve))
    const leaving = reader.cancel()
    expect(source.left).toBe(true)
    await Promise.all([leaving, waiting])
  })

  test('does not hear of a failure any more, and nobody else is disturbed by it', async () => {
    const { promise, reject } = Promise.withResolvers<IteratorResult<StreamEvent>>()
    const source = { next: () => promise, [Symbol.asyncIterator]: () => source }
    const reader = eventSse(source).getReader()
    await reader.read()
    const waiting = reader.read()
    await reader.cancel()
    reject(new Error('too late'))
    expect(await waiting).toMatchObject({ done: true })
  })
})

describe('a source that fails', () => {
  test('is told in the last frame, as the typed error that it was, after all its events', async () => {
    const error = new AuthError('The key is wrong.', { provider: 'openai', status: 401, advice: 'Look at it.' })
    const heard: unknown[] = []
    const body = eventSse(new Driven('A').say('1').fail(error), { onError: (each) => heard.push(each) })
    const read = await readAll(readEventSse(body))
    expect(read.heard).toEqual([textEvent('1')])
    expect(read.error).toBeInstanceOf(AuthError)
    expect((read.error as AuthError).toJSON()).toEqual(error.toJSON())
    expect(heard).toEqual([error])
  })

  test('with an error that is not ours tells none of its words to the client, and all to the server', async () => {
    const source = new Driven('A').fail(new TypeError('postgres://me:secret@host'))
    let text = ''
    const warnings = await warningsOf(async () => {
      text = await textOf(eventSse(source))
    })
    expect(text).toContain('event: end\ndata: {"type":"error","error":{"type":"provider"')
    expect(text).not.toContain('secret')
    expect(warnings.join()).toContain('postgres://me:secret@host')
  })
})

test('an event that is no JSON ends the stream with an error, and stops its source', async () => {
  const source = new Driven('A')
  const reply = { ...textEvent('1'), value: 1n } as StreamEvent
  const events = Object.assign(source, { next: async () => ({ done: false as const, value: reply }) })
  const { heard, error } = await readAll(readEventSse(eventSse(events, silent)))
  expect(heard).toEqual([])
  expect(error).toMatchObject({ name: 'ProviderError', message: expect.stringContaining('TypeError') })
  expect(source.left).toBe(true)
})

describe('what is read', () => {
  const sent = () => textOf(eventSse(new Driven('A').say('Hi\n', '你好', '\u2028 "x"').end()))

  test.each([1, 7, 64, 10_000])('is what was sent, cut into pieces of %i bytes', async (size) => {
    const { heard, error } = await readAll(readEventSse(bodyOf(await sent(), size)))
    expect(error).toBeUndefined()
    expect(heard).toEqual(['Hi\n', '你好', '\u2028 "x"'].map(textEvent))
  })

  test('is whole or an error: a stream cut anywhere before its last frame never passes for a finished one', async () => {
    const text = await sent()
    const lastFrame = text.indexOf('event: end')
    for (let length = 0; length < lastFrame; length += 1) {
      const { heard, error } = await readAll(readEventSse(bodyOf(text.slice(0, length))))
      expect(error, text.slice(0, length)).toBeInstanceOf(WireError)
      expect(heard.length).toBeLessThanOrEqual(3)
    }
  })

  test('names what is no event, with the place', async () => {
    const { error } = await readAll(readEventSse(bodyOf(': x\n\ndata: {"type":"notice"}\n\ndata: [1]\n\n')))
    expect(error).toMatchObject({ name: 'WireError', received: '[1]', offset: 30 })
    const page = await readAll(readEventSse(bodyOf('<html>Log in</html>')))
    expect(page.error).toMatchObject({ name: 'WireError', received: expect.stringContaining('Log in') })
  })

  test('is refused when the server refused, or sent something else', () => {
    const refused = () => readEventSse(new Response('no', { status: 503 }))
    expect(refused).toThrow(ProviderError)
    expect(refused).toThrow('503')
    expect(() => readEventSse(new Response('<html>', { headers: { 'content-type': 'text/html' } }))).toThrow(WireError)
  })

  test('stops its source when the reader leaves, also while it waits', async () => {
    for (const waits of [false, true]) {
      const source = new Driven('A').say('1')
      const events = readEventSse(eventSse(source, silent))
      expect((await events.next()).value).toEqual(textEvent('1'))
      const waiting = waits ? events.next() : undefined
      await events.return()
      expect(source.left).toBe(true)
      if (waits) expect(await waiting).toEqual({ done: true, value: undefined })
    }
  })
})

test.each<[string, () => unknown]>([
  ['no stream', () => sseResponse([] as never)],
  ['nothing', () => eventSse(undefined as never)],
  ['a heartbeat without a pause', () => eventSse(new Driven('ann'), { heartbeatMs: -1 })],
])('%s is refused before anything is sent', (_, act) => {
  expect(act).toThrow(InputError)
})
