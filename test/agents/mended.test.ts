// Faults that a stranger found, each with its sentence: order, guards, wrong returns, tools that never wait.
import { describe, expect, test } from 'vitest'
import { DialogAgent, ReActAgent } from '../../src/agents/index.ts'
import { AbortedError, InputError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { simulator } from '../../src/simulator/index.ts'
import { wrapperFor } from '../suites/wrappers.ts'
import { acting, question, weather } from './acting.ts'
import { Parrot, quietScope } from './listening.ts'

const callsRome = { toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('listeners hear the answers of an agent in the order in which they were given, however slow one of them is', async () => {
  const agent = new Parrot({ scope: quietScope().scope })
  agent.answer = async (x) => agent.say(textOf(x as Msg))
  const heard: (string | null)[] = []
  let waits = 3
  const slow = {
    observe: async () => {
      for (let left = waits--; left > 0; left -= 1) await turn()
    },
  }
  agent.resetAudience([slow, { observe: (message) => void heard.push(textOf(message as Msg)) }])
  await Promise.all(['1', '2', '3'].map((text) => agent.call(new Msg('Ann', text, 'user'))))
  expect(heard).toEqual(['1', '2', '3'])
})

test('a listener that makes the agent say more does not wait for itself', async () => {
  const agent = new Parrot({ scope: quietScope().scope })
  let told = 0
  const listener = {
    observe: async () => {
      told += 1
      if (told === 1) await agent.call(question)
    },
  }
  agent.resetAudience([listener])
  await agent.call(question)
  expect(told).toBe(2)
})

test('a reply that pauses is no answer yet: the audience hears it when it is whole', async () => {
  const heard: (string | null)[] = []
  await using run = await acting([callsRome, { text: 'Sunny.' }], {
    toolkit: [weather({ approval: true })],
    onApproval: 'pause',
  })
  run.agent.resetAudience([{ observe: (message) => void heard.push(textOf(message as Msg)) }])
  await run.agent.call(question)
  expect(heard).toEqual([])
  await run.agent.resume({ [run.agent.pending[0]!.id]: true })
  expect(heard).toEqual(['Sunny.'])
})

test('an interrupt right after the call stops it', async () => {
  await using simulated = await simulator({ models: { '*': { text: 'Hi.' } } })
  const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
  const agent = new DialogAgent({ name: 'Friday', model, scope: quietScope().scope })
  const reply = agent.call(question)
  agent.interrupt()
  await expect(reply).rejects.toBeInstanceOf(AbortedError)
  expect(simulated.requests).toHaveLength(0)
})

test('leaving the stream inside its own reply does not wait for itself', async () => {
  const agent = new Parrot({ scope: quietScope().scope })
  const stream = agent.stream(question)
  agent.registerHook('pre_speak', 'leave', async () => void (await stream.return()))
  await stream.next().catch(() => undefined)
  agent.clearHooks()
  expect(textOf(await agent.call(question))).toBe('Hello!')
})

describe('a hook that returns what it may not', () => {
  test.each(['text', 42, {}])('is an InputError that names the hook: %j', async (wrong) => {
    for (const type of ['pre_reply', 'post_reply', 'pre_speak'] as const) {
      const agent = new Parrot({ scope: quietScope().scope })
      agent.registerHook(type, 'wrong', (() => wrong) as never)
      const failure = await agent.call(question).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(InputError)
      expect(String(failure)).toContain(type)
    }
  })
})

test('a tool that streams without ever waiting is stopped by its time limit', async () => {
  const endless = weather({
    timeoutMs: 50,
    run: async function* () {
      for (;;) yield 'x'
    },
  })
  await using run = await acting([callsRome, { text: 'Enough.' }], { toolkit: [endless] })
  expect(textOf(await run.agent.call(question))).toBe('Enough.')
  expect(run.results()[0]).toMatchObject({ isError: true, metadata: { state: 'timed-out' } })
})

test('a tool with the name of the answer tool is told at once when a value is wanted', async () => {
  const { scope } = quietScope()
  const model = wrapperFor('openai', { baseUrl: 'http://127.0.0.1:9' })
  const agent = new ReActAgent({ name: 'F', model, scope, toolkit: [weather({ name: 'generate_response' })] })
  await expect(agent.call(question, { structuredModel: { type: 'object' } })).rejects.toThrow('generate_response')
})
