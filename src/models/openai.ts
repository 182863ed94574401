// OpenAI, and every server that is given by its base URL and speaks like it.
import { lateOpenAIChat, type OpenAIChatAccent } from '../dialects/openai-chat.asking.ts'
import type {
  ChatWrapperOptions,
  ModelAccent,
  OptionContext,
  ProviderData,
  Spelled,
  ThinkTagsOption,
} from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

/** How AgentScope's common formatter speaks, for the models of others: text, and the history in one turn. */
export const compatibleAccent: OpenAIChatAccent = {
  contentStyle: 'text',
  multiAgent: 'folded',
  namedMessages: false,
  streamOptions: true,
  structuredOutput: 'json-schema',
  structuredOutputWithTools: 'tool-call',
}

/** Any server may stand behind an address: what Google's and OpenRouter's sign goes back, once it has come. */
const anyServersAccent: OpenAIChatAccent = {
  ...compatibleAccent,
  callSignature: 'extra-content',
  replayedMetadata: ['reasoning_details'],
}

/** How its OpenAI formatter speaks: content in parts, every speaker named. */
const openaiAccent: OpenAIChatAccent = {
  contentStyle: 'parts',
  multiAgent: 'roles',
  namedMessages: true,
  streamOptions: true,
  callSignature: undefined,
  replayedMetadata: [],
  structuredOutput: 'json-schema',
  structuredOutputWithTools: 'json-schema',
}

/** OpenAI's own models, its users' fine-tuned ones included. */
export const openaiNames = /^(ft:)?(gpt-|chatgpt-|o\d)/

/** Models from before schemas were enforced: https://platform.openai.com/docs/guides/structured-outputs */
export const olderOpenai: ModelAccent<OpenAIChatAccent> = {
  names: /^(ft:)?gpt-(3\.5|4(?![.o])|4o-2024-05-13)/,
  accent: { structuredOutput: 'tool-call', structuredOutputWithTools: 'tool-call' },
}

/**
 * Models that think between tool calls and want that back, by the names that they have at their makers:
 * https://api-docs.deepseek.com/guides/thinking_mode and
 * https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model
 */
const reasoningReturned: ModelAccent<OpenAIChatAccent> = {
  names: /^(deepseek-(chat|reasoner|v\d)|kimi-)/,
  accent: { replayedReasoningField: 'reasoning_content', replaysEmptyReasoning: true },
}

/** Gemini behind Google's compatible endpoint: https://ai.google.dev/gemini-api/docs/openai */
const signingGemini: ModelAccent<OpenAIChatAccent> = {
  names: /(^|\/)gemini-([3-9]|\d\d)/,
  accent: { callSignature: 'extra-content', placeholderSignature: 'skip_thought_signature_validator' },
}

export const openai: ProviderData<OpenAIChatAccent> = {
  provider: 'openai',
  dialect: lateOpenAIChat,
  accent: anyServersAccent,
  modelAccents: [
    { names: openaiNames, accent: openaiAccent, option: 'useOpenaiFormatter' },
    olderOpenai,
    reasoningReturned,
    signingGemini,
  ],
  keyVariables: ['OPENAI_API_KEY'],
  keyRequired: true,
  baseUrlVariables: ['OPENAI_BASE_URL'],
  defaultBaseUrl: 'https://api.openai.com/v1',
  authorization: 'bearer',
  ownOptions: ['organization', 'useOpenaiFormatter', 'thinkTags'],
  organization: { header: 'OpenAI-Organization', variables: ['OPENAI_ORGANIZATION', 'OPENAI_ORG_ID'] },
}

export interface OpenAIOptions extends ChatWrapperOptions, ThinkTagsOption {
  /** Default: `OPENAI_ORGANIZATION`, else `OPENAI_ORG_ID`. */
  organization?: string | undefined
  /** Whether content goes as OpenAI's parts whatever the model is called. Default: only for OpenAI's own model names. */
  useOpenaiFormatter?: boolean | undefined
}

export type OpenAIChatOptions = Spelled<OpenAIOptions>

/** https://platform.openai.com/docs/api-reference/chat. Throws `ConfigError` when an option or the key is wrong. */
export class OpenAIChatWrapper<Streams extends boolean = boolean> extends ChatWrapper<Streams> {
  static readonly modelType: string = 'openai_chat'

  constructor(options: Streaming<OpenAIChatOptions, Streams>, context?: OptionContext) {
    super(...prepared(openai, options, context))
  }
}
