// The agent that simply talks: it remembers, asks its model, and says the answer as it arrives.
import { ConfigError } from '../core/error.ts'
import { Msg } from '../core/message.ts'
import { AgentBase, type ReplyOptions } from './agent.ts'
import { type AgentOptions, readOptions, warnOfUnknown } from './options.ts'

/**
 * A dialogue in which several may take part: the model reads the history with the speakers' names. What is spoken,
 * remembered and returned is one and the same message, with and without streaming.
 *
 * @throws ConfigError when neither `model` nor `modelConfigName` is given.
 */
export class DialogAgent extends AgentBase {
  constructor(options: AgentOptions) {
    super(options)
    if (new.target === DialogAgent) warnOfUnknown(`DialogAgent ${this.name}`, options)
    const { model, modelConfigName } = readOptions(options)
    if (model === undefined && modelConfigName === undefined) {
      throw new ConfigError(`DialogAgent ${this.name} needs a model.`, {
        advice: "Give it one: { model: new OpenAIChatWrapper({ ... }) } or { modelConfigName: 'my-model' }.",
      })
    }
  }

  protected override async reply(x?: Msg | readonly Msg[], options: ReplyOptions = {}): Promise<Msg> {
    this.memory?.add(x)
    const given = x === undefined ? [] : [x].flat()
    for (;;) {
      try {
        return await this.step((signal) => this.#answer(given, options, signal))
      } catch (error) {
        if (!this.steered) throw error
        given.push(...(await this.takeWords()))
      }
    }
  }

  async #answer(given: readonly Msg[], { structuredModel }: ReplyOptions, signal: AbortSignal): Promise<Msg> {
    const system = this.sysPrompt ? new Msg('system', this.sysPrompt, 'system') : null
    const heard = await this.recalled(given)
    const prompt = this.model.format([system, ...heard], { perspective: 'multi-agent' })
    if (structuredModel !== undefined) return this.askForValue(prompt, structuredModel, { signal })
    return this.sayAndRemember(await this.ask(prompt, { signal }))
  }
}
