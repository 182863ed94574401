// `agent.stream`: the reply as events for a front end of one's own (contract row 38), and leaving it stops the reply.
import { describe, expect, test } from 'vitest'
import { DialogAgent, UserAgent } from '../../src/agents/index.ts'
import { AbortedError, AuthError, StreamConsumedError } from '../../src/core/error.ts'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import { type Msg, textOf } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { simulator } from '../../src/simulator/index.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { gate } from '../suites/gate.ts'
import { wrapperFor } from '../suites/wrappers.ts'
import { acting, question, weather } from './acting.ts'
import { Listening, Parrot, quietScope } from './listening.ts'

async function all(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

describe('agent.stream', () => {
  test('gives text, thinking, tool calls, tool results, usage and the final message as events, as listeners hear them', async () => {
    const script = { text: 'Looking.', thinking: 'Hm.', toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }
    await using run = await acting([script, { text: 'Sunny.' }], { toolkit: [weather()], wire: 'anthropic' })
    const stream = run.agent.stream(question)
    const events = await all(stream)
    expect(events).toEqual(run.heard.events)
    const ids = [...new Set(events.map(({ id }) => id))]
    for (const id of ids) checkEventLaws(events.filter((event) => event.id === id))
    const remembered = run.agent.memory?.get().slice(1) ?? []
    expect(ids).toEqual(remembered.map(({ id }) => id))
    expect(events.at(-1)).toMatchObject({ type: 'message-end', usage: { inputTokens: expect.any(Number) } })
  })

  test('returns the message that call would have given, and names the speaker', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    const stream = agent.stream(question)
    expect(stream.speaker).toEqual({ name: 'Friday', id: agent.agentId })
    let step = await stream.next()
    let folded: Msg | undefined
    for (; !step.done; step = await stream.next()) folded = applyEvent(folded, step.value)
    expect(textOf(step.value)).toBe('Hello!')
    expect(folded?.id).toBe(step.value.id)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('is read once: a second loop is told so, instead of being silently empty', async () => {
    const stream = new Parrot({ scope: quietScope().scope }).stream(question)
    await all(stream)
    await expect(all(stream)).rejects.toBeInstanceOf(StreamConsumedError)
  })

  test('does nothing before it is read', async () => {
    const { scope, heard } = quietScope()
    const stream = new Parrot({ scope }).stream(question)
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard.events).toEqual([])
    await stream.return()
    expect(heard.events).toEqual([])
  })

  test('that is left stops the reply: the socket closes and what was said stays in memory, marked', async () => {
    const never = gate()
    await using simulated = await simulator({
      models: { '*': { text: ['One', ' two'], gate: ({ index }) => (index === 1 ? never.opened : undefined) } },
    })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
    const agent = new DialogAgent({ name: 'Friday', model, scope: quietScope().scope })
    for await (const event of agent.stream(question)) if (event.type === 'text-delta') break
    await simulated.requests[0]?.closed
    expect(simulated.requests[0]?.aborted).toBe(true)
    const [, partial] = agent.memory?.get() ?? []
    expect([textOf(partial!), partial?.ending?.reason]).toEqual(['One', 'aborted'])
    never.open()
  })

  test('throws the typed error after the last event, and nothing is lost', async () => {
    await using simulated = await simulator({ models: { '*': { text: ['Half'], end: 'reset' } } })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
    const agent = new DialogAgent({ name: 'Friday', model, scope: quietScope().scope })
    const events: StreamEvent[] = []
    const read = async () => {
      for await (const event of agent.stream(question)) events.push(event)
    }
    await expect(read()).rejects.toMatchObject({ partialText: 'Half' })
    checkEventLaws(events)
    expect(events.at(-1)).toMatchObject({ type: 'message-end', ending: { complete: false } })
  })

  test('throws a refusal of the request as call does, with nothing before it', async () => {
    await using simulated = await simulator({ models: { '*': { text: 'x' } }, requireKey: 'another' })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
    const agent = new DialogAgent({ name: 'Friday', model, scope: quietScope().scope })
    await expect(all(agent.stream(question))).rejects.toBeInstanceOf(AuthError)
  })

  test('holds the speaker back when nobody reads on, and goes on when somebody does', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    agent.answer = async () =>
      agent.say(
        (async function* () {
          for (let count = 0; count < 500; count += 1) yield 'x'
        })(),
      )
    const stream = agent.stream(question)
    await stream.next()
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard.events.length).toBeLessThan(100)
    const rest = await all(stream)
    expect(rest.filter(({ type }) => type === 'text-delta')).toHaveLength(500)
  })

  test('stops by a signal of the caller too, and by interrupt', async () => {
    for (const stop of ['signal', 'interrupt'] as const) {
      const never = gate()
      await using simulated = await simulator({
        models: { '*': { text: ['One', ' two'], gate: ({ index }) => (index === 1 ? never.opened : undefined) } },
      })
      const model = wrapperFor('ollama', { baseUrl: simulated.baseUrl('ollama') })
      const agent = new DialogAgent({ name: 'Friday', model, scope: quietScope().scope })
      const controller = new AbortController()
      const read = async () => {
        for await (const event of agent.stream(question, { signal: controller.signal })) {
          if (event.type !== 'text-delta') continue
          if (stop === 'signal') controller.abort()
          else agent.interrupt()
        }
      }
      await expect(read()).rejects.toBeInstanceOf(AbortedError)
      await simulated.requests[0]?.closed
      never.open()
    }
  })
})

describe('state', () => {
  test('goes out as plain JSON without secrets and comes in again, with the memory', async () => {
    const canary = 'canary-key-0123456789'
    await using simulated = await simulator({ models: { '*': { text: 'Hi Ann.' } } })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai'), apiKey: canary })
    const { scope } = quietScope()
    const agent = new DialogAgent({ name: 'Friday', sysPrompt: 'Be kind.', model, scope })
    await agent.call(question)
    const text = JSON.stringify(agent)
    expect(text).not.toContain(canary)
    const other = DialogAgent.fromJSON(JSON.parse(text), { model, scope })
    expect([other.agentId, other.sysPrompt]).toEqual([agent.agentId, 'Be kind.'])
    expect(other.memory?.get()).toEqual(JSON.parse(JSON.stringify(agent.memory?.get())))
    expect(textOf(await other.call(question))).toBe('Hi Ann.')
  })

  test('of an agent without memory makes one without memory, and what is no state is refused', () => {
    const { scope } = quietScope()
    const state = new Parrot({ scope, memory: false }).toJSON()
    expect(Parrot.fromJSON(state, { scope }).memory).toBeUndefined()
    expect(() => Parrot.fromJSON('x' as never)).toThrow('toJSON')
  })
})

test('a model that is asked is told to listeners who want to know, with its timing and without its key', async () => {
  const canary = 'canary-key-0123456789'
  await using simulated = await simulator({
    models: { '*': [{ text: 'Hi.' }, { error: { status: 400, message: 'no' } }] },
  })
  const heard: unknown[] = []
  const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai'), apiKey: canary })
  const sink = Object.assign(new Listening(), { invocation: (told: unknown) => void heard.push(told) })
  const agent = new DialogAgent({ name: 'Friday', model, scope: createScope({ sinks: [sink] }) })
  await agent.call(question)
  await agent.call(question).catch(() => undefined)
  expect(heard).toMatchObject([
    { model: { provider: 'openai' }, firstContentMs: expect.any(Number), response: { usage: expect.anything() } },
    { error: { status: 400 } },
  ])
  expect(JSON.stringify(heard)).not.toContain(canary)
})

test('whoever reads a reply hears the questions to people and the answers to them, once each', async () => {
  for (const input of [undefined, { ask: async () => 'Fine.' }]) {
    const heard = new Listening()
    const scope = createScope({ sinks: [heard], inputs: [{ ask: async () => 'Fine.' }] })
    const events = await all(new UserAgent({ scope, ...(input && { input }) }).stream())
    expect(events).toEqual(heard.events)
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['input-request', 'input-answer'])
    expect(events.filter(({ type }) => type === 'input-request')).toHaveLength(1)
  }
})

test.each([true, false])(
  'a value is spoken as text on every wire, also where it comes as a call (stream: %s)',
  async (stream) => {
    const toolCalls = [{ name: 'generate_response', input: { city: 'Rome' } }]
    await using simulated = await simulator({ models: { '*': { toolCalls } } })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai'), stream, structuredOutput: 'tool-call' })
    const agent = new DialogAgent({ name: 'Friday', model, scope: createScope({}) })
    const structuredModel = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
    const said = await agent.call(question, { structuredModel })
    expect([said.metadata.structured, textOf(said), said.ending?.reason]).toEqual([
      { city: 'Rome' },
      '{"city":"Rome"}',
      'stop',
    ])
  },
)
