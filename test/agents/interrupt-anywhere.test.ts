// A reply that is stopped, left or steered at any point: what is remembered must be valid, and the next call accepted.
import { setImmediate as tick } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { ReActAgent } from '../../src/agents/index.ts'
import { AbortedError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import type { Model, Script } from '../../src/simulator/index.ts'
import { type Tool, tool } from '../../src/tools/index.ts'
import { checkMemory, checkRun } from '../suites/checked-run.ts'
import { randomFrom } from '../suites/mutate.ts'
import { type Wire, wires } from '../suites/wrappers.ts'
import { type Acting, acting, question } from './acting.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)

/** Models that sign what they think, where the wire has such. */
const thinks = { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4096 }
const modelOptions: Partial<Record<Wire, Record<string, unknown>>> = {
  anthropic: { modelName: 'claude-sonnet-4-5', generateArgs: thinks },
  litellm: { modelName: 'claude-sonnet-4-5', generateArgs: thinks },
  gemini: { modelName: 'gemini-3-pro-preview' },
  openai: { modelName: 'deepseek-reasoner' },
}

const call = (name: string, city: string) => ({ name, input: { city, days: [1, 2, 3] } })
const rounds: Script[] = [
  {
    thinking: ['Let', ' me', ' see'],
    text: ['I ', 'look.'],
    toolCalls: [call('slow', 'Rome'), call('slow', 'Oslo'), call('quick', 'Nice')],
  },
  { thinking: ['Once', ' more'], toolCalls: [call('quick', '杭州')] },
  { thinking: ['I ', 'know.'], text: ['It ', 'is ', 'sunny', ' everywhere.'] },
]
const lastWord = 'All right.'

/** Streams its output in pieces, and says so when it is stopped. */
function tools(): Tool[] {
  const input = { type: 'object' }
  const slow = tool({
    name: 'slow',
    description: 'Slow.',
    input,
    concurrent: true,
    run: async function* (_input, { progress }) {
      progress('on its way')
      for (const piece of ['Sun', 'ny', '.']) {
        await tick()
        yield piece
      }
    },
  })
  return [slow, tool({ name: 'quick', description: 'Quick.', input, run: () => 'Cloudy.' })]
}

/** An agent whose provider says one delta at a time, and nothing more once `stopped`. */
class Stopping {
  readonly run: Acting
  #rounds = 0
  /** Whether the provider has more to say that nobody will hear. */
  isHolding = false
  isStopped = false
  /** Told how many events have been heard, from 1. */
  onEvent: ((count: number) => void) | undefined

  private constructor(run: Acting) {
    this.run = run
  }

  static async on(wire: Wire, stream = true): Promise<Stopping> {
    let stopping: Stopping | undefined
    const model: Model = ({ body }) => (stopping as Stopping).#answer(JSON.stringify(body))
    const options = { wire, stream, toolkit: tools(), modelOptions: modelOptions[wire] ?? {} }
    stopping = new Stopping(await acting(model, options))
    stopping.#listen()
    return stopping
  }

  #listen(): void {
    const { heard } = this.run
    const keep = heard.event.bind(heard)
    heard.event = (speaker, event) => {
      keep(speaker, event)
      this.onEvent?.(heard.events.length)
    }
  }

  #answer(body: string): Script {
    if (body.includes('Go on.')) return { text: lastWord }
    const script = rounds[Math.min(this.#rounds++, rounds.length - 1)] as Script
    return { ...script, gate: () => (this.isStopped ? this.#hold() : tick()) }
  }

  #hold(): Promise<void> {
    this.isHolding = true
    return new Promise(() => {})
  }

  /** An agent that was written down here and made again elsewhere is answered. */
  async goOnElsewhere(): Promise<void> {
    const { model } = this.run.agent
    const state = JSON.parse(JSON.stringify(this.run.agent))
    const other = ReActAgent.fromJSON(state, { model, toolkit: tools(), scope: createScope({}) })
    expect(textOf(await other.call(new Msg('Ann', 'Go on.', 'user')))).toBe(lastWord)
  }

  /** The next call is accepted, and all that was ever said keeps the laws. */
  async goOn(): Promise<void> {
    checkMemory(this.run)
    this.onEvent = undefined
    const said = await this.run.agent.call(new Msg('Ann', 'Go on.', 'user'))
    expect(textOf(said)).toBe(lastWord)
    checkRun(this.run)
  }
}

const counts = new Map<string, number>()

/** How many events the whole reply has, so that points can be chosen among them. */
async function eventsOn(wire: Wire, stream = true): Promise<number> {
  const known = counts.get(`${wire} ${stream}`)
  if (known !== undefined) return known
  const whole = await Stopping.on(wire, stream)
  await using _ = whole.run
  expect(textOf(await whole.run.agent.call(question))).toBe('It is sunny everywhere.')
  counts.set(`${wire} ${stream}`, whole.run.heard.events.length)
  return whole.run.heard.events.length
}

/** Points that differ from each other, below `most`. */
function pointsFor(wire: Wire, most: number, count: number): number[] {
  const random = randomFrom(seed + wires.indexOf(wire))
  const points = new Set<number>()
  while (points.size < Math.min(count, most - 1)) points.add(1 + Math.floor(random() * (most - 1)))
  return [...points]
}

const closedAfterMs: number[] = []

/** Waits until the provider's sockets are closed, and keeps how long that took. */
async function socketsClosed(stopping: Stopping, since: number): Promise<void> {
  const asked = stopping.run.simulated.requests.at(-1)
  await asked?.closed
  if (!stopping.isHolding) return
  expect(asked?.aborted, 'the provider sees that nobody listens').toBe(true)
  closedAfterMs.push(performance.now() - since)
}

describe.each(wires)(`%s (FUZZ_SEED=${seed})`, (wire) => {
  test('interrupt at 50 points: the call rejects, the socket closes, the memory is valid, the next call is taken', async () => {
    for (const point of pointsFor(wire, await eventsOn(wire), 50)) {
      const stopping = await Stopping.on(wire)
      await using run = stopping.run
      let since = 0
      stopping.onEvent = (count) => {
        if (count !== point) return
        stopping.isStopped = true
        since = performance.now()
        run.agent.interrupt(`point ${point}`)
      }
      const where = `seed ${seed}, point ${point}`
      await expect(run.agent.call(question), where).rejects.toBeInstanceOf(AbortedError)
      await socketsClosed(stopping, since)
      await stopping.goOn()
    }
  })

  test('interrupt at 10 points of replies that do not stream does the same', async () => {
    for (const point of pointsFor(wire, await eventsOn(wire, false), 10)) {
      const stopping = await Stopping.on(wire, false)
      await using run = stopping.run
      stopping.onEvent = (count) => {
        if (count === point) run.agent.interrupt(`point ${point}`)
      }
      await expect(run.agent.call(question), `seed ${seed}, point ${point}`).rejects.toBeInstanceOf(AbortedError)
      await stopping.goOn()
    }
  })

  test('leaving the stream at 20 points does the same', async () => {
    for (const point of pointsFor(wire, await eventsOn(wire), 20)) {
      const stopping = await Stopping.on(wire)
      await using run = stopping.run
      let count = 0
      for await (const _ of run.agent.stream(question)) {
        count += 1
        if (count < point) continue
        stopping.isStopped = true
        break
      }
      await socketsClosed(stopping, performance.now())
      await stopping.goOnElsewhere()
      await stopping.goOn()
    }
  })

  test('a word for now at 20 points is answered, by the same call unless that has said everything', async () => {
    for (const point of pointsFor(wire, await eventsOn(wire), 20)) {
      const stopping = await Stopping.on(wire)
      await using run = stopping.run
      let steered: Promise<Msg> | undefined
      stopping.onEvent = (count) => {
        if (count === point) steered = run.agent.steer('Go on.', { when: 'now' })
      }
      const said = await run.agent.call(question)
      const answer = (await steered) as Msg
      expect(textOf(answer), `seed ${seed}, point ${point}`).toBe(lastWord)
      if (textOf(said) !== 'It is sunny everywhere.') expect(said).toBe(answer)
      checkRun(run)
    }
  })
})

afterAll(() => {
  const slowest = closedAfterMs.toSorted((one, other) => other - one)
  const late = slowest.filter((ms) => ms > 50)
  expect(closedAfterMs.length, 'the provider was cut off in the middle').toBeGreaterThan(100)
  expect(late.length, `at most one in fifty is late: ${late}`).toBeLessThanOrEqual(closedAfterMs.length / 50)
})
