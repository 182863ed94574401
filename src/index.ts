// The public surface, name by name. Subpaths: agentscope/models, agentscope/agents, agentscope/dialects, agentscope/simulator.
export { AgentBase, DialogAgent, UserAgent } from './agents/index.ts'
export type { Ending, EndingReason } from './core/ending.ts'
export {
  AbortedError,
  AgentScopeError,
  AuthError,
  ConfigError,
  type ErrorInfo,
  InputError,
  ProviderError,
  RateLimitError,
  StreamConsumedError,
  TimeoutError,
  WireError,
} from './core/error.ts'
export { applyEvent, type StreamEvent } from './core/event.ts'
export { IncrementalJson } from './core/json.ts'
export { type Block, blocksOf, Msg, type Role, textOf } from './core/message.ts'
export type { ToolCall, ToolChoice, ToolSchema } from './core/tool.ts'
export type { Usage } from './core/usage.ts'
export { type InitOptions, init } from './init.ts'
export { TemporaryMemory } from './memory/index.ts'
export * from './models/index.ts'
export { createScope, type Input, type Scope, type ScopeOptions, type Sink } from './scope.ts'
export { terminal } from './terminal/index.ts'
