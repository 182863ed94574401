// Which class answers for which `model_type`.
import { ConfigError } from '../core/error.ts'
import { didYouMean } from '../core/spelling.ts'
import { AnthropicChatWrapper } from './anthropic.ts'
import { DashScopeChatWrapper } from './dashscope.ts'
import { GeminiChatWrapper } from './gemini.ts'
import { LiteLLMChatWrapper } from './litellm.ts'
import { OllamaChatWrapper } from './ollama.ts'
import { OpenAIChatWrapper } from './openai.ts'
import type { OptionContext } from './options.ts'
import type { ChatWrapper } from './wrapper.ts'
import { ZhipuAIChatWrapper } from './zhipuai.ts'

/** A wrapper class: it has a `modelType` and takes the options that stand in a configuration. */
export interface ChatWrapperClass {
  readonly modelType: string
  new (options: never, context?: OptionContext): ChatWrapper
}

export interface RegisterOptions {
  /** Whether the class may take the place of another with the same `modelType`. Default false. */
  existOk?: boolean | undefined
}

/** A table of wrapper classes, by `model_type`. */
export class WrapperRegistry {
  readonly #classes = new Map<string, ChatWrapperClass>()

  constructor(classes: readonly ChatWrapperClass[] = []) {
    for (const one of classes) this.register(one)
  }

  /** Throws `ConfigError` when `wrapper` is no wrapper class, or its `modelType` is taken and `existOk` is not set. */
  register(wrapper: ChatWrapperClass, options: RegisterOptions = {}): void {
    const type = typeOf(wrapper)
    const before = this.#classes.get(type)
    if (before !== undefined && before !== wrapper && !options.existOk) {
      throw new ConfigError(`The model type "${type}" of ${wrapper.name} is taken by ${before.name}.`, {
        advice: `Give ${wrapper.name} a static modelType of its own, or register it with { existOk: true }.`,
      })
    }
    this.#classes.set(type, wrapper)
  }

  /** The class for a `model_type`. Throws `ConfigError` that lists the known ones. */
  get(type: string): ChatWrapperClass {
    const found = this.#classes.get(type)
    if (found !== undefined) return found
    throw new ConfigError(`There is no model type "${type}".${didYouMean(type, this.types)}`, {
      advice: `Known are ${this.types.join(', ')}. A class of your own is made known with registerModelWrapper.`,
    })
  }

  /** The known types, in the order in which they were registered. */
  get types(): string[] {
    return [...this.#classes.keys()]
  }
}

/** The seven wrappers of this package, and what `registerModelWrapper` added. */
export const defaultRegistry = new WrapperRegistry([
  OpenAIChatWrapper,
  DashScopeChatWrapper,
  GeminiChatWrapper,
  ZhipuAIChatWrapper,
  OllamaChatWrapper,
  LiteLLMChatWrapper,
  AnthropicChatWrapper,
])

/** Makes a class of one's own known to model configurations, by its static `modelType`. Throws as `register` does. */
export function registerModelWrapper(wrapper: ChatWrapperClass, options?: RegisterOptions): void {
  defaultRegistry.register(wrapper, options)
}

function typeOf(wrapper: unknown): string {
  if (typeof wrapper !== 'function' || typeof wrapper.prototype?.call !== 'function') {
    throw new ConfigError('A model wrapper must be a class with a method call().', { advice: 'Extend ChatWrapper.' })
  }
  const type: unknown = 'modelType' in wrapper ? wrapper.modelType : undefined
  if (typeof type === 'string' && type !== '') return type
  throw new ConfigError(`${wrapper.name || 'The class'} has no static modelType.`, {
    advice: `Add: static readonly modelType = 'my_chat'`,
  })
}
