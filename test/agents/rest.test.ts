// Every reply comes to rest, and leaves a memory that can go on: whoever stops it, and whatever a hook does.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import { AbortedError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Acting, acting, question, weather } from './acting.ts'
import { Parrot, pairs, quietScope } from './listening.ts'

expectNoLostRejections()

const callsRome = { toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }
const long = Array.from({ length: 200 }, (_, at) => `word ${at} `)

/** The ids of the calls that nobody answered. */
function unanswered(run: Acting): string[] {
  const answered = run.results().map(({ id }) => id)
  return run.calls().flatMap(({ id }) => (answered.includes(id) ? [] : [id]))
}

describe('a reply that is stopped', () => {
  test('comes to rest although its reader never reads on', async () => {
    await using run = await acting([{ text: long }, { text: 'Next.' }])
    const stream = run.agent.stream(question)
    await stream.next()
    while (run.heard.deltas().length < 60) await sleep(1)
    run.agent.interrupt()
    expect(textOf(await run.agent.call(question))).toBe('Next.')
    const readOn = async () => {
      for await (const _ of stream);
    }
    await expect(readOn()).rejects.toBeInstanceOf(AbortedError)
  })

  test('while its model is looked up never asks it', async () => {
    const model = new OpenAIChatWrapper({ modelName: 'm', apiKey: 'any', baseUrl: 'http://127.0.0.1:9' })
    const looked = Promise.withResolvers<OpenAIChatWrapper>()
    const scope = { ...quietScope().scope, model: () => looked.promise }
    const agent = new DialogAgent({ name: 'Friday', modelConfigName: 'm', scope })
    const answer = agent.call(question)
    await sleep(1)
    agent.interrupt()
    looked.resolve(model)
    await expect(answer).rejects.toBeInstanceOf(AbortedError)
  })

  test('for a word at its last, closing answer gives that answer anew', async () => {
    const closing = { text: long, pace: { bytes: 200, everyMs: 5 } }
    const script = [callsRome, closing, { text: 'Then so.' }]
    await using run = await acting(script, { toolkit: [weather()], maxIters: 1 })
    const answer = run.agent.call(question)
    while (!run.heard.deltas().length) await sleep(1)
    const taken = run.agent.steer('Be short!', { when: 'now' })
    expect(textOf(await answer)).toBe('Then so.')
    expect(await taken).toBe(await answer)
  })
})

test('a word that waits is answered although a listener of the answer fails', async () => {
  const agent = new Parrot({ scope: quietScope().scope })
  const begun = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  agent.answer = async (x) => {
    begun.resolve()
    await go.promise
    return new Msg('Friday', `To ${textOf(x as Msg)}`, 'assistant')
  }
  let failures = 1
  agent.resetAudience([
    {
      observe() {
        if (failures-- > 0) throw new Error('not now')
      },
    },
  ])
  const answer = agent.call(question)
  await begun.promise
  const word = agent.steer('And Oslo?')
  go.resolve()
  await expect(answer).rejects.toThrow('not now')
  expect(textOf(await word)).toBe('To And Oslo?')
})

test('a hook that returns what it got shows the text and pictures of a tool without beginning anew', async () => {
  const mixed = weather({
    run: async function* () {
      yield 'Here: '
      yield { type: 'image', url: 'data:image/png;base64,AA' }
      yield 'so.'
    },
  })
  await using run = await acting([callsRome, { text: 'Fine.' }], { toolkit: [mixed] })
  run.agent.registerHook('pre_speak', 'same', (_agent, message) => message)
  await run.agent.call(question)
  expect(run.heard.events.filter(({ type }) => type === 'notice')).toEqual([])
})

describe('a hook that throws', () => {
  test.each(['pre_speak', 'post_speak'] as const)(
    'while results are told (%s) leaves no call unanswered',
    async (type) => {
      await using run = await acting([callsRome, { text: 'Fine.' }], { toolkit: [weather()] })
      run.agent.registerHook(type, 'fails', () => {
        if (run.calls().length > 0) throw new Error('the hook broke')
      })
      await expect(run.agent.call(question)).rejects.toThrow('the hook broke')
      expect([run.calls().length, unanswered(run)]).toEqual([1, []])
    },
  )

  test('at the last piece ends the message for those who listen, and shows nothing that it did not return', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    agent.answer = async () => agent.say(pairs('Hel', 'Hello'))
    agent.registerHook('pre_speak', 'fails', (_agent, message, { last }) => {
      if (last) throw new Error('the hook broke')
      return { ...message, content: (textOf(message) ?? '').replaceAll('l', '*') }
    })
    await expect(agent.call()).rejects.toThrow('the hook broke')
    expect(heard.events.at(-1)).toMatchObject({ type: 'message-end', ending: { complete: false } })
    expect(heard.deltas().join('')).toBe('He**o')
  })
})
