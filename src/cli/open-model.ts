// From `provider/model`, as a user types it, to the wrapper that answers.
import {
  AnthropicChatWrapper,
  DashScopeChatWrapper,
  GeminiChatWrapper,
  OllamaChatWrapper,
  OpenAIChatWrapper,
  routeModel,
  ZhipuAIChatWrapper,
} from '../models/index.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import { UsageError } from './command.ts'
import { openSimulated } from './simulated.ts'

export interface OpenModelOptions {
  stream: boolean
  baseUrl?: string
}

export interface OpenedModel {
  model: ChatWrapper
  close(): Promise<void>
}

type Options = OpenModelOptions & { modelName: string }

/** These have a class of their own, so that an address speaks their wire; every other prefix is LiteLLM's to route. */
const own: Readonly<Record<string, (options: Options) => ChatWrapper>> = {
  openai: (options) => new OpenAIChatWrapper(options),
  dashscope: (options) => new DashScopeChatWrapper(options),
  gemini: (options) => new GeminiChatWrapper(options),
  zhipuai: (options) => new ZhipuAIChatWrapper(options),
  ollama: (options) => new OllamaChatWrapper(options),
  anthropic: (options) => new AnthropicChatWrapper(options),
}

/** @throws ConfigError when the key is missing or the prefix is not known; UsageError when there is no model name. */
export async function openModel(name: string, options: OpenModelOptions): Promise<OpenedModel> {
  const slash = name.indexOf('/')
  const prefix = slash < 0 ? '' : name.slice(0, slash)
  const modelName = name.slice(slash + 1)
  if (modelName === '') throw new UsageError(`${JSON.stringify(name)} names no model. Write <provider/model>.`)
  if (prefix === 'simulator') return openSimulated(modelName, options.stream)
  const open = own[prefix]
  const model = open ? open({ ...options, modelName }) : routeModel(prefix === 'litellm' ? modelName : name, options)
  return { model, close: async () => {} }
}
