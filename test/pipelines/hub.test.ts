// A hub: who hears whom, who came and who left, hubs inside hubs. AgentScope: `msghub_test`.
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/core/error.ts'
import { Msg } from '../../src/core/message.ts'
import { fanoutPipeline, msghub } from '../../src/pipelines/index.ts'
import { pairs } from '../agents/listening.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { adder, memoryOf } from './voices.ts'

expectNoLostRejections()

function three() {
  return ['A', 'B', 'C'].map(adder) as [ReturnType<typeof adder>, ReturnType<typeof adder>, ReturnType<typeof adder>]
}

const host = (text: string) => new Msg('host', text, 'user')

describe('a hub', () => {
  test('has everybody observe the announcement, one message or many', async () => {
    const [a, b] = three()
    await using _ = await msghub([a, b], { announcement: [host('Welcome'), host('Begin')] })
    expect(memoryOf(a)).toEqual(['Welcome', 'Begin'])
    expect(a.memory?.get()).toEqual(b.memory?.get())
  })

  test('says a string in its own name', async () => {
    const [a] = three()
    await using hub = await msghub([a], { announcement: 'It is night.', name: 'Moderator' })
    await hub.broadcast('It is day.')
    expect(a.memory?.get()).toMatchObject([
      { name: 'Moderator', content: 'It is night.', role: 'user' },
      { name: 'Moderator', content: 'It is day.' },
    ])
  })

  test('tells the others what one answers, and not the speaker', async () => {
    const [a, b, c] = three()
    await using _ = await msghub([a, b, c])
    const answer = await a.call()
    expect(b.memory?.get()).toEqual([answer])
    expect(c.memory?.get()).toEqual([answer])
    expect(a.memory?.get()).toEqual([])
  })

  test('tells what one answers as a stream too, when it is finished', async () => {
    const [a, b] = three()
    a.answer = async () => a.say(pairs('Good ', 'Good morning'))
    await using _ = await msghub([a, b])
    for await (const event of a.stream()) if (event.type === 'text-delta') expect(memoryOf(b)).toEqual([])
    expect(memoryOf(b)).toEqual(['Good morning'])
  })

  test('ends for everybody when its block ends', async () => {
    const [a, b] = three()
    {
      await using _ = await msghub([a, b])
      await a.call()
    }
    await a.call()
    expect(memoryOf(b)).toEqual(['A'])
  })

  test('gives what its callback gives, and ends when that throws', async () => {
    const [a, b] = three()
    expect(await msghub([a, b], () => a.call())).toMatchObject({ content: 'A' })
    const boom = new Error('boom')
    const breaks = msghub([a, b], { announcement: 'Hi' }, async (hub) => {
      expect(hub.participants).toEqual([a, b])
      throw boom
    })
    await expect(breaks).rejects.toBe(boom)
    await a.call()
    expect(memoryOf(b)).toEqual(['A', 'Hi'])
  })

  test('lets participants speak at the same time', async () => {
    const agents = three()
    await msghub(agents, () => fanoutPipeline(agents, host('Go')))
    for (const agent of agents) {
      const others = agents.filter((each) => each !== agent).map(({ name }) => `Go${name}`)
      expect(memoryOf(agent).sort()).toEqual(others)
    }
  })
})

describe('coming and going', () => {
  test('whoever is added hears and is heard from then on', async () => {
    const [a, b, c] = three()
    await using hub = await msghub([a, b], { announcement: 'Hi' })
    await a.call()
    hub.add(c)
    await a.call()
    await c.call()
    expect(memoryOf(c)).toEqual(['A'])
    expect(memoryOf(b)).toEqual(['Hi', 'A', 'A', 'C'])
  })

  test('whoever is deleted neither hears nor is heard', async () => {
    const [a, b, c] = three()
    await using hub = await msghub([a, b, c])
    expect(hub.delete([b, b])).toBe(1)
    await a.call()
    await b.call()
    await hub.broadcast('Hi')
    expect(memoryOf(b)).toEqual([])
    expect(memoryOf(c)).toEqual(['A', 'Hi'])
  })

  test('takes any iterable, counts an agent once, and leaves the given list alone', async () => {
    const [a, b, c] = three()
    const list = Object.freeze([a, a, b])
    await using hub = await msghub(list)
    hub.add(new Set([c, b]))
    expect(hub.participants).toEqual([a, b, c])
    expect(list).toEqual([a, a, b])
    await a.call()
    expect(memoryOf(b)).toEqual(['A'])
  })

  test('adds nobody when one of them is no agent', async () => {
    const [a, b] = three()
    await using hub = await msghub([a])
    expect(() => hub.add([b, {} as never])).toThrow(InputError)
    expect(hub.participants).toEqual([a])
    await expect(msghub(['Bob'] as never)).rejects.toThrow('Only agents can be in the hub')
  })

  test('a closed hub says so, and may be closed again', async () => {
    const [a] = three()
    const hub = await msghub([a])
    await hub.close()
    await hub.close()
    expect(() => hub.add(a)).toThrow('closed')
    await expect(hub.broadcast('Hi')).rejects.toBeInstanceOf(InputError)
  })
})

describe('hubs inside hubs', () => {
  test('an agent in two is heard in both, once by whoever shares both', async () => {
    const [a, b, c] = three()
    await using _ = await msghub([a, b, c])
    await msghub([a, b], () => a.call())
    expect(memoryOf(b)).toEqual(['A'])
    expect(memoryOf(c)).toEqual(['A'])
  })

  test('when the inner one ends, the outer one goes on', async () => {
    const [a, b, c] = three()
    await using _ = await msghub([a, b])
    await msghub([a, c], () => a.call())
    await a.call()
    expect(memoryOf(b)).toEqual(['A', 'A'])
    expect(memoryOf(c)).toEqual(['A'])
  })
})

describe('a participant that cannot take what it is told', () => {
  test('does not keep the others from hearing it, and a hub that cannot open lets everybody go', async () => {
    const [a, b, c] = three()
    const boom = new Error('full')
    b.observe = () => Promise.reject(boom)
    await expect(msghub([a, b, c], { announcement: 'Hi' })).rejects.toBe(boom)
    expect(memoryOf(c)).toEqual(['Hi'])
    await a.call()
    expect(memoryOf(c)).toEqual(['Hi'])
  })
})
