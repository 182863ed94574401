// Hooks: contract row 35 and AgentScope's own hook tests, as behaviours.
import { afterEach, describe, expect, test } from 'vitest'
import { AgentBase } from '../../src/agents/index.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { Parrot, quietScope } from './listening.ts'

async function* pairs(...texts: string[]): AsyncGenerator<[boolean, string]> {
  for (const text of texts) yield [false, text]
  yield [true, texts.at(-1) ?? '']
}

/** A subclass of its own, so that its class hooks are nobody else's. */
class Trained extends Parrot {}

afterEach(() => {
  for (const owner of [AgentBase, Parrot, Trained]) owner.clearClassHooks()
})

describe('hooks', () => {
  test('see each chunk with the same message id, in order, and the last one says so', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    agent.answer = async () => agent.say(pairs('Hel', 'Hello', 'Hello!'))
    const seen: [string, string | null, boolean, boolean][] = []
    agent.registerHook('pre_speak', 'watch', async (_agent, message, { stream, last }) => {
      seen.push([message.id, textOf(message), stream, last])
    })
    const said = await agent.call()
    expect(seen).toEqual([
      [said.id, 'Hel', true, false],
      [said.id, 'Hello', true, false],
      [said.id, 'Hello!', true, false],
      [said.id, 'Hello!', true, true],
    ])
  })

  test('are told once of a message that is there already', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    const moments: unknown[] = []
    agent.registerHook('pre_speak', 'watch', (_agent, _message, moment) => void moments.push(moment))
    await agent.call()
    expect(moments).toEqual([{ stream: false, last: true }])
  })

  test('that return a message decide what is shown, and not what is remembered and returned', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    agent.answer = async () => agent.say(pairs('a', 'a b', 'a b c'))
    agent.registerHook('pre_speak', 'shout', (_agent, message) => ({
      ...message,
      content: [{ type: 'text', text: (textOf(message) ?? '').toUpperCase() }],
    }))
    const said = await agent.call()
    expect(textOf(said)).toBe('a b c')
    expect(heard.deltas()).toEqual(['A', ' B', ' C'])
    expect([heard.message().id, textOf(heard.message())]).toEqual([said.id, 'A B C'])
  })

  test('that take back what was shown make the message begin anew, under the same id', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    agent.answer = async () => agent.say(pairs('x', 'xy'))
    agent.registerHook('pre_speak', 'count', (_agent, message) => ({
      ...message,
      id: 'mine',
      content: `${textOf(message)?.length} letters`,
    }))
    const said = await agent.call()
    expect(heard.events.filter(({ type }) => type === 'notice')).toHaveLength(1)
    expect(new Set(heard.events.map(({ id }) => id))).toEqual(new Set([said.id]))
    expect(textOf(heard.message())).toBe('2 letters')
  })

  test('run in the order of registration, those of the object before those of its class and of the classes above', async () => {
    const { scope } = quietScope()
    const agent = new Trained({ scope })
    const add = (word: string) => (_: unknown, _given: unknown, output: Msg) => ({
      ...output,
      content: `${textOf(output)}${word}`,
    })
    AgentBase.registerClassHook('post_reply', 'base', add(' base'))
    Trained.registerClassHook('post_reply', 'class', add(' class'))
    agent.registerHook('post_reply', 'one', add(' one'))
    agent.registerHook('post_reply', 'two', add(' two'))
    expect(textOf(await agent.call())).toBe('Hello! one two class base')
  })

  test('of a class belong to the class they were registered on', async () => {
    const { scope } = quietScope()
    const heard: string[] = []
    Trained.registerClassHook('post_speak', 'note', (agent) => void heard.push(agent.name))
    await new Parrot({ scope, name: 'Stranger' }).call()
    await new Trained({ scope, name: 'Pupil' }).call()
    expect(heard).toEqual(['Pupil'])
  })

  test('that return nothing, or change their copy without returning it, change nothing', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    let got: unknown
    agent.answer = async (x) => {
      got = x
      return agent.say('Hello!')
    }
    agent.registerHook('pre_reply', 'vandal', (_agent, { x }) => {
      Object.assign(x as Msg, { content: 'broken' })
    })
    agent.registerHook('post_reply', 'vandal', (_agent, _given, output) => {
      output.content = 'broken'
    })
    const said = await agent.call(new Msg('Ann', 'Hi', 'user'))
    expect([textOf(got as Msg), textOf(said)]).toEqual(['Hi', 'Hello!'])
  })

  test('before a reply may replace what it is given, one after the other', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    agent.answer = async (x) => agent.say(textOf(x as Msg))
    const add = (word: string) => (_: unknown, given: { x: unknown; options: object }) => {
      const x = given.x as Msg
      return { ...given, x: { ...x, content: `${textOf(x)}${word}` } }
    }
    agent.registerHook('pre_reply', 'one', add(' one'))
    agent.registerHook('pre_reply', 'two', async (...given) => add(' two')(...given))
    expect(textOf(await agent.call(new Msg('Ann', 'Hi', 'user')))).toBe('Hi one two')
  })

  test('of observing may replace what is remembered, and are told afterwards', async () => {
    const agent = new Parrot({ scope: quietScope().scope })
    let after = 0
    agent.registerHook('pre_observe', 'mark', (_agent, messages) =>
      messages.map((message) => ({ ...message, content: `${textOf(message)}!` })),
    )
    agent.registerHook('post_observe', 'count', () => {
      after += 1
    })
    await agent.observe([new Msg('Ann', 'Hi', 'user'), null])
    expect([agent.memory?.get().map(textOf), after]).toEqual([['Hi!'], 1])
  })

  test('are replaced in their place by one of the same name, removed by name, and cleared', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    const ran: string[] = []
    for (const name of ['a', 'b', 'a']) {
      const number = ran.length
      agent.registerHook('post_speak', name, () => void ran.push(`${name}${number}`))
    }
    await agent.call()
    expect(ran.map((each) => each[0])).toEqual(['a', 'b'])
    agent.removeHook('post_speak', 'a')
    expect(() => agent.removeHook('post_speak', 'a')).toThrow('no post_speak hook "a"')
    expect(() => Trained.removeClassHook('post_speak', 'a')).not.toThrow()
    agent.clearHooks()
    await agent.call()
    expect(ran).toHaveLength(2)
  })

  test('of a type that does not exist, or that are no functions, are refused', () => {
    const agent = new Parrot({ scope: quietScope().scope })
    expect(() => agent.registerHook('pre_spaek' as 'pre_speak', 'x', () => undefined)).toThrow(
      'Did you mean "pre_speak"',
    )
    expect(() => agent.registerHook('pre_speak', 'x', 'y' as never)).toThrow('must be a function')
  })

  test('that throw end the message honestly and reach the caller; no post hook runs then', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    agent.answer = async () => agent.say(pairs('Hel', 'Hello'))
    let after = 0
    agent.registerHook('post_speak', 'count', () => {
      after += 1
    })
    agent.registerHook('pre_speak', 'fails', (_agent, message) => {
      if (textOf(message) === 'Hello') throw new Error('the hook broke')
    })
    await expect(agent.call()).rejects.toThrow('the hook broke')
    expect([heard.message().ending?.complete, after]).toEqual([false, 0])
  })

  test('cost nothing when there are none: what is spoken is neither copied nor rebuilt', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    const block = { type: 'image' as const, url: 'https://example.com/a.png' }
    agent.answer = async () => agent.say(new Msg('Friday', [block], 'assistant'))
    await agent.call()
    const start = heard.events.find((event) => event.type === 'block-start')
    expect(start?.block).toBe(block)
  })
})
