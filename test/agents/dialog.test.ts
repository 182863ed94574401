// DialogAgent over real loopback HTTP: one message, whole or in pieces, broken or stopped.
import { afterEach, describe, expect, it } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import { AbortedError, AgentScopeError, AuthError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { wires, wrapperFor } from '../suites/wrappers.ts'
import { Listening, quietScope } from './listening.ts'

const question = new Msg('User', 'What is the weather?', 'user')
const canary = 'canary-key-0123456789'
let simulated: Simulator | undefined

afterEach(async () => simulated?.close())

async function friday(model: Model, stream = true) {
  simulated = await simulator({ models: { m: model }, requireKey: canary })
  const { scope, heard } = quietScope()
  const baseUrl = simulated.baseUrl('openai')
  const wrapper = new OpenAIChatWrapper({ modelName: 'm', apiKey: canary, baseUrl, stream, maxRetries: 0 })
  return { agent: new DialogAgent({ name: 'Friday', sysPrompt: 'Be kind.', model: wrapper, scope }), heard }
}

describe('DialogAgent', () => {
  it.each([true, false])('speaks, remembers and returns one and the same message (stream: %s)', async (stream) => {
    const { agent, heard } = await friday({ text: ['It is', ' sunny', '.'], thinking: 'Hm.' }, stream)
    const answer = await agent.call(question)
    expect(answer).toMatchObject({ name: 'Friday', role: 'assistant', ending: { reason: 'stop', complete: true } })
    expect(textOf(answer)).toBe('It is sunny.')
    expect(agent.memory?.get()).toEqual([question, answer])
    expect(heard.message()).toEqual({ ...answer, timestamp: undefined })
    expect(new Set(heard.events.map((event) => event.id))).toEqual(new Set([answer.id]))
  })

  it('gives the same message with and without streaming', async () => {
    const answers: Msg[] = []
    for (const stream of [true, false]) {
      const { agent } = await friday({ text: 'It is sunny.', thinking: 'Hm.' }, stream)
      answers.push(await agent.call(question))
      await simulated?.close()
    }
    const [streamed, whole] = answers.map(({ name, role, content, ending }) => ({ name, role, content, ending }))
    expect(streamed).toEqual(whole)
  })

  it('shows thinking apart from the text', async () => {
    const { agent, heard } = await friday({ text: 'Yes.', thinking: 'Is it so?' })
    const answer = await agent.call(question)
    expect(answer.content).toMatchObject([
      { type: 'thinking', thinking: 'Is it so?' },
      { type: 'text', text: 'Yes.' },
    ])
    expect(heard.deltas().join('')).toBe('Yes.')
  })

  it('asks in multi-agent form: the system prompt, then everything it remembers with the names', async () => {
    const { agent } = await friday({ text: 'Fine.' })
    agent.observe(new Msg('Bob', 'I am here too.', 'assistant'))
    await agent.call(question)
    const { body } = await simulated!.nextRequest()
    const sent = JSON.stringify(body)
    for (const words of ['Be kind.', 'Bob: I am here too.', 'User: What is the weather?']) expect(sent).toContain(words)
  })

  it('answers what it is given when it has no memory', async () => {
    const { agent } = await friday({ text: 'Fine.' })
    const forgetful = new DialogAgent({ name: 'F', model: agent.model, memory: false, scope: quietScope().scope })
    expect(textOf(await forgetful.call([question]))).toBe('Fine.')
  })
})

describe('an answer that breaks off', () => {
  it('is kept in memory as far as it came, marked by its ending, and the call rejects with the typed error', async () => {
    const { agent, heard } = await friday({ text: ['Half', ' an'], end: 'reset' })
    const failure = await agent.call(question).catch((error) => error)
    expect(failure).toBeInstanceOf(AgentScopeError)
    expect(failure.partialText).toBe('Half an')
    const partial = agent.memory?.get(1)[0]
    expect(partial).toMatchObject({ name: 'Friday', ending: { reason: 'truncated', complete: false } })
    expect(textOf(partial!)).toBe('Half an')
    expect(partial?.id).toBe(heard.message().id)
  })

  it('is not kept when nothing of it came', async () => {
    const { agent } = await friday({ text: 'x', error: { message: 'sorry', after: 0 } })
    await expect(agent.call(question)).rejects.toBeInstanceOf(AgentScopeError)
    expect(agent.memory?.get()).toEqual([question])
  })

  it('ends as stopped when the caller stops it, and keeps what was said', async () => {
    const stop = new AbortController()
    const { agent, heard } = await friday({ text: ['One', ' two'], end: 'silence' })
    const listening = new (class extends Listening {
      override event(...[speaker, event]: Parameters<Listening['event']>) {
        heard.event(speaker, event)
        if (event.type === 'text-delta' && event.delta === ' two') stop.abort()
      }
    })()
    const { scope } = quietScope()
    const { name, model } = agent
    const stoppable = new DialogAgent({
      name,
      model,
      scope: { ...scope, publish: (...said) => listening.event(...said) },
    })
    await expect(stoppable.call(question, { signal: stop.signal })).rejects.toBeInstanceOf(AbortedError)
    expect(stoppable.memory?.get(1)[0]).toMatchObject({ ending: { reason: 'aborted' } })
    expect(textOf(heard.message())).toBe('One two')
  })
})

it('a refused key shows up nowhere: not in the error, the events, the agent or the model', async () => {
  const { agent, heard } = await friday({ text: 'x', error: { status: 401, message: `Wrong key: ${canary}` } })
  const failure = await agent.call(question).catch((error) => error)
  expect(failure).toBeInstanceOf(AuthError)
  const { inspect } = await import('node:util')
  const everything = [failure, failure.stack, failure.cause, heard.events, agent, agent.model].map(
    (each) => inspect(each, { depth: 9, showHidden: true }) + JSON.stringify(each),
  )
  expect(everything.join('\n')).not.toContain(canary)
})

it.each(wires)(
  'an answer that a repair round made good is the one that is returned and remembered: %s',
  async (wire) => {
    const answers = [{ age: 'seven' }, { age: 7 }]
    const model: Model = ({ tools }) => {
      const input = answers.shift()
      return tools.length > 0 ? { toolCalls: [{ name: 'generate_response', input }] } : { text: JSON.stringify(input) }
    }
    simulated = await simulator({ models: { '*': model } })
    const { scope, heard } = quietScope()
    const wrapper = wrapperFor(wire, { baseUrl: simulated.baseUrl(wire), repairRounds: 1 })
    const agent = new DialogAgent({ name: 'Friday', model: wrapper, scope })
    const structuredModel = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] }
    const answer = await agent.call(question, { structuredModel })
    expect([JSON.parse(textOf(answer) ?? ''), answer.metadata?.['structured']]).toEqual([{ age: 7 }, { age: 7 }])
    expect(answer).toMatchObject({ name: 'Friday', ending: { reason: 'stop', complete: true } })
    expect(agent.memory?.get()).toEqual([question, answer])
    const started = heard.events.flatMap((event) => (event.type === 'message-start' ? [event.id] : []))
    expect([started.length, started.at(-1)]).toEqual([2, answer.id])
  },
)
