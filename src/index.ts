// The public surface; each folder's index lists its names. Subpaths: agentscope/models, /agents, /tools, /events, /dialects,
// /simulator.
export * from './agents/index.ts'
export {
  AbortedError,
  AgentScopeError,
  AuthError,
  BudgetError,
  ConfigError,
  type ErrorOptions,
  InputError,
  ProviderError,
  RateLimitError,
  type Spent,
  StreamConsumedError,
  StructuredOutputError,
  TimeoutError,
  WireError,
} from './core/error.ts'
export {
  IncrementalJson,
  type IncrementalJsonOptions,
  type JsonFailure,
  type JsonPath,
} from './core/json-incremental.ts'
export type { RunIdentity } from './core/run-name.ts'
export type { ToolCall, ToolChoice, ToolSchema } from './core/tool.ts'
export { createScope } from './create-scope.ts'
export * from './events.ts'
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
export {
  type AlarmOptions,
  type OutputStream,
  type PacingOptions,
  type Terminal,
  type TerminalClock,
  type TerminalOptions,
  terminal,
} from './terminal/index.ts'
export * from './tools/index.ts'
