// Eight agents on simulated models speak at once over real HTTP, merged into one stream.
import { afterEach, describe, expect, test } from 'vitest'
import type { DialogAgent } from '../../src/agents/index.ts'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import { type Msg, textOf } from '../../src/core/message.ts'
import { merge, msghub, type SpokenEvent } from '../../src/pipelines/index.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { atOnce } from '../suites/at-once.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { question, talker } from './voices.ts'

expectNoLostRejections()

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
let simulated: Simulator | undefined
afterEach(async () => simulated?.close())

async function agentsWith(model: (name: string) => Model): Promise<DialogAgent[]> {
  simulated = await simulator({ models: Object.fromEntries(names.map((name) => [name, model(name)])) })
  return names.map((name) => talker(name, simulated as Simulator))
}

/** What one says: every piece different, some of them wide. */
const pieces = (name: string) => Array.from({ length: 250 }, (_, at) => `${name}${at} 你好 `)

function withoutSpeaker({ speaker: _, ...event }: SpokenEvent): StreamEvent {
  return event
}

describe('eight agents that speak at once', () => {
  test('the fold of each is exactly the message that it remembers', async () => {
    const agents = await agentsWith((name) => ({ thinking: `Hm, ${name}.`, text: pieces(name) }))
    const heard = new Map<string, StreamEvent[]>(agents.map(({ agentId }) => [agentId, []]))
    const events = merge(agents.map((agent) => agent.stream(question)))
    let next = await events.next()
    for (; !next.done; next = await events.next()) heard.get(next.value.speaker.id)?.push(withoutSpeaker(next.value))
    for (const [index, agent] of agents.entries()) {
      const remembered = agent.memory?.get(1)[0] as Msg
      const { timestamp: _, ...message } = remembered
      checkEventLaws(heard.get(agent.agentId) as StreamEvent[], message as Msg)
      expect(textOf(remembered)).toBe(pieces(agent.name).join(''))
      expect((next.value as Msg[])[index]).toEqual(remembered)
    }
  })

  test('nobody has to wait for another: all are heard while all still speak', async () => {
    const everybody = gate()
    const agents = await agentsWith((name) => ({
      text: pieces(name),
      gate: async ({ index }) => (index === 3 ? everybody.opened : undefined),
    }))
    const begun = new Set<string>()
    for await (const { type, speaker } of merge(agents.map((agent) => agent.stream(question)))) {
      if (type === 'text-delta') begun.add(speaker.name)
      if (begun.size === names.length) everybody.open()
    }
    expect([...begun].sort()).toEqual(names)
  })

  test('leave the loop its turn while 16,000 pieces are heard', async () => {
    const many = (name: string) => Array.from({ length: 8 }, () => pieces(name)).flat()
    const agents = await agentsWith((name) => ({ text: many(name) }))
    const loop = { turns: 0, running: true }
    const tick = () => {
      loop.turns += 1
      if (loop.running) setImmediate(tick)
    }
    tick()
    const messages = new Map<string, Msg>()
    for await (const event of merge(agents.map((agent) => agent.stream(question)))) {
      messages.set(event.speaker.id, applyEvent(messages.get(event.speaker.id), event))
    }
    loop.running = false
    expect([...messages.values()].map(textOf).sort()).toEqual(names.map((name) => many(name).join('')))
    expect(loop.turns).toBeGreaterThan(8)
  })

  test('leaving the merged stream closes the sockets of all within 50 ms', atOnce, async () => {
    const agents = await agentsWith((name) => ({ text: [name, '!'], end: 'silence' }))
    const begun = new Set<string>()
    let left = 0
    for await (const { type, speaker } of merge(agents.map((agent) => agent.stream(question)))) {
      if (type === 'text-delta') begun.add(speaker.name)
      left = performance.now()
      if (begun.size === names.length) break
    }
    await Promise.all(simulated?.requests.map(({ closed }) => closed) ?? [])
    expect(performance.now() - left).toBeLessThan(50)
    expect(simulated?.requests.map(({ aborted }) => aborted)).toEqual(names.map(() => true))
    for (const agent of agents) expect(agent.memory?.get(1)[0]).toMatchObject({ ending: { reason: 'aborted' } })
  })

  test('in a hub each hears the seven others, whole and once', async () => {
    const agents = await agentsWith((name) => ({ text: pieces(name) }))
    await msghub(agents, async () => {
      for await (const _ of merge(agents.map((agent) => agent.stream(question))));
    })
    for (const agent of agents) {
      const others = agent.memory?.get().filter(({ name }) => name !== agent.name && name !== 'User') ?? []
      const heard = Object.fromEntries(others.map((message) => [message.name, textOf(message)]))
      expect(others).toHaveLength(7)
      for (const [name, text] of Object.entries(heard)) expect(text).toBe(pieces(name).join(''))
    }
  })
})
