// LiteLLM's `provider/model` names: through a LiteLLM proxy when there is one, else straight to the provider.
import { camelCase } from '../core/spelling.ts'
import { firstSet } from './api-key.ts'
import { findRoute, isSelfHosted, proxy, proxyPrefix } from './litellm-routes.ts'
import * as kind from './option-kinds.ts'
import { agreed, OptionReader } from './option-reader.ts'
import type {
  ChatWrapperOptions,
  OptionContext,
  ProviderData,
  ResolvedOptions,
  Spelled,
  ThinkTagsOption,
} from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

export interface LiteLLMOptions extends ChatWrapperOptions, ThinkTagsOption {
  /** For `ollama/...` models. */
  options?: Record<string, unknown> | undefined
  /** For `ollama/...` models. */
  keepAlive?: string | number | undefined
  /** For `anthropic/...` models. */
  maxTokens?: number | undefined
  /** For `openai/...` models. */
  organization?: string | undefined
}

export type LiteLLMChatOptions = Spelled<LiteLLMOptions>

/**
 * https://docs.litellm.ai/docs. An address (`apiBase`, `baseUrl`, `LITELLM_PROXY_API_BASE`) is a LiteLLM proxy's and
 * gets the model's name as it is written, without `litellm_proxy/`; for `ollama/` and `hosted_vllm/` an address that is
 * given as an option is that server's. Without one, the part before the slash says which provider answers. Throws
 * `ConfigError` for an unknown prefix, listing the known ones, and as every wrapper does.
 */
export class LiteLLMChatWrapper<Streams extends boolean = boolean> extends ChatWrapper<Streams> {
  static readonly modelType: string = 'litellm_chat'

  constructor(options: Streaming<LiteLLMChatOptions, Streams>, context?: OptionContext) {
    super(...routed(options, context))
  }
}

/** The wrapper that answers for `provider/model`, as the command line names models. Throws as its constructor does. */
export function routeModel(name: string, options: LiteLLMChatOptions = {}, context?: OptionContext): ChatWrapper {
  return new LiteLLMChatWrapper({ ...options, modelName: name }, context)
}

function routed(written: object, context: OptionContext = {}): [ProviderData, ResolvedOptions] {
  const options = lifted(written)
  const reader = new OptionReader('litellm', options)
  const name = reader.read('modelName', kind.text) ?? reader.read('configName', kind.text)
  if (name === undefined || throughProxy(name, reader, context)) {
    return prepared(proxy, options, context, name && nameAtProxy(name))
  }
  const { route, modelName } = findRoute(name)
  return prepared(route.data, options, context, modelName)
}

function throughProxy(name: string, options: OptionReader, context: OptionContext): boolean {
  if (name.startsWith(`${proxyPrefix}/`)) return true
  const client = options.inside(options.written('clientKwargs') === undefined ? 'clientArgs' : 'clientKwargs')
  const given = [options.written('apiBase'), options.written('baseUrl'), client.written('baseUrl')]
  if (given.some((place) => place !== undefined)) return !isSelfHosted(name)
  return firstSet(proxy.baseUrlVariables, context.environment ?? process.env) !== undefined
}

function nameAtProxy(name: string): string {
  return name.startsWith(`${proxyPrefix}/`) ? name.slice(proxyPrefix.length + 1) : name
}

const addressNames = ['apiKey', 'apiBase', 'baseUrl']

/** AgentScope passes LiteLLM's key and address in `generate_args`; here they stand beside it. */
function lifted(written: object): object {
  const outside = new OptionReader('litellm', written)
  const generateArgs = outside.read('generateArgs', kind.settings)
  if (generateArgs === undefined) return written
  const inside = new OptionReader('litellm', generateArgs, 'generateArgs.')
  const addresses = addressNames.map((name) => {
    return [name, agreed('litellm', [outside.reading(name, kind.anyText), inside.reading(name, kind.anyText)])] as const
  })
  return {
    ...without(written, [...addressNames, 'generateArgs']),
    ...Object.fromEntries(addresses),
    generateArgs: without(generateArgs, addressNames),
  }
}

function without(options: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(camelCase(name))))
}
