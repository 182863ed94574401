// Five agents in a hub who talk over real HTTP for as long as one likes, and remember only what was said last.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DialogAgent } from '../../src/agents/index.ts'
import { Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { type Memorable, TemporaryMemory } from '../../src/memory/index.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import { fanoutPipeline, type MsgHub, msghub, sequentialPipeline } from '../../src/pipelines/index.ts'

/** How many messages each of them keeps. */
export const kept = 20

const names = ['Ann', 'Bob', 'Cleo', 'Dan', 'Eve']

/** So many rounds until the simulator forgets what it was asked. */
const renewEvery = 100

/** Keeps the last few, so that what is kept does not grow. */
class LastFew extends TemporaryMemory {
  override add(messages: Memorable): void {
    super.add(messages)
    while (this.size > kept) this.delete(0)
  }
}

export class HubRoom implements AsyncDisposable {
  readonly #simulated: ChildProcess
  readonly #agents: DialogAgent[]
  readonly #hub: MsgHub
  #rounds = 0

  private constructor(simulated: ChildProcess, agents: DialogAgent[], hub: MsgHub) {
    this.#simulated = simulated
    this.#agents = agents
    this.#hub = hub
  }

  static async open(): Promise<HubRoom> {
    const simulated = fork(join(import.meta.dirname, 'simulator.child.ts'))
    const [baseUrl] = await once(simulated, 'message')
    const model = new OpenAIChatWrapper({ modelName: 'gpt-5', apiKey: 'any', baseUrl, stream: true })
    const scope = createScope({ sinks: [{ event: () => undefined }] })
    const agents = names.map((name) => {
      return new DialogAgent({ name, sysPrompt: `You are ${name}.`, model, scope, memory: new LastFew() })
    })
    const hub = await msghub(agents, { announcement: new Msg('Host', 'What is a good answer?', 'user') })
    return new HubRoom(simulated, agents, hub)
  }

  /** Five turns: one after the other, in every second round all at once. */
  async round(): Promise<readonly Msg[]> {
    this.#rounds += 1
    if (this.#rounds % renewEvery === 0) await this.#renew()
    if (this.#rounds % 2 === 0) return fanoutPipeline(this.#agents)
    await sequentialPipeline(this.#agents)
    return this.#agents.flatMap((agent) => agent.memory?.get(1) ?? [])
  }

  get memories(): readonly Msg[][] {
    return this.#agents.map((agent) => agent.memory?.get() ?? [])
  }

  async #renew(): Promise<void> {
    this.#simulated.send('renew')
    await once(this.#simulated, 'message')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hub.close()
    this.#simulated.disconnect()
    await once(this.#simulated, 'exit')
  }
}

/** Bytes in use, after everything that can be freed has been; it takes `--expose-gc`. */
export function bytesInUse(): number {
  for (let at = 0; at < 4; at += 1) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
