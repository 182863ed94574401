// What a user may write for a wrapper, what a provider is as data, and what a wrapper is made from.
import type { Dialect, LateDialect } from '../dialects/dialect.ts'
import type { PrefillWay } from '../dialects/prefill.ts'
import type { StructuredWay } from '../dialects/structured.ts'
import type { ThinkTags } from '../dialects/think-tags.ts'
import type { Clocks } from '../stream/clocks.ts'
import type { Handler } from '../stream/fetch-exchange.ts'
import type { AfterBreak } from './after-break.ts'
import type { Budget, BudgetOptions } from './budget.ts'
import type { ChatWrapper } from './wrapper.ts'

export type { Handler } from '../stream/fetch-exchange.ts'
export { resolveOptions } from './resolve-options.ts'

/** What every wrapper takes. AgentScope's snake_case names are accepted too (`config_name`, `model_name`, ...). */
export interface ChatWrapperOptions {
  /** The name by which agents find this model. Default: the model name. */
  configName?: string | undefined
  /** The provider's model id. Default: the config name, with a warning. */
  modelName?: string | undefined
  /** Default: the provider's environment variable. */
  apiKey?: string | undefined
  /** Default: the provider's environment variable, else its public address. */
  baseUrl?: string | undefined
  /** The same as `baseUrl`, in LiteLLM's words. */
  apiBase?: string | undefined
  /** Whether replies stream unless a call says otherwise. Default false. */
  stream?: boolean | undefined
  /** Generation options sent with every call, in the provider's own words (`temperature`, ...). A call's own win. */
  generateArgs?: Record<string, unknown> | undefined
  /** How often a request is sent again before the first content. Default 2. */
  maxRetries?: number | undefined
  /** How long to wait for the headers, the first content and the next piece; each has a default of its own. */
  clocks?: Partial<Clocks> | undefined
  /** Sends the requests. Default: Node's own HTTP client, or the platform's `fetch` where that makes a difference. */
  fetch?: Handler | undefined
  /** Sent with every request; they win over the wrapper's own. */
  headers?: Record<string, string> | undefined
  /** What to do with a frame that is no JSON: stop with a `WireError` (default), or skip it and go on. */
  onBrokenFrame?: 'stop' | 'skip' | undefined
  /**
   * The longest body of a reply, in bytes after decompression; a longer one ends with a WireError. Default 512 MiB, about
   * what one string can hold; `Number.POSITIVE_INFINITY` switches it off.
   */
  maxReplyBytes?: number | undefined
  /** How a `structuredModel` is asked for. Default: as the provider's servers take it; a compatible one may take less. */
  structuredOutput?: StructuredWay | undefined
  /** How often `response.parse()` asks once more when the value does not fit. Default 0. */
  repairRounds?: number | undefined
  /** How often the same model is asked to go on with an answer that broke off; `true` is twice. Default: never. */
  continueAfterBreak?: boolean | number | undefined
  /** Who answers instead, in order, when nothing has come and the retries are used up: configuration names, or wrappers. */
  fallbacks?: readonly (string | ChatWrapper)[] | undefined
  /** After so many milliseconds without content a second request is sent; the first one with content wins. Default: never. */
  hedgeAfterMs?: number | undefined
  /** What may be spent: limits for this wrapper, or a `Budget` that is shared. Default: anything. */
  budget?: Budget | BudgetOptions | undefined
  /** How the server is made to go on from the beginning of an answer. Default: as the provider's servers take it. */
  prefill?: PrefillWay | undefined
  /** AgentScope's options for the vendor's client; what has a meaning here is honoured. */
  clientArgs?: ClientArgs | undefined
  /** The same, by the name that AgentScope's Anthropic wrapper has for it. */
  clientKwargs?: ClientArgs | undefined
}

/** The part of the vendors' client options that means something without their clients. */
export interface ClientArgs {
  base_url?: string | undefined
  baseUrl?: string | undefined
  /** Seconds until the response's headers must have come. */
  timeout?: number | undefined
  default_headers?: Record<string, string> | undefined
  defaultHeaders?: Record<string, string> | undefined
  max_retries?: number | undefined
  maxRetries?: number | undefined
  [other: string]: unknown
}

/** The tags around reasoning that a model writes into its text; `true` means `<think>` and `</think>`. */
export interface ThinkTagsOption {
  thinkTags?: ThinkTags | boolean | undefined
}

type Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
type CapitalIn<S extends string> = S extends `${infer Head}${infer Tail}` ? Head | CapitalIn<Tail> : never
type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends CapitalIn<Letters>
    ? `_${Lowercase<Head>}${Snake<Tail>}`
    : `${Head}${Snake<Tail>}`
  : S

/** Options in camelCase, and the same in AgentScope's snake_case. */
export type Spelled<Options> = Options & { [Name in keyof Options as Snake<Name & string>]?: Options[Name] }

/** Options that only some providers have; a provider lists its own. */
export type OwnOption =
  | 'organization'
  | 'useOpenaiFormatter'
  | 'thinkTags'
  | 'maxTokens'
  | 'options'
  | 'keepAlive'
  | 'host'

/** A provider is data: which wire it speaks, with what accent, where, and where its key comes from and goes. */
export interface ProviderData<Accent = unknown> {
  /** Appears in errors, for example `openai`. */
  readonly provider: string
  readonly dialect: Dialect<Accent> | LateDialect<Accent>
  readonly accent: Accent
  /** Environment names for the key; the first one that is set wins. */
  readonly keyVariables: readonly string[]
  readonly keyRequired: boolean
  readonly baseUrlVariables: readonly string[]
  /** Without a trailing slash; empty when there is no public address and one must be given. */
  readonly defaultBaseUrl: string
  /** Where the key goes. */
  readonly authorization: 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'none'
  /** The HTTP status that the provider's own error codes stand for, where they come without one. */
  readonly errorStatuses?: Readonly<Record<string, number>>
  readonly ownOptions?: readonly OwnOption[]
  /** What changes in the accent for models with such names, later ones over earlier ones. */
  readonly modelAccents?: readonly ModelAccent<Accent>[]
  /** The header that carries `organization`, and the environment names for its value. */
  readonly organization?: { readonly header: string; readonly variables: readonly string[] }
  /** Appended to a base URL that does not end in a version, as the vendor's client does (`v1beta`). */
  readonly apiVersion?: string
  /** Set when an address may be written without a scheme (`host`, `host:port`, `:port`): the port that is then meant. */
  readonly defaultPort?: number
}

/** What a family of models needs: values that go over the provider's accent. */
export interface ModelAccent<Accent = unknown> {
  readonly names: RegExp
  readonly accent: Partial<Accent>
  /** The option that switches this on or off, whatever the model is called. */
  readonly option?: OwnOption
}

/** What a wrapper is made from: everything checked, defaults filled in. It holds the key: never print or store it. */
export interface ResolvedOptions {
  configName: string
  modelName: string
  stream: boolean
  generateArgs: Record<string, unknown>
  apiKey: string | undefined
  /** No trailing slash. */
  baseUrl: string
  headers: Record<string, string>
  maxRetries: number
  clocks: Partial<Clocks>
  fetch: Handler | undefined
  onBrokenFrame: 'stop' | 'skip'
  maxReplyBytes: number
  structuredOutput: StructuredWay | undefined
  repairRounds: number
  /** Absent when nothing of it was asked for. */
  afterBreak?: AfterBreak
}

/** Where options that were not written come from, and who hears warnings. */
export interface OptionContext {
  /** Default `process.env`. */
  environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Default: `process.emitWarning`. */
  warn?: ((message: string) => void) | undefined
  /** Finds another model by its configuration's name. Default: no names are known. */
  model?: ((configName: string) => ChatWrapper) | undefined
}
