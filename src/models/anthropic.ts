// Anthropic's Claude, through the Messages API.
import { type AnthropicAccent, lateAnthropic } from '../dialects/anthropic.asking.ts'
import type { ChatWrapperOptions, OptionContext, ProviderData, Spelled } from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

/** https://docs.anthropic.com/en/api/versioning; the limit is AgentScope's. */
const anthropicAccent: AnthropicAccent = {
  version: '2023-06-01',
  maxTokens: 2048,
  structuredOutput: 'tool-call',
  prefill: 'plain',
}

/** Models that can be held to a schema: https://platform.claude.com/docs/en/build-with-claude/structured-outputs */
const sinceClaude45 = /^claude-[a-z]+-(4-([5-9]|\d\d)(?!\d)|[5-9](?!\d)|\d\d(?!\d))/

/**
 * Models that refuse a conversation that ends with the assistant:
 * https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6
 */
const sinceClaude46 = /^claude-[a-z]+-(4-([6-9]|\d\d)(?!\d)|[5-9](?!\d)|\d\d(?!\d))/

export const anthropic: ProviderData<AnthropicAccent> = {
  provider: 'anthropic',
  dialect: lateAnthropic,
  accent: anthropicAccent,
  modelAccents: [
    { names: sinceClaude45, accent: { structuredOutput: 'json-schema' } },
    { names: sinceClaude46, accent: { prefill: 'none' } },
  ],
  keyVariables: ['ANTHROPIC_API_KEY'],
  keyRequired: true,
  baseUrlVariables: ['ANTHROPIC_BASE_URL'],
  defaultBaseUrl: 'https://api.anthropic.com',
  authorization: 'x-api-key',
  ownOptions: ['maxTokens'],
}

export interface AnthropicOptions extends ChatWrapperOptions {
  /** The most tokens a reply may have; the same as `generateArgs.max_tokens`. */
  maxTokens?: number | undefined
}

export type AnthropicChatOptions = Spelled<AnthropicOptions>

/** https://docs.anthropic.com/en/api/messages. Throws `ConfigError` when an option or the key is wrong. */
export class AnthropicChatWrapper<Streams extends boolean = boolean> extends ChatWrapper<Streams> {
  static readonly modelType: string = 'anthropic_chat'

  constructor(options: Streaming<AnthropicChatOptions, Streams>, context?: OptionContext) {
    super(...prepared(anthropic, options, context))
  }
}
