// Models on one's own machine, served by Ollama.
import { lateOllama, type OllamaAccent } from '../dialects/ollama.asking.ts'
import type { ChatWrapperOptions, OptionContext, ProviderData, Spelled, ThinkTagsOption } from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

export const ollama: ProviderData<OllamaAccent> = {
  provider: 'ollama',
  dialect: lateOllama,
  /**
   * The server holds the model to the schema's grammar, in which a tool call cannot be written. It goes on from an
   * assistant message at the end: https://github.com/ollama/ollama/issues/6778
   */
  accent: {
    replaysThinking: true,
    structuredOutput: 'json-schema',
    structuredOutputWithTools: 'prompt',
    schemaInWords: true,
    prefill: 'plain',
  },
  modelAccents: [{ names: /[-:]cloud$/, accent: { structuredOutput: 'prompt' } }],
  keyVariables: ['OLLAMA_API_KEY'],
  keyRequired: false,
  baseUrlVariables: ['OLLAMA_HOST'],
  defaultBaseUrl: 'http://127.0.0.1:11434',
  defaultPort: 11434,
  authorization: 'bearer',
  ownOptions: ['options', 'keepAlive', 'host', 'thinkTags'],
}

export interface OllamaOptions extends ChatWrapperOptions, ThinkTagsOption {
  /** The model's parameters (`temperature`, `num_ctx`, ...). */
  options?: Record<string, unknown> | undefined
  /** How long the model stays in memory after a call: `"5m"`, or seconds. Default: what the server has. */
  keepAlive?: string | number | undefined
  /** The server: `host`, `host:port` or a URL; the same as `baseUrl`. */
  host?: string | undefined
}

export type OllamaChatOptions = Spelled<OllamaOptions>

/** https://docs.ollama.com/api/chat. Needs no key. Throws `ConfigError` when an option is wrong. */
export class OllamaChatWrapper<Streams extends boolean = boolean> extends ChatWrapper<Streams> {
  static readonly modelType: string = 'ollama_chat'

  constructor(options: Streaming<OllamaChatOptions, Streams>, context?: OptionContext) {
    super(...prepared(ollama, options, context))
  }
}
