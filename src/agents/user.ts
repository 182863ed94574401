// The human in the conversation: asks for a line and hands it on as a message.
import { Msg } from '../core/message.ts'
import { assembleScope, type Input, type Scope, type Sink } from '../scope.ts'
import { AgentBase } from './agent.ts'
import { type AgentOptions, warnOfUnknown } from './options.ts'

type Shared = 'name' | 'memory' | 'useMemory' | 'use_memory' | 'agentId' | 'agent_id' | 'scope'

export interface UserAgentOptions extends Partial<Pick<AgentOptions, Shared>> {
  /** Asks this input instead of those of the scope. */
  input?: Input
}

/**
 * Asks the scope's inputs (in the terminal: one line) and speaks the answer in the role of the user. When the input has
 * ended, `call` rejects with `AbortedError`.
 */
export class UserAgent extends AgentBase {
  readonly #input: Input | undefined

  constructor(options: UserAgentOptions = {}) {
    const { input, name, ...rest } = options
    super({ name: name ?? 'User', ...rest })
    if (new.target === UserAgent) warnOfUnknown(`UserAgent ${this.name}`, options, ['input'])
    this.#input = input
  }

  protected override async reply(x?: Msg | readonly Msg[]): Promise<Msg> {
    this.memory?.add(x)
    const scope = await this.#whereToAsk()
    const id = crypto.randomUUID()
    const speaker = { name: this.name, id: this.agentId }
    const { content } = await scope.ask(speaker, { type: 'input-request', id, name: this.name }, this.signal)
    // The message has the id of the request: whoever showed the words while they were typed need not show them again.
    const message = new Msg(this.name, content, 'user', { id })
    await this.speak(message)
    this.memory?.add(message)
    return message
  }

  /** With an input of its own, the question still reaches everybody who listens. */
  async #whereToAsk(): Promise<Scope> {
    const home = await this.home()
    if (this.#input === undefined) return home
    const listener: Sink = { event: (speaker, event) => home.publish(speaker, event) }
    return assembleScope({ inputs: [this.#input], sinks: [listener] })
  }
}
