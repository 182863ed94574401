// The simulator plays cassettes over real HTTP.
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { type Cassette, createSimulator, record, simulator } from '../../src/simulator/index.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'
import { asked, eventsOf, key, taped, virtualClock, weatherman } from './taping.ts'

const fast = { speed: 'max' } as const

/** The same question as in the cassette, over a socket. */
async function heardFrom(cassette: Cassette, wire: Wire, options: Record<string, unknown> = {}) {
  await using sim = await simulator({ cassette, replay: fast })
  const through: typeof fetch = (input, init) => {
    const request = new Request(input, init)
    const { pathname, search } = new URL(request.url)
    return fetch(new Request(sim.url + pathname + search, request))
  }
  return await eventsOf(wire, through, options)
}

describe.each(wires)('%s', (wire) => {
  test.each([true, false])('is served from a cassette, event for event (stream: %s)', async (stream) => {
    const { events, cassette } = await taped(wire, { stream })
    expect(await heardFrom(cassette, wire, { stream })).toEqual(events)
  })
})

test('a 429 and a broken connection are served as such', async () => {
  const scripts = [
    { error: { status: 429, message: 'Slow down.' }, headers: { 'retry-after': '7' } },
    { text: ['One ', 'two '], end: 'reset' as const },
  ]
  const tape = record(weatherman(scripts).fetch)
  await eventsOf('openai', tape).catch(() => {})
  await eventsOf('openai', tape)
  const [refused, broken] = tape.cassette.exchanges.map((each) => ({ ...tape.cassette, exchanges: [each] }))
  await expect(heardFrom(refused!, 'openai')).rejects.toMatchObject({ status: 429, retryAfterMs: 7000 })
  const events = await heardFrom(broken!, 'openai')
  expect(events.at(-1)).toMatchObject({ ending: { complete: false, error: { code: 'ECONNRESET' } } })
  expect(JSON.stringify(events)).toContain('two ')
})

test('a connection that never came about is destroyed before it has answered', async () => {
  const tape = record(() => Promise.reject(new Error('no route')))
  await tape(asked()).catch(() => {})
  await using sim = await simulator({ cassette: tape.cassette, replay: { ...fast, match: 'order' } })
  await expect(fetch(`${sim.url}/v1/x`, { method: 'POST' })).rejects.toThrow('fetch failed')
  const flat = createSimulator({ cassette: tape.cassette, replay: { ...fast, match: 'order' } })
  await expect(flat.fetch(asked())).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
})

test('what was not recorded is a 404 that says what differs', async () => {
  const { cassette } = await taped('openai')
  await using sim = await simulator({ cassette, replay: fast })
  const response = await fetch(asked(`${sim.url}/v1`))
  const { error } = (await response.json()) as { error: { message: string; differences: string[] } }
  expect([response.status, error.differences[0]]).toEqual([404, 'body.model: recorded "test-model", asked "m"'])
  expect(sim.requests[0]).toMatchObject({ wire: 'openai', status: 404, body: { model: 'm' } })
})

test('a cassette may be one model among others', async () => {
  const { cassette, events } = await taped('anthropic')
  const models = { 'test-model': { cassette, replay: fast }, '*': { text: 'Somebody else.' } }
  await using sim = await simulator({ models })
  const through: typeof fetch = (input, init) => {
    const request = new Request(input, init)
    return fetch(new Request(sim.url + new URL(request.url).pathname, request))
  }
  expect(await eventsOf('anthropic', through)).toEqual(events)
  const other = wrapperFor('anthropic', { baseUrl: sim.baseUrl('anthropic'), modelName: 'other' })
  expect(await (await other.call([{ role: 'user', content: 'Hi' }])).getText()).toBe('Somebody else.')
})

test('the recorded times are kept over HTTP, and speed divides them', async () => {
  const { cassette } = await taped('ollama')
  const [exchange] = cassette.exchanges
  const pieces = exchange!.pieces.map((piece, index) => ({ ...piece, atMs: 1000 + 100 * index }))
  const end = { atMs: 10_000, how: 'complete' } as const
  const clock = virtualClock()
  const slow = { ...cassette, exchanges: [{ ...exchange!, pieces, end }] }
  await using sim = await simulator({ cassette: slow, replay: { speed: 10, clock, match: 'order' } })
  await (await fetch(asked(sim.baseUrl('openai')))).text()
  expect(clock.now()).toBe(1000)
})

test('the official client is recorded, and hears the same from the cassette', async () => {
  await using sim = await simulator({ models: { '*': { text: 'Hello from the tape.' } } })
  const tape = record()
  const say = async (baseURL: string, through: typeof fetch) => {
    const client = new OpenAI({ baseURL, apiKey: key, fetch: through, maxRetries: 0 })
    let text = ''
    const messages = [{ role: 'user', content: 'Hi' }] as const
    for await (const each of await client.chat.completions.create({
      model: 'm',
      stream: true,
      messages: [...messages],
    }))
      text += each.choices[0]?.delta.content ?? ''
    return text
  }
  expect(await say(sim.baseUrl('openai'), tape as typeof fetch)).toBe('Hello from the tape.')
  await using player = await simulator({ cassette: tape.cassette, replay: fast })
  expect(await say(player.baseUrl('openai'), fetch)).toBe('Hello from the tape.')
})

test('models and a cassette exclude each other, and replay needs one', async () => {
  const { cassette } = await taped('openai')
  await expect(simulator({ cassette, models: {} })).rejects.toThrow('give one of them')
  await expect(simulator({ models: {}, replay: fast })).rejects.toThrow('there is none')
  await expect(simulator({ cassette: {} as never })).rejects.toThrow('There is no cassette to replay')
  await expect(simulator({ models: { m: { cassette: {} } } as never })).rejects.toThrow('There is no cassette')
})
