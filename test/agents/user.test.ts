// UserAgent: a human's words as a message, and the end of the input as an ending.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { UserAgent } from '../../src/agents/index.ts'
import { AbortedError, ConfigError, InputError, TimeoutError } from '../../src/core/error.ts'
import type { InputRequest } from '../../src/core/event.ts'
import { createScope } from '../../src/create-scope.ts'
import type { Answer, Input } from '../../src/scope.ts'
import { Listening } from './listening.ts'

it('a user answers with a plain string, in the role of the user, and everybody hears it', async () => {
  const heard = new Listening()
  const scope = createScope({ sinks: [heard], inputs: [{ ask: async ({ name }) => `I am ${name}` }] })
  const said = await new UserAgent({ name: 'Ann', scope }).call()
  expect(said).toMatchObject({ name: 'Ann', role: 'user', content: 'I am Ann' })
  expect(heard.events.map((event) => event.type)).toEqual([
    'input-request',
    'input-answer',
    'message-start',
    'block-start',
    'block-end',
    'message-end',
  ])
  expect(new Set(heard.events.map((event) => event.id))).toEqual(new Set([said.id]))
})

it('a user of its own input is not asked elsewhere, but everybody hears the question', async () => {
  const heard = new Listening()
  const scope = createScope({ sinks: [heard], inputs: [{ ask: () => Promise.reject(new Error('the wrong one')) }] })
  const user = new UserAgent({ scope, input: { ask: async () => 'mine' } })
  expect((await user.call()).content).toBe('mine')
  expect(heard.events[0]).toMatchObject({ type: 'input-request', name: 'User' })
})

it('remembers what it heard and what it said', async () => {
  const scope = createScope({ inputs: [{ ask: async () => 'yes' }] })
  const user = new UserAgent({ scope })
  const said = await user.call()
  await user.call(said)
  expect(user.memory?.size).toBe(2)
})

it('rejects with AbortedError when the input has ended', async () => {
  const scope = createScope({ inputs: [{ ask: () => Promise.reject(new AbortedError('The input has ended.')) }] })
  await expect(new UserAgent({ scope }).call()).rejects.toBeInstanceOf(AbortedError)
})

it('waits for an answer as long as timeoutMs, which the question tells, and rejects with TimeoutError', async () => {
  const heard = new Listening()
  const scope = createScope({ sinks: [heard], inputs: [{ ask: () => new Promise(() => undefined) }] })
  const before = Date.now()
  await expect(new UserAgent({ scope, timeoutMs: 20 }).call()).rejects.toBeInstanceOf(TimeoutError)
  const [asked, answered] = heard.events as [InputRequest, unknown]
  expect(Date.parse(asked.expiresAt ?? '')).toBeGreaterThanOrEqual(before + 20)
  expect(answered).toMatchObject({ type: 'input-answer', id: asked.id, content: '', by: 'default' })
  expect(() => new UserAgent({ scope, timeoutMs: 0 })).toThrow(ConfigError)
})

it('waits for ever when timeoutMs is infinite or beyond all dates, and the question has no deadline', async () => {
  for (const timeoutMs of [Number.POSITIVE_INFINITY, Number.MAX_VALUE]) {
    const heard = new Listening()
    const scope = createScope({ sinks: [heard], inputs: [{ ask: async () => 'Here.' }] })
    expect((await new UserAgent({ scope, timeoutMs }).call()).content).toBe('Here.')
    expect(heard.events[0]).not.toHaveProperty('expiresAt')
  }
})

describe('a user who is asked for a value', () => {
  const structuredModel = z.object({ city: z.string(), days: z.int().default(1) })

  function userWho(...answers: Answer[]) {
    const requests: InputRequest[] = []
    const input: Input = {
      ask: async (request) => {
        requests.push(request)
        return answers.shift() ?? ''
      },
    }
    const heard = new Listening()
    const scope = createScope({ sinks: [heard], inputs: [input] })
    return { user: new UserAgent({ name: 'Ann', scope, inputHint: 'Where to?' }), requests, heard }
  }

  it('gets the schema and the hint, and the checked value goes along with its message', async () => {
    const { user, requests, heard } = userWho({ value: { city: 'Bonn' } })
    const said = await user.call(null, { structuredModel })
    expect(requests).toMatchObject([{ text: 'Where to?', schema: { type: 'object', required: ['city'] } }])
    expect(said.metadata.structured.city).toBe('Bonn')
    expect(said).toMatchObject({ id: requests[0]?.id, content: '{"city":"Bonn"}', role: 'user' })
    expect(said.metadata).toEqual({ structured: { city: 'Bonn', days: 1 } })
    expect(heard.events.at(-1)).toMatchObject({
      type: 'message-end',
      metadata: { structured: { city: 'Bonn', days: 1 } },
    })
    expect(user.memory?.get()).toEqual([said])
  })

  it('may answer in words: JSON, or the value itself', async () => {
    const { user } = userWho('{"city": "Bonn", "days": 2}', '42', 'four', '[1]')
    expect((await user.call(null, { structuredModel })).metadata.structured).toEqual({ city: 'Bonn', days: 2 })
    expect((await user.call(null, { structuredModel: z.number() })).metadata.structured).toBe(42)
    expect((await user.call(null, { structuredModel: z.string() })).metadata.structured).toBe('four')
    expect((await user.call(null, { structuredModel: { type: 'string' } })).metadata.structured).toBe('[1]')
  })

  it('is asked again, told why, when the answer does not fit', async () => {
    const { user, requests } = userWho('Bonn', { value: { city: 1 } }, { content: 'To Bonn!', value: { city: 'Bonn' } })
    const said = await user.call(null, { structuredModel })
    expect(said.content).toBe('To Bonn!')
    expect(requests.map(({ text }) => text)).toEqual([
      'Where to?',
      expect.stringMatching(/does not fit: .*object(.|\n)*Where to\?/),
      expect.stringMatching(/does not fit: city: /),
    ])
    expect(new Set(requests.map(({ id }) => id)).size).toBe(3)
    expect(said.id).toBe(requests[2]?.id)
  })

  it('has three tries', async () => {
    const { user, requests } = userWho('a', 'b', 'c', 'd')
    const failure = await user.call(null, { structuredModel }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(requests).toHaveLength(3)
    expect(user.memory?.size).toBe(0)
  })
})

describe('where a user is asked', () => {
  class Player extends UserAgent {}
  const scope = createScope({ inputs: [{ ask: async () => 'scope' }] })
  const asked = async (user: UserAgent) => (await user.call()).content

  it('can be changed for one agent, and for a class with those below it', async () => {
    const [user, player, own] = [
      new UserAgent({ scope }),
      new Player({ scope }),
      new Player({ scope, input: async () => 'own' }),
    ]
    try {
      UserAgent.overrideClassInputMethod({ ask: async () => 'class' })
      expect(await Promise.all([user, player, own].map(asked))).toEqual(['class', 'class', 'own'])
      Player.overrideClassInputMethod(async ({ name }) => `${name} of Player`)
      user.overrideInputMethod(async () => 'mine')
      expect(await Promise.all([user, player, own].map(asked))).toEqual(['mine', 'User of Player', 'own'])
    } finally {
      for (const kind of [UserAgent, Player]) kind.overrideClassInputMethod(undefined)
    }
    for (const each of [user, own]) each.overrideInputMethod(undefined)
    expect(await Promise.all([user, player, own].map(asked))).toEqual(['scope', 'scope', 'scope'])
  })
})
