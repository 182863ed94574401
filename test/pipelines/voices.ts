// Tools of the pipeline tests: agents that add a word, agents on simulated models, streams that a test drives.
import { DialogAgent } from '../../src/agents/index.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import type { Scope, Speaker } from '../../src/scope.ts'
import type { Simulator } from '../../src/simulator/index.ts'
import { Parrot, quietScope } from '../agents/listening.ts'

export const question = new Msg('User', 'Go', 'user')

/** Answers with what it heard and its own name behind it, in silence; remembers what it observes. */
export function adder(name: string): Parrot {
  const agent = new Parrot({ name, scope: quietScope().scope })
  agent.answer = async (x) => new Msg(name, `${said(x)}${name}`, 'assistant')
  return agent
}

/** An agent that fails. */
export function failing(name: string, error: unknown): Parrot {
  const agent = new Parrot({ name, scope: quietScope().scope })
  agent.answer = () => Promise.reject(error)
  return agent
}

/** An agent on the simulated model of that name. */
export function talker(name: string, simulated: Simulator, scope: Scope = quietScope().scope): DialogAgent {
  const baseUrl = simulated.baseUrl('openai')
  const model = new OpenAIChatWrapper({ modelName: name, apiKey: 'any', baseUrl, stream: true, maxRetries: 0 })
  return new DialogAgent({ name, model, scope })
}

/** A step that keeps what it hears, and hands it on. */
export function noting(heard: unknown[]): (x: Msg) => Msg {
  return (x) => {
    heard.push(x)
    return x
  }
}

export function said(x: Msg | readonly Msg[] | null | undefined): string {
  return [x ?? []].flat().map(textOf).join('')
}

/** What an agent remembers, as texts. */
export function memoryOf(agent: { memory: { get(): Msg[] } | undefined }): (string | null)[] {
  return (agent.memory?.get() ?? []).map(textOf)
}

/** One event that a test can recognise. */
export function textEvent(delta: string): StreamEvent {
  return { type: 'text-delta', id: 'm', index: 0, delta }
}

export function speaker(name: string): Speaker {
  return { name, id: name }
}

/** A stream of events that comes when the test says so, and notes how often it was asked and that it was left. */
export class Driven implements AsyncIterableIterator<StreamEvent, string> {
  readonly speaker: Speaker
  asked = 0
  left = false
  #waiting: PromiseWithResolvers<IteratorResult<StreamEvent, string>> | undefined
  #ready: (IteratorResult<StreamEvent, string> | Error)[] = []

  constructor(name: string) {
    this.speaker = speaker(name)
  }

  say(...deltas: string[]): this {
    for (const delta of deltas) this.#give({ done: false, value: textEvent(delta) })
    return this
  }

  end(value = this.speaker.name): this {
    this.#give({ done: true, value })
    return this
  }

  fail(error: Error): this {
    this.#give(error)
    return this
  }

  next(): Promise<IteratorResult<StreamEvent, string>> {
    this.asked += 1
    const ready = this.#ready.shift()
    this.#waiting = Promise.withResolvers()
    const { promise } = this.#waiting
    if (ready !== undefined) this.#answer(ready)
    return promise
  }

  async return(): Promise<IteratorResult<StreamEvent, string>> {
    this.left = true
    this.#give({ done: true, value: 'left' })
    return { done: true, value: 'left' }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #give(result: IteratorResult<StreamEvent, string> | Error): void {
    if (this.#waiting === undefined) this.#ready.push(result)
    else this.#answer(result)
  }

  #answer(result: IteratorResult<StreamEvent, string> | Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (result instanceof Error) waiting?.reject(result)
    else waiting?.resolve(result)
  }
}
