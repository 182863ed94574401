// The public surface, name by name. Subpaths: agentscope/models, agentscope/agents, agentscope/dialects, agentscope/simulator.
export { AgentBase, type AgentOptions, DialogAgent, UserAgent, type UserAgentOptions } from './agents/index.ts'
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
export { type InitOptions, init } from './init.ts'
export { type Memorable, type Memory, TemporaryMemory } from './memory/index.ts'
export * from './models/index.ts'
export {
  type Answer,
  createScope,
  type Input,
  type ModelSource,
  type Scope,
  type ScopeOptions,
  type Sink,
  type Speaker,
} from './scope.ts'
export { type TerminalOptions, terminal } from './terminal/index.ts'
