// The agent that simply talks: it remembers, asks its model, and says the answer as it arrives.
import { ConfigError } from '../core/error.ts'
import { Msg } from '../core/message.ts'
import type { ModelResponse } from '../models/response.ts'
import { AgentBase } from './agent.ts'
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

  protected override async reply(x?: Msg | readonly Msg[]): Promise<Msg> {
    this.memory?.add(x)
    const system = this.sysPrompt ? new Msg('system', this.sysPrompt, 'system') : null
    const heard = this.memory?.get() ?? (x === undefined ? [] : [x].flat())
    const prompt = this.model.format([system, ...heard], { perspective: 'multi-agent' })
    const response = await this.model.call(prompt, { ...(this.signal !== undefined && { signal: this.signal }) })
    return this.#sayAndRemember(response)
  }

  /** An answer that broke off is remembered too, marked by its ending, unless nothing of it came. */
  async #sayAndRemember(response: ModelResponse): Promise<Msg> {
    try {
      const said = await this.speak(response)
      this.memory?.add(said)
      return said
    } catch (error) {
      if (this.spoken !== undefined && this.spoken.content.length > 0) this.memory?.add(this.spoken)
      throw error
    }
  }
}
