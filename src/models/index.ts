// What `agentscope/models` exports.

export type { Perspective } from '../dialects/dialect.ts'
export type { PrefillWay } from '../dialects/prefill.ts'
export type { StructuredWay } from '../dialects/structured.ts'
export type { ThinkTags } from '../dialects/think-tags.ts'
export type { Clocks } from '../stream/clocks.ts'
export { type AnthropicChatOptions, AnthropicChatWrapper } from './anthropic.ts'
export { Budget, type BudgetOptions, type Price } from './budget.ts'
export type { CallOptions } from './call-options.ts'
export { type CreateModelsOptions, createModels, type ModelConfig, Models } from './config.ts'
export { type DashScopeChatOptions, DashScopeChatWrapper } from './dashscope.ts'
export { type GeminiChatOptions, GeminiChatWrapper } from './gemini.ts'
export { type LiteLLMChatOptions, LiteLLMChatWrapper, routeModel } from './litellm.ts'
export { knownPrefixes } from './litellm-routes.ts'
export { type OllamaChatOptions, OllamaChatWrapper } from './ollama.ts'
export { type OpenAIChatOptions, OpenAIChatWrapper } from './openai.ts'
export {
  type ChatWrapperOptions,
  type ClientArgs,
  type Handler,
  type ModelAccent,
  type OptionContext,
  type OwnOption,
  type ProviderData,
  type ResolvedOptions,
  resolveOptions,
  type Spelled,
  type ThinkTagsOption,
} from './options.ts'
export type { PlainMessage, PromptMessage } from './prompt.ts'
export {
  type ChatWrapperClass,
  defaultRegistry,
  type RegisterOptions,
  registerModelWrapper,
  WrapperRegistry,
} from './registry.ts'
export {
  ModelResponse,
  type PartialStream,
  type ResponseOf,
  type StreamingResponse,
  type TextPair,
  type TextStream,
} from './response.ts'
export type { Growing, PartialStep } from './structured-partials.ts'
export { ChatWrapper, type Streaming, type Structured } from './wrapper.ts'
export { type ZhipuAIChatOptions, ZhipuAIChatWrapper } from './zhipuai.ts'
