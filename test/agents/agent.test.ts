// AgentBase: a reply and its id, the audience, observing, and how it finds its model.
import { describe, expect, it } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import { AbortedError, ConfigError } from '../../src/core/error.ts'
import { Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import { Parrot, quietScope, warningsOf } from './listening.ts'

const question = new Msg('User', 'Hi!', 'user')

describe('call', () => {
  it('gives each reply an id of its own, in the events too, and takes it away afterwards', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    const ids: (string | undefined)[] = []
    agent.answer = async function () {
      ids.push(this.replyId)
      return this.say('Hello!')
    }
    await agent.call(question)
    await agent.call(question)
    const starts = heard.events.flatMap((event) => (event.type === 'message-start' ? [event.replyId] : []))
    expect(starts).toEqual(ids)
    expect(new Set(ids).size).toBe(2)
    expect(agent.replyId).toBeUndefined()
  })

  it('takes the id away and tells nobody when the reply throws', async () => {
    const { scope } = quietScope()
    const [agent, listener] = [new Parrot({ scope }), new Parrot({ scope, name: 'Alice' })]
    agent.resetAudience([listener])
    agent.answer = async () => {
      throw new Error('no idea')
    }
    await expect(agent.call(question)).rejects.toThrow('no idea')
    expect(agent.replyId).toBeUndefined()
    expect(listener.memory?.size).toBe(0)
  })

  it('hands the reply a signal that stops with the caller or with the scope', async () => {
    const [caller, everything] = [new AbortController(), new AbortController()]
    const scope = createScope({ signal: everything.signal })
    const agent = new Parrot({ scope })
    agent.answer = async function () {
      expect(this.stopSignal?.aborted).toBe(false)
      caller.abort()
      expect(this.stopSignal?.aborted).toBe(true)
      return this.say('')
    }
    await expect(agent.call(question, { signal: caller.signal })).rejects.toBeInstanceOf(AbortedError)
    everything.abort()
    await expect(agent.call(question)).rejects.toBeInstanceOf(AbortedError)
  })
})

describe('the audience', () => {
  it('observes every answer, without the speaker itself', async () => {
    const { scope } = quietScope()
    const [friday, alice, bob] = ['Friday', 'Alice', 'Bob'].map((name) => new Parrot({ scope, name }))
    friday!.resetAudience([friday!, alice!, bob!])
    const answer = await friday!.call(question)
    expect([friday, alice, bob].map((agent) => agent!.memory!.get())).toEqual([[], [answer], [answer]])
  })

  it('can be left, and be dismissed', async () => {
    const { scope } = quietScope()
    const [friday, alice, bob] = ['Friday', 'Alice', 'Bob'].map((name) => new Parrot({ scope, name }))
    friday!.resetAudience([alice!, bob!])
    friday!.removeAudience(alice!)
    await friday!.call(question)
    friday!.clearAudience()
    await friday!.call(question)
    expect([alice!.memory!.size, bob!.memory!.size]).toEqual([0, 1])
    const warnings = await warningsOf(() => friday!.removeAudience(alice!))
    expect(warnings.join()).toContain('not in its audience')
  })
})

it('observe remembers one message or several, and nothing when the agent has no memory', () => {
  const { scope } = quietScope()
  const [agent, forgetful] = [new Parrot({ scope }), new Parrot({ scope, memory: false })]
  agent.observe(question)
  agent.observe([question, new Msg('Bob', 'Me too', 'user')])
  forgetful.observe(question)
  expect(agent.memory?.size).toBe(2)
  expect(forgetful.memory).toBeUndefined()
})

describe('the model', () => {
  const model = new OpenAIChatWrapper({ modelName: 'm', apiKey: 'test-key' })

  it('is found by its configured name, at once or when the source has it', async () => {
    for (const found of [model, Promise.resolve(model)]) {
      const scope = createScope({ models: { model: () => found } })
      const agent = new Parrot({ scope, modelConfigName: 'my-model' })
      agent.answer = async function () {
        expect(this.model).toBe(model)
        return this.say('')
      }
      await agent.call()
    }
  })

  it('of an unknown name is refused when the agent is made, or at the first call when the source takes its time', async () => {
    const unknown = new ConfigError('no such model')
    const none = (found: () => never | Promise<never>) => ({
      scope: createScope({ models: { model: found } }),
      modelConfigName: 'x',
    })
    const thrower = () => {
      throw unknown
    }
    expect(() => new Parrot(none(thrower))).toThrow(unknown)
    await expect(new Parrot(none(() => Promise.reject(unknown))).call()).rejects.toBe(unknown)
  })

  it('must be there for a DialogAgent, and is asked for by name when a subclass uses it without having one', () => {
    const { scope } = quietScope()
    expect(() => new DialogAgent({ name: 'Friday', scope })).toThrow(/Friday needs a model/)
    expect(() => new Parrot({ scope }).model).toThrow(/Friday has no model/)
    expect(() => new Parrot({ scope, modelConfigName: 'qwen' })).toThrow(/"qwen"/)
  })
})

it('an agent without a name is refused', () => {
  expect(() => new Parrot({ name: '' })).toThrow(ConfigError)
})
