// The wires that can be asked for, and the wrapper, the address and the limit of each.
import type { DialectName } from '../dialects/dialect.ts'
import {
  AnthropicChatWrapper,
  type ChatWrapper,
  DashScopeChatWrapper,
  GeminiChatWrapper,
  LiteLLMChatWrapper,
  OllamaChatWrapper,
  OpenAIChatWrapper,
  ZhipuAIChatWrapper,
} from '../models/index.ts'

export const wireNames = ['openai', 'ollama', 'dashscope', 'litellm', 'anthropic', 'gemini', 'zhipuai'] as const
export type WireName = (typeof wireNames)[number]

export interface Wire {
  readonly dialect: DialectName
  readonly wrapper: string
  /** What a key stands behind in the request's headers. */
  readonly keyHeader: 'authorization' | 'x-api-key' | 'x-goog-api-key'
  /** Whether the wrapper wants a key even where the server does not. */
  readonly needsKey: boolean
  /** The option that limits a reply, in the provider's own word. */
  readonly limit: string
  /** Where the wrapper asks, behind the base URL. */
  readonly path: string
  make(options: Record<string, unknown>): ChatWrapper
}

/** No key of the environment may go to an address that is being examined. */
const context = { environment: {}, warn: () => {} }
const chat = {
  dialect: 'openai-chat',
  keyHeader: 'authorization',
  limit: 'max_tokens',
  path: '/chat/completions',
} as const
const generation = '/services/aigc/text-generation/generation'

export const wires: Readonly<Record<WireName, Wire>> = {
  openai: {
    ...chat,
    wrapper: 'OpenAIChatWrapper',
    needsKey: true,
    make: (options) => new OpenAIChatWrapper(options, context),
  },
  zhipuai: {
    ...chat,
    wrapper: 'ZhipuAIChatWrapper',
    needsKey: true,
    make: (options) => new ZhipuAIChatWrapper(options, context),
  },
  litellm: {
    ...chat,
    wrapper: 'LiteLLMChatWrapper',
    needsKey: false,
    make: (options) => new LiteLLMChatWrapper(options, context),
  },
  ollama: {
    ...{ dialect: 'ollama', wrapper: 'OllamaChatWrapper', keyHeader: 'authorization', needsKey: false },
    ...{ limit: 'num_predict', path: '/api/chat' },
    make: (options) => new OllamaChatWrapper(options, context),
  },
  dashscope: {
    ...{ dialect: 'dashscope', wrapper: 'DashScopeChatWrapper', keyHeader: 'authorization', needsKey: true },
    ...{ limit: 'max_tokens', path: generation },
    make: (options) => new DashScopeChatWrapper(options, context),
  },
  anthropic: {
    ...{ dialect: 'anthropic', wrapper: 'AnthropicChatWrapper', keyHeader: 'x-api-key', needsKey: true },
    ...{ limit: 'max_tokens', path: '/v1/messages' },
    make: (options) => new AnthropicChatWrapper(options, context),
  },
  gemini: {
    ...{ dialect: 'gemini', wrapper: 'GeminiChatWrapper', keyHeader: 'x-goog-api-key', needsKey: true },
    ...{ limit: 'max_output_tokens', path: '/models/none:streamGenerateContent?alt=sse' },
    make: (options) => new GeminiChatWrapper(options, context),
  },
}

/** A wrapper's model name; a LiteLLM proxy's would else be taken for a provider's. */
export function modelNameAt(wire: WireName, model: string): string {
  return wire === 'litellm' ? `litellm_proxy/${model}` : model
}
