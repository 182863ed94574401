// An agent's reply to a front end over real HTTP: as it is born, law-abiding, and stopped with its client.
import { afterEach, expect, test } from 'vitest'
import { AuthError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { merge, type SpokenEvent } from '../../src/pipelines/index.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { sseResponse } from '../../src/stream/event-sse.ts'
import { readEventSse } from '../../src/stream/read-event-sse.ts'
import { question, talker } from '../pipelines/voices.ts'
import { atOnce } from '../suites/at-once.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { relayServer } from './relay-server.ts'

expectNoLostRejections()

let simulated: Simulator | undefined
afterEach(async () => simulated?.close())

async function agentOn(model: Model) {
  simulated = await simulator({ models: { Friday: model, Bob: model } })
  return talker('Friday', simulated)
}

test("row 38: a client of one's own front end sees each event before the next is born", async () => {
  const words = ['One', ' two', ' three', ' four']
  const gates = words.map(gate)
  const agent = await agentOn({ text: words, gate: ({ index }) => gates[index]?.opened })
  await using server = await relayServer(() => sseResponse(agent.stream(question)))
  gates[0]?.open()
  const seen: string[] = []
  for await (const event of readEventSse(await fetch(server.url))) {
    if (event.type !== 'text-delta') continue
    seen.push(event.delta)
    gates[seen.length]?.open()
  }
  expect(seen).toEqual(words)
})

test('what arrives keeps the laws of events, and folds to the message that the agent remembers', async () => {
  const agent = await agentOn({ thinking: 'Hm.', text: 'Hello!\n\n你好 👨‍👩‍👧', signature: 's' })
  await using server = await relayServer(() => sseResponse(agent.stream(question)))
  const events: StreamEvent[] = []
  for await (const event of readEventSse(await fetch(server.url))) events.push(event)
  const [remembered] = agent.memory?.get(1) ?? []
  const { timestamp: _, ...message } = remembered as Msg
  checkEventLaws(events, message as Msg)
})

test.each(['closes its socket', 'leaves its loop'])(
  'the request to the provider closes within 50 ms when the client %s, and memory stays honest',
  atOnce,
  async (how) => {
    const agent = await agentOn({ text: ['Well', ' then'], end: 'silence' })
    await using server = await relayServer(() => sseResponse(agent.stream(question)))
    const stop = new AbortController()
    let left = 0
    try {
      for await (const event of readEventSse(await fetch(server.url, { signal: stop.signal }))) {
        if (event.type !== 'text-delta' || event.delta !== ' then') continue
        left = performance.now()
        if (how === 'leaves its loop') break
        stop.abort()
      }
    } catch (error) {
      expect(error).toMatchObject({ name: 'AbortedError' })
    }
    await simulated?.requests[0]?.closed
    expect(performance.now() - left).toBeLessThan(50)
    expect(simulated?.requests[0]?.aborted).toBe(true)
    expect(agent.memory?.get(1)[0]).toMatchObject({ ending: { reason: 'aborted' } })
  },
)

test('a reply that the provider refuses reaches the client as the typed error that it is', async () => {
  const agent = await agentOn({ error: { status: 401, message: 'Wrong key.' } })
  await using server = await relayServer(() => sseResponse(agent.stream(question)))
  const events = readEventSse(await fetch(server.url))
  const failure = await events.next().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AuthError)
  expect(failure).toMatchObject({ status: 401, provider: 'openai' })
})

test('many voices come over one connection, each event with its speaker', async () => {
  const friday = await agentOn({ text: ['Good', ' day'] })
  const bob = talker('Bob', simulated as Simulator)
  await using server = await relayServer(() => sseResponse(merge([friday.stream(question), bob.stream(question)])))
  const words = new Map<string, string>()
  for await (const event of readEventSse<SpokenEvent>(await fetch(server.url))) {
    if (event.type !== 'text-delta') continue
    words.set(event.speaker.name, `${words.get(event.speaker.name) ?? ''}${event.delta}`)
  }
  expect(Object.fromEntries(words)).toEqual({ Friday: 'Good day', Bob: 'Good day' })
})
