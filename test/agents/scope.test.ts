// A scope: who listens never hurts who speaks, and who answers first wins.
import { describe, expect, it } from 'vitest'
import { AbortedError, ConfigError } from '../../src/core/error.ts'
import { createScope, type Input } from '../../src/scope.ts'
import { Listening, Parrot, pairs, warningsOf } from './listening.ts'

const speaker = { name: 'Friday', id: 'agent-1' }
const request = { type: 'input-request', id: 'q-1', name: 'User' } as const

describe('a listener', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('deaf')
      },
    ],
    ['rejects', () => Promise.reject(new Error('deaf'))],
  ])('that %s costs nobody a word and is told about once', async (_, event) => {
    const heard = new Listening()
    const agent = new Parrot({ scope: createScope({ sinks: [{ event }, heard] }) })
    const warnings = await warningsOf(() => agent.say(pairs('a', 'ab', 'abc')))
    expect(heard.deltas().join('')).toBe('abc')
    expect(warnings.filter((warning) => warning.includes('deaf'))).toHaveLength(1)
  })

  it('that asks to be waited for is waited for', async () => {
    const { promise: room, resolve: makeRoom } = Promise.withResolvers<void>()
    const scope = createScope({ sinks: [{ event: (_, event) => (event.type === 'text-delta' ? room : undefined) }] })
    let asked = 0
    async function* source() {
      for (const text of ['a', 'b']) {
        asked += 1
        yield text
      }
    }
    const speaking = new Parrot({ scope }).say(source())
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toBe(1)
    makeRoom()
    await speaking
    expect(asked).toBe(2)
  })
})

describe('a question', () => {
  it('goes to every input; the first answer wins and the others are called off', async () => {
    let calledOff = false
    const slow: Input = {
      ask: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            calledOff = true
            reject(new AbortedError('called off'))
          })
        }),
    }
    const heard = new Listening()
    const scope = createScope({ inputs: [slow, { ask: async () => 'yes' }], sinks: [heard] })
    expect(await scope.ask(speaker, request)).toEqual({ content: 'yes' })
    expect(calledOff).toBe(true)
    expect(heard.events).toEqual([request, { type: 'input-answer', id: 'q-1', content: 'yes' }])
  })

  it('that nobody can answer is refused with advice', async () => {
    await expect(createScope().ask(speaker, request)).rejects.toBeInstanceOf(ConfigError)
  })

  it('fails with the typed reason when every input gives up', async () => {
    const inputs = [
      { ask: () => Promise.reject(new Error('broken')) },
      { ask: () => Promise.reject(new AbortedError('the end')) },
    ]
    await expect(createScope({ inputs }).ask(speaker, request)).rejects.toThrow('the end')
  })
})

it('a scope without models says how to get some', () => {
  expect(() => createScope().model('qwen')).toThrow(/"qwen".*no models/)
})

it('closing a scope closes every listener that can be closed', async () => {
  let closed = 0
  const sink = {
    event: () => {},
    close: () => {
      closed += 1
    },
  }
  await createScope({ sinks: [sink, new Listening(), sink] }).close()
  expect(closed).toBe(2)
})
