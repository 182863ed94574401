// Calls on one agent: one after the other, none harming the next, and none waiting for itself.
import { describe, expect, it } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import { AbortedError, InputError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import { simulator } from '../../src/simulator/index.ts'
import { Parrot, quietScope } from './listening.ts'

const question = new Msg('User', 'Hi!', 'user')

/** An agent whose first reply lasts until `end` is called; `log` tells what its replies did. */
function busy() {
  const { scope } = quietScope()
  const agent = new Parrot({ scope })
  const first = Promise.withResolvers<void>()
  const log: string[] = []
  agent.answer = async function (x) {
    const text = textOf(x as Msg) ?? ''
    log.push(`${text} begins`)
    if (text === 'one') await first.promise
    log.push(`${text} ends, stopped: ${this.stopSignal?.aborted}`)
    return this.say(text)
  }
  const call = (text: string, signal?: AbortSignal) => agent.call(new Msg('User', text, 'user'), signal && { signal })
  return { agent, log, call, end: first.resolve, fail: first.reject }
}

describe('a second call', () => {
  it('waits until the first one has been answered, and keeps its own signal', async () => {
    const { log, call, end } = busy()
    const calls = [call('one'), call('two', new AbortController().signal)]
    await new Promise((resolve) => setImmediate(resolve))
    expect(log).toEqual(['one begins'])
    end()
    expect((await Promise.all(calls)).map(textOf)).toEqual(['one', 'two'])
    expect(log).toEqual(['one begins', 'one ends, stopped: false', 'two begins', 'two ends, stopped: false'])
  })

  it('is not harmed by a first one that fails', async () => {
    const { call, fail } = busy()
    const calls = Promise.allSettled([call('one'), call('two')])
    fail(new Error('no idea'))
    expect(await calls).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled' }])
  })

  it('that is stopped while it waits never runs, and those behind it still wait for the first', async () => {
    const { log, call, end } = busy()
    const stop = new AbortController()
    const [first, second, third] = [call('one'), call('two', stop.signal), call('three')]
    stop.abort()
    await expect(second).rejects.toBeInstanceOf(AbortedError)
    expect(log).toEqual(['one begins'])
    end()
    await Promise.all([first, third])
    expect(log.join()).not.toContain('two')
  })

  it('over a real wire loses nothing of what the first one said before it broke', async () => {
    await using simulated = await simulator({
      models: { m: [{ text: ['a', 'b'], error: { message: 'Boom', after: 2 } }, { text: ['c', 'd'] }] },
    })
    const baseUrl = simulated.baseUrl('openai')
    const model = new OpenAIChatWrapper({ modelName: 'm', apiKey: 'k', baseUrl, stream: true, maxRetries: 0 })
    const agent = new DialogAgent({ name: 'Friday', model, scope: quietScope().scope })
    await Promise.allSettled([agent.call(question), agent.call(new Msg('User', 'And?', 'user'))])
    const remembered = agent.memory!.get().map((message) => [textOf(message), message.ending?.reason])
    expect(remembered).toEqual([
      ['Hi!', undefined],
      ['ab', 'error'],
      ['And?', undefined],
      ['cd', 'stop'],
    ])
  })
})

describe('an agent that is called inside its own reply', () => {
  it.each(['by itself', 'by another agent that it calls'])('%s is told instead of waiting for ever', async (how) => {
    const { scope } = quietScope()
    const [friday, bob] = [new Parrot({ scope }), new Parrot({ scope, name: 'Bob' })]
    bob.answer = () => friday.call(question)
    friday.answer = () => (how === 'by itself' ? friday : bob).call(question)
    const failure = await friday.call(question).catch((error) => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(failure.message).toContain('Friday was called inside its own reply')
  })

  it('may be called by what its reply left behind, and by whoever hears its answer', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    const later = Promise.withResolvers<Msg>()
    agent.answer = async function () {
      agent.answer = async () => this.say('Again!')
      setImmediate(() => agent.call(question).then(later.resolve, later.reject))
      return this.say('Hello!')
    }
    const heard: (string | null)[] = []
    agent.resetAudience([
      {
        observe: async () => {
          agent.clearAudience()
          heard.push(textOf(await agent.call(question)))
        },
      },
    ])
    await agent.call(question)
    expect(textOf(await later.promise)).toBe('Again!')
    expect(heard).toEqual(['Again!'])
  })
})

describe('two agents that call each other at the same time', () => {
  it('are not left waiting for ever: one of them is told, and the other goes on', async () => {
    const { scope } = quietScope()
    const [left, right] = [new Parrot({ scope, name: 'Left' }), new Parrot({ scope, name: 'Right' })]
    const both = Promise.withResolvers<void>()
    let begun = 0
    const asks = (other: Parrot): Parrot['answer'] =>
      async function () {
        begun += 1
        if (begun === 2) both.resolve()
        await both.promise
        await other.call(question)
        return this.say('done')
      }
    left.answer = asks(right)
    right.answer = asks(left)
    const results = await Promise.allSettled([left.call(question), right.call(question)])
    const told = results.filter((result) => result.status === 'rejected')
    expect(told.length).toBeGreaterThan(0)
    expect(told[0]?.reason).toBeInstanceOf(InputError)
    expect(told[0]?.reason.message).toMatch(/Left|Right/)
  })
})
