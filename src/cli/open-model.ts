// From `provider/model`, as a user types it, to the wrapper that answers.
import { ConfigError } from '../core/error.ts'
import { didYouMean } from '../core/spelling.ts'
import { firstSet } from '../models/api-key.ts'
import {
  AnthropicChatWrapper,
  DashScopeChatWrapper,
  GeminiChatWrapper,
  OllamaChatWrapper,
  OpenAIChatWrapper,
  routeModel,
  ZhipuAIChatWrapper,
} from '../models/index.ts'
import { knownPrefixes, proxy } from '../models/litellm-routes.ts'
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

const known = [...knownPrefixes, 'litellm', 'simulator']

/** @throws ConfigError when the key is missing or the prefix is not known; UsageError when there is no model name. */
export async function openModel(name: string, options: OpenModelOptions): Promise<OpenedModel> {
  const slash = name.indexOf('/')
  const prefix = name.slice(0, Math.max(slash, 0))
  const modelName = name.slice(slash + 1)
  if (modelName === '') throw new UsageError(`${JSON.stringify(name)} names no model. Write <provider/model>.`)
  if (name === 'simulator') throw new UsageError('"simulator" names no wire. Write simulator/<wire>: simulator/openai.')
  if (prefix === 'simulator') return openSimulated(modelName, options.stream)
  const open = own[prefix]
  if (slash >= 0 && !known.includes(prefix) && !throughProxy(options)) throw unknownPrefix(prefix)
  const model = open ? open({ ...options, modelName }) : routeModel(prefix === 'litellm' ? modelName : name, options)
  return { model, close: async () => {} }
}

/** A LiteLLM proxy knows more providers than we do. */
function throughProxy({ baseUrl }: OpenModelOptions): boolean {
  return baseUrl !== undefined || firstSet(proxy.baseUrlVariables, process.env) !== undefined
}

function unknownPrefix(prefix: string): ConfigError {
  return new ConfigError(`${JSON.stringify(prefix)} is no known provider.${didYouMean(prefix, known)}`, {
    advice: `Known are ${known.join(', ')}.\nFor others run a LiteLLM proxy: litellm_proxy/<model>.`,
  })
}
