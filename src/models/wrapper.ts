// What the seven wrappers have in common: a dialect, an address, a key, and `call()`.
import { InputError } from '../core/error.ts'
import { secretForms } from '../core/redact.ts'
import { toolSchemas } from '../core/tool.ts'
import { EventWriter } from '../core/writer.ts'
import type { DialectCall, Perspective } from '../dialects/dialect.ts'
import { clocksFor } from '../stream/clocks.ts'
import { type CallOptions, checkCallOptions, generationOptions } from './call-options.ts'
import { litellmMetadata } from './litellm-headers.ts'
import { inProvider } from './named-errors.ts'
import type { ProviderData, ResolvedOptions } from './options.ts'
import { formatPrompt, type PlainMessage, type PromptMessage, promptOf } from './prompt.ts'
import { Reply } from './reply.ts'
import type { ReplyPlan } from './reply-plan.ts'
import { ModelResponse, type ResponseOf } from './response.ts'

type Messages = readonly PromptMessage[]

/** A wrapper's options, with what they say about `stream` known to the type: it decides what `call` resolves to. */
export type Streaming<Options, Streams extends boolean> = Options & { stream?: Streams | undefined }

const secretNames = /auth|key|token|cookie|secret|session|credential|pass|sign|iap|jwt/i
/** Long, without spaces, of letters and digits: whatever the header is called. */
const secretLooks = /^(?=.*\d)(?=.*[a-z])\S{12,}$/i

/** Base of the wrappers; AgentScope: `ModelWrapperBase`. Instances hold no connection and need no closing. */
export abstract class ChatWrapper<Streams extends boolean = boolean> {
  readonly configName: string
  readonly modelName: string
  /** Whether replies stream unless a call says otherwise. */
  readonly stream: boolean
  readonly #data: ProviderData
  readonly #options: ResolvedOptions
  /** Everything that must never be seen, in every form in which it may come back. */
  readonly #secrets: readonly string[]

  constructor(data: ProviderData, options: ResolvedOptions) {
    this.#data = data
    this.#options = options
    this.#secrets = secretForms(secretsIn(options))
    this.configName = options.configName
    this.modelName = options.modelName
    this.stream = options.stream
  }

  /** The name of this kind of model in configurations, for example `openai_chat`: the class's static `modelType`. */
  get modelType(): string {
    return (this.constructor as { modelType?: string }).modelType ?? this.constructor.name
  }

  /** The provider's name, as it stands in errors. */
  get provider(): string {
    return this.#data.provider
  }

  /** Where requests go; without a trailing slash. */
  get baseUrl(): string {
    return this.#options.baseUrl
  }

  /**
   * Messages to the provider's own form. `multi-agent` (the default, as in AgentScope) folds the history into one turn
   * with the speakers' names; `chat` keeps the roles. Local media files are read and inlined.
   *
   * @throws InputError for what is no message, cannot be read, or cannot be said on this wire.
   */
  format(messages: unknown, options: { perspective?: Perspective } = {}): PlainMessage[] {
    const { dialect, accent, provider } = this.#data
    return inProvider(provider, () => formatPrompt(dialect, accent, messages, options.perspective ?? 'multi-agent'))
  }

  /**
   * Sends the request and resolves when the reply's headers are there (streaming) or the whole reply is (not streaming).
   *
   * @throws InputError, AuthError, RateLimitError, ProviderError, TimeoutError, AbortedError; not streaming also
   * WireError and what the provider reported inside its reply.
   */
  async call<Call extends boolean = Streams>(
    messages: Messages,
    options: Streaming<CallOptions, Call> = {},
  ): Promise<ResponseOf<Call>> {
    return this.#call(messages, options) as Promise<ResponseOf<Call>>
  }

  async #call(messages: Messages, options: CallOptions): Promise<ModelResponse> {
    checkCallOptions(this.provider, options)
    const streaming = options.stream ?? this.stream
    const writer = new EventWriter({ id: crypto.randomUUID(), name: this.modelName, secrets: this.#secrets })
    const reply = await Reply.open(this.#plan(messages, options, streaming, writer))
    if (streaming) return new ModelResponse(reply, writer, true)
    await reply.pullAll()
    const response = new ModelResponse(reply, writer, false)
    if (response.error !== undefined) throw response.error
    return response
  }

  toJSON(): Record<string, unknown> {
    const { modelType, configName, modelName, stream, provider } = this
    return { modelType, configName, modelName, stream, provider }
  }

  #plan(messages: Messages, options: CallOptions, streaming: boolean, writer: EventWriter): ReplyPlan {
    const { dialect, accent, provider } = this.#data
    const { clocks, fetch, maxRetries, onBrokenFrame } = this.#options
    const call = inProvider(provider, () => this.#dialectCall(messages, options, streaming))
    const { path, headers, body } = inProvider(provider, () => dialect.request(call))
    return {
      provider,
      dialect: dialect.name,
      request: {
        url: this.baseUrl + path,
        headers: this.#headers(headers, streaming),
        body: encodeBody(body, provider),
      },
      fetch,
      secrets: this.#secrets,
      framing: streaming ? dialect.framing : 'whole',
      clocks: clocksFor(streaming, clocks),
      maxRetries,
      onBrokenFrame,
      errorStatuses: this.#data.errorStatuses,
      signal: options.signal,
      writer,
      newDecoder: (into) => dialect.decoder(into, accent, call.extras),
      headerMetadata: litellmMetadata,
    }
  }

  #dialectCall(messages: Messages, options: CallOptions, streaming: boolean): DialectCall<unknown> {
    const { tools, toolChoice, tool_choice } = options
    const { dialect, accent, provider, ownOptions } = this.#data
    const shape = { nested: dialect.nestedExtras, own: ownOptions }
    const choice = toolChoice ?? tool_choice
    return {
      model: this.modelName,
      messages: promptOf(provider, dialect, accent, messages),
      stream: streaming,
      tools: tools === undefined || tools === null ? [] : toolSchemas(tools),
      ...(choice !== undefined && { toolChoice: choice }),
      extras: generationOptions(provider, this.#options.generateArgs, options, shape),
      accent,
    }
  }

  /** The user's headers win over the dialect's, whatever the case of their names. */
  #headers(own: Record<string, string>, streaming: boolean): Record<string, string> {
    const accept = this.#data.dialect.framing === 'ndjson' ? 'application/x-ndjson' : 'text/event-stream'
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      accept: streaming ? accept : 'application/json',
    }
    for (const [name, value] of Object.entries({ ...own, ...this.#authorization(), ...this.#options.headers })) {
      headers[name.toLowerCase()] = value
    }
    return headers
  }

  #authorization(): Record<string, string> {
    const { apiKey } = this.#options
    const { authorization } = this.#data
    if (apiKey === undefined || apiKey === '' || authorization === 'none') return {}
    return authorization === 'bearer' ? { authorization: `Bearer ${apiKey}` } : { [authorization]: apiKey }
  }
}

/** The key, and what the user's own headers hold, as far as their names or their looks say that it is secret. */
function secretsIn({ apiKey, headers }: ResolvedOptions): string[] {
  const secrets = apiKey === undefined ? [] : [apiKey]
  for (const [name, value] of Object.entries(headers)) {
    if (secretNames.test(name)) secrets.push(value, ...value.split(' '))
    else if (secretLooks.test(value)) secrets.push(value)
  }
  return secrets
}

function encodeBody(body: Record<string, unknown>, provider: string): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new InputError(`${provider}: the request cannot be written as JSON: ${reason}`, { provider, cause })
  }
}
