// UserAgent: a human's words as a message, and the end of the input as an ending.
import { expect, it } from 'vitest'
import { UserAgent } from '../../src/agents/index.ts'
import { AbortedError } from '../../src/core/error.ts'
import { createScope } from '../../src/scope.ts'
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
