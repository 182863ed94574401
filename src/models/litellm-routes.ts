// Where LiteLLM's `provider/model` names lead: one line a provider.
// Prefixes, addresses and environment variables are LiteLLM's own: https://docs.litellm.ai/docs/providers
import { ConfigError } from '../core/error.ts'
import { didYouMean } from '../core/spelling.ts'
import { lateOpenAIChat, type OpenAIChatAccent } from '../dialects/openai-chat.asking.ts'
import { anthropic } from './anthropic.ts'
import { dashscope } from './dashscope.ts'
import { gemini } from './gemini.ts'
import { ollama } from './ollama.ts'
import { compatibleAccent, olderOpenai, openai, openaiNames } from './openai.ts'
import type { ProviderData } from './options.ts'
import { zhipuai, zhipuaiAccent, zhipuaiErrorStatuses } from './zhipuai.ts'

export interface Route {
  readonly prefix: string
  readonly data: ProviderData<object>
  /** The server is the user's own, so an address that is given is the server's and not a LiteLLM proxy's. */
  readonly selfHosted?: boolean
  /** Put before a model name that does not begin with its first part yet. */
  readonly namePrefix?: string
  /** Names without a prefix that belong here. */
  readonly bareNames?: RegExp
}

/** AgentScope's LiteLLM wrapper formats for OpenAI's own models as for all others. */
const plainOpenai: typeof openai = { ...openai, modelAccents: [olderOpenai], ownOptions: ['organization', 'thinkTags'] }
/** Servers with a JSON mode and no schemas, and thinking models that cannot be forced to call a tool. */
const jsonMode = { structuredOutput: 'json-object', structuredOutputWithTools: 'prompt' } as const
/** Groq takes schemas for few of its models. */
const toolCalls = { accent: { ...compatibleAccent, structuredOutput: 'tool-call' } } as const
/** Models that want their thinking back between tool calls. */
const thinkingReturned = {
  accent: {
    ...compatibleAccent,
    ...jsonMode,
    replayedReasoningField: 'reasoning_content',
    replaysEmptyReasoning: true,
  },
}
const detailsReturned = { accent: { ...compatibleAccent, replayedMetadata: ['reasoning_details'] } }
/** Mistral refuses `stream_options`, sends usage unasked, and its address always ends in a version. */
const mistral = { accent: { ...compatibleAccent, streamOptions: false, prefill: 'prefix' }, apiVersion: 'v1' } as const
/** https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
const vllm = { accent: { ...compatibleAccent, prefill: 'continue-final-message' }, keyRequired: false } as const
const zai = { accent: zhipuaiAccent, errorStatuses: zhipuaiErrorStatuses }
const togetherKeys = ['TOGETHERAI_API_KEY', 'TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY', 'TOGETHER_AI_TOKEN']
const fireworksKeys = ['FIREWORKS_AI_API_KEY', 'FIREWORKS_API_KEY', 'FIREWORKSAI_API_KEY', 'FIREWORKS_AI_TOKEN']
const namePrefix = 'accounts/fireworks/models/'

export const routes: readonly Route[] = [
  { ...named('openai', plainOpenai, 'OPENAI_API_BASE'), bareNames: openaiNames },
  { ...named('anthropic', anthropic, 'ANTHROPIC_API_BASE'), bareNames: /^claude/ },
  { ...named('gemini', gemini, 'GEMINI_API_BASE'), bareNames: /^gemini/ },
  { ...named('ollama', ollama, 'OLLAMA_API_BASE'), selfHosted: true },
  { ...named('ollama_chat', ollama, 'OLLAMA_API_BASE'), selfHosted: true },
  named('dashscope', dashscope),
  like('zai', 'https://api.z.ai/api/paas/v4', ['ZAI_API_KEY'], 'ZAI_API_BASE', zai),
  named('zhipuai', zhipuai),
  like('deepseek', 'https://api.deepseek.com/v1', ['DEEPSEEK_API_KEY'], 'DEEPSEEK_API_BASE', thinkingReturned),
  like('groq', 'https://api.groq.com/openai/v1', ['GROQ_API_KEY'], 'GROQ_API_BASE', toolCalls),
  like('mistral', 'https://api.mistral.ai/v1', ['MISTRAL_API_KEY'], 'MISTRAL_API_BASE', mistral),
  like(
    'openrouter',
    'https://openrouter.ai/api/v1',
    ['OPENROUTER_API_KEY', 'OR_API_KEY'],
    'OPENROUTER_API_BASE',
    detailsReturned,
  ),
  like('xai', 'https://api.x.ai/v1', ['XAI_API_KEY'], 'XAI_API_BASE'),
  like('moonshot', 'https://api.moonshot.ai/v1', ['MOONSHOT_API_KEY'], 'MOONSHOT_API_BASE', thinkingReturned),
  like('together_ai', 'https://api.together.xyz/v1', togetherKeys, 'TOGETHER_AI_API_BASE'),
  { ...like('fireworks_ai', 'https://api.fireworks.ai/inference/v1', fireworksKeys, 'FIREWORKS_API_BASE'), namePrefix },
  {
    ...like('hosted_vllm', '', ['HOSTED_VLLM_API_KEY'], 'HOSTED_VLLM_API_BASE', vllm),
    selfHosted: true,
  },
]

/** A LiteLLM proxy, which may want no key: https://docs.litellm.ai/docs/providers/litellm_proxy */
export const proxy: ProviderData<OpenAIChatAccent> = {
  ...openAILike('litellm', '', ['LITELLM_PROXY_API_KEY'], 'LITELLM_PROXY_API_BASE'),
  keyRequired: false,
  accent: { ...compatibleAccent, callSignature: 'provider-fields', replayedMetadata: ['thinking_blocks'] },
}

export const proxyPrefix = 'litellm_proxy'

/** Every prefix that `provider/model` may begin with. */
export const knownPrefixes: readonly string[] = [...routes.map((route) => route.prefix), proxyPrefix]

/** The route of a name, and the model's name there. Throws `ConfigError` that lists the prefixes when there is none. */
export function findRoute(name: string): { route: Route; modelName: string } {
  const slash = name.indexOf('/')
  if (slash < 0) {
    const bare = routes.find((route) => route.bareNames?.test(name))
    if (bare !== undefined) return { route: bare, modelName: name }
    throw unrouted(`"${name}" names no provider`, name)
  }
  const prefix = name.slice(0, slash)
  const route = routes.find((one) => one.prefix === prefix)
  if (route === undefined) throw unrouted(`"${prefix}" is no known provider`, prefix)
  if (slash === name.length - 1) throw unrouted(`"${name}" names no model`, prefix)
  return { route, modelName: nameAt(route, name.slice(slash + 1)) }
}

function unrouted(what: string, written: string): ConfigError {
  const known = knownPrefixes.join(', ')
  return new ConfigError(`litellm: ${what}.${didYouMean(written, knownPrefixes)} Known are ${known}.`, {
    provider: 'litellm',
    advice: 'Write provider/model. For other providers run a LiteLLM proxy and give its address as apiBase.',
  })
}

function nameAt(route: Route, name: string): string {
  const { namePrefix } = route
  if (namePrefix === undefined || name.startsWith(namePrefix.slice(0, namePrefix.indexOf('/') + 1))) return name
  return namePrefix + name
}

/** Whether a name's prefix says that its server is the user's own. */
export function isSelfHosted(name: string): boolean {
  return routes.some((route) => route.selfHosted && name.startsWith(`${route.prefix}/`))
}

/** One of the seven as LiteLLM reaches it: named so in errors, with LiteLLM's variable for the address before its own. */
function named<Accent extends object>(prefix: string, data: ProviderData<Accent>, baseVariable?: string): Route {
  const baseUrlVariables = baseVariable === undefined ? data.baseUrlVariables : [baseVariable, ...data.baseUrlVariables]
  return { prefix, data: { ...data, provider: `litellm/${prefix}`, baseUrlVariables } }
}

type Difference = Partial<ProviderData<OpenAIChatAccent>>

/** A provider that speaks like OpenAI. */
function like(prefix: string, address: string, keys: readonly string[], base: string, difference?: Difference): Route {
  return { prefix, data: { ...openAILike(`litellm/${prefix}`, address, keys, base), ...difference } }
}

function openAILike(provider: string, address: string, keyVariables: readonly string[], base: string) {
  const shared = {
    dialect: lateOpenAIChat,
    accent: compatibleAccent,
    keyRequired: true,
    authorization: 'bearer',
  } as const
  const ownOptions = ['thinkTags'] as const
  return { provider, ...shared, keyVariables, baseUrlVariables: [base], defaultBaseUrl: address, ownOptions }
}
