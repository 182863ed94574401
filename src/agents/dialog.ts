// The agent that simply talks: it remembers, asks its model, and says the answer as it arrives.
import { Msg } from '../core/message.ts'
import { AgentBase, type ReplyOptions } from './agent.ts'
import { type AgentOptions, readOptions, requireModel, warnOfUnknown } from './options.ts'

/**
 * A dialogue in which several may take part: the model reads the history with the speakers' names. What is spoken,
 * remembered and returned is one and the same message, with and without streaming. AgentScope: the same name.
 *
 * @throws ConfigError when neither `model` nor `modelConfigName` is given.
 */
export class DialogAgent extends AgentBase {
  constructor(options: AgentOptions) {
    super(options)
    if (new.target === DialogAgent) warnOfUnknown(`DialogAgent ${this.name}`, options)
    requireModel(`DialogAgent ${this.name}`, readOptions(options))
  }

  protected override async reply(x?: Msg | readonly Msg[], options: ReplyOptions = {}): Promise<Msg> {
    this.memory?.add(x)
    const given = x === undefined ? [] : [x].flat()
    return this.stepAnew(given, (heard, signal) => this.#answer(heard, options, signal))
  }

  async #answer(given: readonly Msg[], { structuredModel }: ReplyOptions, signal: AbortSignal): Promise<Msg> {
    const system = this.sysPrompt ? new Msg('system', this.sysPrompt, 'system') : null
    const heard = await this.recalled(given)
    const prompt = this.model.format([system, ...heard], { perspective: 'multi-agent' })
    if (structuredModel !== undefined) return this.askForValue(prompt, structuredModel, { signal })
    return this.sayAndRemember(await this.ask(prompt, { signal }))
  }
}
