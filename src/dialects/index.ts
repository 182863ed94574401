// What `agentscope/dialects` exports: the five wires, and what one needs to write a sixth.
export type { FinishReason } from '../core/ending.ts'
export type { Block, Metadata, Msg } from '../core/message.ts'
export type { ProviderFailure } from '../core/provider-failure.ts'
export type { ToolChoice, ToolSchema } from '../core/tool.ts'
export { type Usage, usageOf } from '../core/usage.ts'
export { EventWriter, type EventWriterOptions } from '../core/writer.ts'
export type { AnthropicAccent } from './anthropic.asking.ts'
export { anthropic } from './anthropic.ts'
export type { DashScopeAccent } from './dashscope.asking.ts'
export { dashscope } from './dashscope.ts'
export type {
  Decoder,
  Dialect,
  DialectCall,
  DialectName,
  Findings,
  FrameContext,
  Perspective,
  StructuredQuestion,
  WireMessage,
  WireRequest,
} from './dialect.ts'
export { newFindings, noteFailure, noteFinish } from './findings.ts'
export type { GeminiAccent } from './gemini.asking.ts'
export { gemini } from './gemini.ts'
export type { OllamaAccent } from './ollama.asking.ts'
export { ollama } from './ollama.ts'
export type { OpenAIChatAccent } from './openai-chat.asking.ts'
export { openaiChat } from './openai-chat.ts'
export type { SchemaSubsetName, StructuredAccent, StructuredFormat, StructuredWay } from './structured.ts'
export type { ThinkTags } from './think-tags.ts'
