// Google's Gemini, through the Gemini API.
import { type GeminiAccent, lateGemini } from '../dialects/gemini.asking.ts'
import type { ChatWrapperOptions, OptionContext, ProviderData, Spelled } from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

export const gemini: ProviderData<GeminiAccent> = {
  provider: 'gemini',
  dialect: lateGemini,
  /** Before Gemini 3 a response type and functions exclude each other. */
  accent: { structuredOutput: 'json-schema', structuredOutputWithTools: 'tool-call' },
  modelAccents: [
    {
      names: /^gemini-([3-9]|\d\d)/,
      accent: {
        placeholderSignature: 'skip_thought_signature_validator',
        structuredOutputWithTools: 'json-schema',
      },
    },
  ],
  keyVariables: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
  keyRequired: true,
  baseUrlVariables: ['GOOGLE_GEMINI_BASE_URL'],
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  apiVersion: 'v1beta',
  authorization: 'x-goog-api-key',
}

export type GeminiChatOptions = Spelled<ChatWrapperOptions>

/**
 * https://ai.google.dev/api/generate-content. A base URL that does not end in a version gets `/v1beta`. Throws
 * `ConfigError` when an option or the key is wrong.
 */
export class GeminiChatWrapper<Streams extends boolean = boolean> extends ChatWrapper<Streams> {
  static readonly modelType: string = 'gemini_chat'

  constructor(options: Streaming<GeminiChatOptions, Streams>, context?: OptionContext) {
    super(...prepared(gemini, options, context))
  }
}
