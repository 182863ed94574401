// Agents with tools on all seven wires, over real HTTP that is damaged by a seed; some are stopped at random moments.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ReActAgent } from '../../src/agents/index.ts'
import { AgentScopeError } from '../../src/core/error.ts'
import { Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { below, oneOf, type Random, randomFrom } from '../../src/simulator/random.ts'
import { tool } from '../../src/tools/index.ts'
import { type Wire, wires, wrapperFor } from './wrappers.ts'

const clocks = { firstContentMs: 300, stallMs: 300 }
/** An agent that remembers more begins anew. */
const mostRemembered = 6
/** So many rounds until the simulator forgets what it was asked. */
const renewEvery = 40
const questions = [
  'How is the weather in Rome and Oslo?',
  'Tell a story.',
  'Count to twenty.',
  'What is the weather? 你好',
]

const weather = tool({
  name: 'weather',
  description: 'Tells the weather of a city.',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: async function* (input) {
    yield 'Sunny in '
    yield `${(input as { city: string }).city}.`
  },
})

/** What came of the replies so far. */
export interface Tally {
  answered: number
  stopped: number
  /** By the type of the error. */
  failed: Map<string, number>
}

export class ChaosRoom implements AsyncDisposable {
  readonly #simulated: ChildProcess
  readonly #agents: ReActAgent[]
  readonly #random: Random
  readonly tally: Tally = { answered: 0, stopped: 0, failed: new Map() }
  #rounds = 0

  private constructor(simulated: ChildProcess, agents: ReActAgent[], random: Random) {
    this.#simulated = simulated
    this.#agents = agents
    this.#random = random
  }

  static async open(seed: number): Promise<ChaosRoom> {
    const simulated = fork(join(import.meta.dirname, 'chaos-simulator.child.ts'), [String(seed)])
    const [addresses] = (await once(simulated, 'message')) as [Record<Wire, string>]
    const scope = createScope({ sinks: [{ event: () => undefined }] })
    const agents = [...wires, ...wires].map((wire, at) => {
      const model = wrapperFor(wire, { baseUrl: addresses[wire], clocks })
      return new ReActAgent({
        name: `${wire}-${at}`,
        sysPrompt: 'Be brief.',
        model,
        toolkit: [weather],
        maxIters: 3,
        scope,
      })
    })
    return new ChaosRoom(simulated, agents, randomFrom(seed))
  }

  /** How many replies one round is. */
  get perRound(): number {
    return this.#agents.length
  }

  /** Every agent answers once, all at the same time. @throws whatever an agent threw that is no typed error. */
  async round(): Promise<void> {
    this.#rounds += 1
    if (this.#rounds % renewEvery === 0) await this.#renew()
    await Promise.all(this.#agents.map((agent) => this.#reply(agent)))
  }

  async #reply(agent: ReActAgent): Promise<void> {
    if ((agent.memory?.size ?? 0) > mostRemembered) agent.memory?.clear()
    const question = new Msg('Ann', oneOf(this.#random, questions), 'user')
    const stop = new AbortController()
    const isStopped = this.#random() < 0.2
    const timer = isStopped ? setTimeout(() => stop.abort(), below(this.#random, 40)) : undefined
    try {
      for await (const event of agent.stream(question, { signal: stop.signal })) {
        if (event.type === 'message-end' && event.ending.error !== undefined) this.#count(event.ending.error.type)
      }
      this.tally.answered += 1
    } catch (error) {
      if (!(error instanceof AgentScopeError)) throw error
      if (isStopped) this.tally.stopped += 1
      this.#count(error.type)
    } finally {
      clearTimeout(timer)
    }
  }

  #count(type: string): void {
    this.tally.failed.set(type, (this.tally.failed.get(type) ?? 0) + 1)
  }

  async #renew(): Promise<void> {
    this.#simulated.send('renew')
    await once(this.#simulated, 'message')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#simulated.disconnect()
    await once(this.#simulated, 'exit')
  }
}
