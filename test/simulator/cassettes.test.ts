// Recording and replaying through a `fetch`: the same bytes, the same times, the same events.
import { describe, expect, test } from 'vitest'
import {
  type Cassette,
  createSimulator,
  formatCassette,
  parseCassette,
  type ReplayStep,
  record,
  replay,
} from '../../src/simulator/index.ts'
import { wires } from '../suites/wrappers.ts'
import { asked, eventsOf, hashOf, key, taped, virtualClock, weatherman } from './taping.ts'

describe.each(wires)('%s', (wire) => {
  test.each([true, false])('a replayed conversation gives the same event log (stream: %s)', async (stream) => {
    const { events, cassette } = await taped(wire, { stream })
    expect(events.at(-1)).toMatchObject({ type: 'message-end', ending: { complete: true } })
    const text = formatCassette(cassette)
    expect(text).not.toContain(key)
    expect(cassette.isPartial).toBe(false)
    const again = await eventsOf(wire, replay(parseCassette(text), { speed: 'max' }), { stream })
    expect(hashOf(again)).toBe(hashOf(events))
  })

  test('a connection that broke breaks again, and a refusal is refused again', async () => {
    const scripts = [
      { text: ['One ', 'two ', 'three'], end: 'reset' as const },
      { error: { status: 429, message: 'Slow down.' }, headers: { 'retry-after': '7' } },
    ]
    const tape = record(weatherman(scripts).fetch)
    const broken = await eventsOf(wire, tape)
    const refused = await eventsOf(wire, tape).catch((error: unknown) => error)
    expect(broken.at(-1)).toMatchObject({ ending: { complete: false, error: { code: 'ECONNRESET' } } })
    expect(refused).toMatchObject({ type: 'rate-limit', status: 429, retryAfterMs: 7000 })
    const fetch = replay(tape.cassette, { speed: 'max' })
    expect(await eventsOf(wire, fetch)).toEqual(broken)
    const again = await eventsOf(wire, fetch).catch((error: unknown) => error)
    expect(JSON.stringify(again)).toBe(JSON.stringify(refused))
  })
})

const spoken: Cassette = {
  version: 1,
  exchanges: [
    {
      number: 1,
      request: { atMs: 0, method: 'POST', url: 'http://model.test/v1/x', headers: {}, body: new Uint8Array() },
      response: { atMs: 100, status: 200, headers: { 'content-type': 'text/plain' } },
      pieces: [250, 400, 1000].map((atMs) => ({ atMs, bytes: Buffer.from(`at ${atMs};`) })),
      end: { atMs: 1200, how: 'complete' },
    },
  ],
  isPartial: false,
}

test.each([
  [1, [100, 250, 400, 1000, 1200]],
  [10, [10, 25, 40, 100, 120]],
  [0.5, [200, 500, 800, 2000, 2400]],
])('at speed %s each piece comes at its recorded time, divided', async (speed, expected) => {
  const clock = virtualClock()
  const response = await replay(spoken, { speed, clock })(asked())
  const seen = [clock.now()]
  for await (const _ of response.body ?? []) seen.push(clock.now())
  expect([...seen, clock.now()]).toEqual(expected)
})

test('a listener who comes late is not made later still', async () => {
  const clock = virtualClock()
  const response = await replay(spoken, { clock })(asked())
  const reader = response.body!.getReader()
  await reader.read()
  await clock.wait(10_000)
  await reader.read()
  await reader.read()
  expect(clock.now()).toBe(10_250)
})

test('a gate plays step by step, and is told what comes', async () => {
  const steps: ReplayStep[] = []
  const open = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<void>())
  const gate = (step: ReplayStep) => open[steps.push(step) - 1]!.promise
  const asking = replay(spoken, { gate })(asked())
  open[0]!.resolve()
  const reader = (await asking).body!.getReader()
  const reading = reader.read()
  expect(steps.map(({ type, index }) => `${type} ${index}`)).toEqual(['response 0', 'piece 0'])
  open[1]!.resolve()
  expect(Buffer.from((await reading).value!).toString()).toBe('at 250;')
  await reader.cancel()
})

test('an abort ends the wait for a piece', async () => {
  const leaving = new AbortController()
  const response = await replay(spoken, { clock: virtualClock(), gate: ({ type }) => stuck(type) })(asked(), {
    signal: leaving.signal,
  })
  const reading = response.text()
  leaving.abort(new Error('enough'))
  await expect(reading).rejects.toThrow('enough')
})

function stuck(type: ReplayStep['type']): Promise<void> | undefined {
  return type === 'piece' ? new Promise(() => {}) : undefined
}

test('a request that never reached anybody fails again in the same words', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })
  const tape = record(() => Promise.reject(new TypeError('fetch failed', { cause: refused })))
  const first = await eventsOf('openai', tape).catch(JSON.stringify)
  expect(tape.cassette.exchanges[0]).toMatchObject({ end: { how: 'broken', code: 'ECONNREFUSED' } })
  const again = await eventsOf('openai', replay(tape.cassette, { speed: 'max' })).catch(JSON.stringify)
  expect(again).toBe(first)
  expect(first).toContain('ECONNREFUSED')
})

test('a client that leaves is recorded as that, and the provider hears of it', async () => {
  const simulated = weatherman({ text: ['one', 'two', 'three'], gate: ({ index }) => stuckAt(index) })
  const tape = record(simulated.fetch)
  const reader = (await tape(asked(simulated.baseUrl('openai')))).body!.getReader()
  await reader.read()
  await reader.cancel()
  const request = await simulated.nextRequest()
  await request.closed
  expect(request.aborted).toBe(true)
  expect(tape.cassette.exchanges[0]?.end?.how).toBe('left')
})

function stuckAt(index: number): Promise<void> | undefined {
  return index > 0 ? new Promise(() => {}) : undefined
}

test('nothing is read of an answer before somebody asks', async () => {
  let pulled = 0
  const body = () =>
    new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.from(`${++pulled}`)) }, { highWaterMark: 0 })
  const response = await record(async () => new Response(body()))(asked())
  expect(pulled).toBe(0)
  await response.body!.getReader().read()
  expect(pulled).toBe(1)
})

test('simulated answers pass unchanged through a recording that was closed', async () => {
  const simulated = createSimulator({ models: { '*': { text: 'Hi.' } } })
  const tape = record(simulated.fetch)
  tape.close()
  const events = await eventsOf('ollama', tape)
  expect(events.at(-1)).toMatchObject({ ending: { complete: true } })
  expect(tape.cassette.exchanges).toEqual([])
})

test('a recording that is closed in the middle of an answer keeps all that came, and tells that there was more', async () => {
  // The key begins like this word, so all of it is held back.
  const frames = ['Tweety is a ', 'canary', ''].map((word) => `data: {"choices":[{"delta":{"content":"${word}"}}]}\n\n`)
  const body = new ReadableStream({
    start(stream) {
      for (const each of frames) stream.enqueue(Buffer.from(each))
    },
  })
  const headers = { authorization: `Bearer ${key}` }
  const tape = record(async () => new Response(body))
  const reader = (await tape('http://model.test/v1/chat', { method: 'POST', headers })).body!.getReader()
  for (const _ of frames) await reader.read()
  expect(tape.cassette.exchanges[0]!.pieces.length).toBeLessThan(frames.length)
  tape.close()
  const [exchange] = parseCassette(formatCassette(tape.cassette)).exchanges
  expect(Buffer.concat(exchange!.pieces.map(({ bytes }) => bytes)).toString()).toBe(frames.join(''))
  expect(exchange!.end).toBeUndefined()
  await reader.cancel()
  expect(tape.cassette.exchanges[0]!.end).toBeUndefined()
})
