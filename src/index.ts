// The public surface; each folder's index lists its names. Subpaths: agentscope/models, /agents, /tools, /dialects, /simulator.
export * from './agents/index.ts'
export type { Ending, EndingReason } from './core/ending.ts'
export {
  AbortedError,
  AgentScopeError,
  AuthError,
  type Clock,
  ConfigError,
  type ErrorInfo,
  InputError,
  ProviderError,
  RateLimitError,
  StreamConsumedError,
  StructuredOutputError,
  TimeoutError,
  WireError,
} from './core/error.ts'
export {
  applyEvent,
  type BlockDelta,
  type BlockEnd,
  type BlockStart,
  type InputAnswer,
  type InputRequest,
  type MessageEnd,
  type MessageStart,
  type Notice,
  type StreamEvent,
  type Timing,
} from './core/event.ts'
export { IncrementalJson } from './core/json.ts'
export {
  type Block,
  blocksOf,
  type MediaBlock,
  type Metadata,
  Msg,
  type MsgOptions,
  type RawBlock,
  type Role,
  type TextBlock,
  type ThinkingBlock,
  type ToolResultBlock,
  type ToolUseBlock,
  textOf,
} from './core/message.ts'
export type { ToolCall, ToolChoice, ToolSchema } from './core/tool.ts'
export type { Usage } from './core/usage.ts'
export { createScope } from './create-scope.ts'
export { type InitOptions, init } from './init.ts'
export * from './memory/index.ts'
export * from './models/index.ts'
export * from './parsers/index.ts'
export * from './pipelines/index.ts'
export * from './schema/index.ts'
export type { ScopeOptions } from './scope.options.ts'
export type {
  Answer,
  GivenAnswer,
  Input,
  ModelInvocation,
  ModelSource,
  Scope,
  Sink,
  Speaker,
  StructuredAnswer,
} from './scope.ts'
export { type EventSseOptions, eventSse, sseResponse } from './stream/event-sse.ts'
export { readEventSse } from './stream/read-event-sse.ts'
export { type TerminalOptions, terminal } from './terminal/index.ts'
export * from './tools/index.ts'
