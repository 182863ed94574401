// What agents remember: the public names of this folder.
export type { CompressionOptions } from './compression.ts'
export { exportTo, loadFrom } from './files.ts'
export type {
  GetOptions,
  Loadable,
  LoadOptions,
  Memorable,
  Memory,
  MemoryState,
  RecallContext,
} from './memory.ts'
export { type OpenAIEncoding, type OpenAITokensOptions, openaiTokens } from './openai-tokens.ts'
export type { TemporaryMemoryOptions } from './options.ts'
export { TemporaryMemory } from './temporary.ts'
export { type CountOptions, estimateTokens, type TokenCounter, usageTokens } from './tokens.ts'
export type { WindowOptions } from './window.ts'
