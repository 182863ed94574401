// A scope: who listens never hurts who speaks.
import { describe, expect, it } from 'vitest'
import { assembleScope } from '../../src/scope.ts'
import { Listening, Parrot, pairs, warningsOf } from '../agents/listening.ts'

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
    const agent = new Parrot({ scope: assembleScope({ sinks: [{ event }, heard] }) })
    const warnings = await warningsOf(() => agent.say(pairs('a', 'ab', 'abc')))
    expect(heard.deltas().join('')).toBe('abc')
    expect(warnings.filter((warning) => warning.includes('deaf'))).toHaveLength(1)
  })

  it('that asks to be waited for is waited for', async () => {
    const { promise: room, resolve: makeRoom } = Promise.withResolvers<void>()
    const scope = assembleScope({ sinks: [{ event: (_, event) => (event.type === 'text-delta' ? room : undefined) }] })
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

it('closing a scope closes every listener that can be closed, once, also when one of them cannot be', async () => {
  let closed = 0
  const sink = {
    event: () => {},
    close: () => {
      closed += 1
    },
  }
  const stuck = { event: () => {}, close: () => Promise.reject(new Error('stuck')) }
  await assembleScope({ sinks: [sink, new Listening(), sink] }).close()
  expect(closed).toBe(2)
  const scope = assembleScope({ sinks: [stuck, sink] })
  await expect(scope.close()).rejects.toThrow('stuck')
  await expect(scope.close()).rejects.toThrow('stuck')
  expect(closed).toBe(3)
})
