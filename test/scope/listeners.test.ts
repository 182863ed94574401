// A scope: who listens never hurts who speaks.
import { describe, expect, it, vi } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { assembleScope, type Sink } from '../../src/scope.ts'
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

  it('that asks to be waited for holds up nobody, and who speaks is done when it has heard the end', async () => {
    const { promise: room, resolve: makeRoom } = Promise.withResolvers<void>()
    const slow = new Listening()
    const fast = new Listening()
    const event: Sink['event'] = (speaker, said) => {
      slow.event(speaker, said)
      return said.type === 'text-delta' ? room : undefined
    }
    const scope = assembleScope({ sinks: [{ event }, fast] })
    let isDone = false
    const speaking = new Parrot({ scope }).say(pairs('a', 'ab', 'abc')).then(() => {
      isDone = true
    })
    await vi.waitUntil(() => fast.events.some(({ type }) => type === 'message-end'))
    expect(fast.deltas()).toEqual(['a', 'b', 'c'])
    expect(slow.deltas()).toEqual(['a'])
    expect(isDone).toBe(false)
    makeRoom()
    await speaking
    expect(slow.deltas()).toEqual(['a', 'bc'])
    expect(slow.events.at(-1)).toMatchObject({ type: 'message-end', ending: { complete: true } })
  })

  it('that is stuck is waited for no longer than two seconds, once, and hears everything when it is free', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { promise: free, resolve: setFree } = Promise.withResolvers<void>()
      const stuck = new Listening()
      const event: Sink['event'] = (speaker, said) => {
        stuck.event(speaker, said)
        return stuck.events.length === 1 ? free : undefined
      }
      const agent = new Parrot({ scope: assembleScope({ sinks: [{ event }] }) })
      const warnings = await warningsOf(async () => {
        const first = agent.say(pairs('a', 'ab'))
        await vi.advanceTimersByTimeAsync(2_000)
        await first
        await agent.say(pairs('c'))
      })
      expect(warnings.filter((warning) => warning.includes('is stuck'))).toHaveLength(1)
      expect(stuck.events).toHaveLength(1)
      setFree()
      await agent.say(pairs('d'))
      expect(stuck.deltas()).toEqual(['ab', 'c', 'd'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('that is stuck for ever keeps little, misses the rest, and hears of that first', async () => {
    const { promise: free, resolve: setFree } = Promise.withResolvers<void>()
    const heard: StreamEvent[] = []
    const event = (_: unknown, said: StreamEvent) => (heard.push(said) === 1 ? free : undefined)
    const { publish } = assembleScope({ sinks: [{ event }] })
    const speaker = { name: 'Parrot', id: 'p' }
    const warnings = await warningsOf(async () => {
      for (let at = 0; at < 12_000; at += 1) void publish(speaker, { type: 'raw', id: 'm', value: at })
      const piece = 'a'.repeat(1024 * 1024)
      for (let at = 0; at < 6; at += 1) {
        void publish(speaker, { type: 'text-delta', id: 'm', index: 0, delta: piece })
      }
      void publish(speaker, { type: 'raw', id: 'm', value: 'last' })
    })
    expect(warnings.filter((warning) => warning.includes('misses'))).toHaveLength(1)
    setFree()
    await vi.waitUntil(() => heard.at(-1)?.type === 'raw' && heard.length > 1)
    expect(heard[1]).toMatchObject({
      type: 'notice',
      kind: 'skipped',
      text: expect.stringMatching(/missed \d+ events/),
    })
    expect(heard.at(-1)).toMatchObject({ value: 'last' })
    expect(heard.length).toBeLessThan(6_000)
  })

  it('hears one event after the other, also when several speak', async () => {
    const order: string[] = []
    let inside = 0
    const event: Sink['event'] = async ({ name }, said) => {
      inside += 1
      expect(inside).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
      if (said.type === 'message-end') order.push(name)
    }
    const scope = assembleScope({ sinks: [{ event }] })
    const [one, two] = [new Parrot({ name: 'one', scope }), new Parrot({ name: 'two', scope })]
    await Promise.all([one.say(pairs('a', 'ab')), two.say(pairs('c', 'cd'))])
    expect(order.toSorted()).toEqual(['one', 'two'])
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
