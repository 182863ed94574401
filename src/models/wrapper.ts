// What the seven wrappers have in common: a dialect, an address, a key, and `call()`.
import { secretForms } from '../core/redact.ts'
import { toolSchemas } from '../core/tool.ts'
import { EventWriter } from '../core/writer.ts'
import type { Perspective } from '../dialects/dialect.ts'
import type { PrefillAccent } from '../dialects/prefill.ts'
import type { JsonSchema, Schema, ValueOf } from '../schema/index.ts'
import { clocksFor } from '../stream/clocks.ts'
import { type AfterBreak, afterBreakOf } from './after-break.ts'
import { type CallOptions, checkCallOptions } from './call-options.ts'
import { encodeBody } from './encode-body.ts'
import { goingOn } from './going-on.ts'
import { litellmMetadata } from './litellm-headers.ts'
import { inProvider } from './named-errors.ts'
import type { ProviderData, ResolvedOptions } from './options.ts'
import { messagesFor, rememberOrigin } from './other-wire.ts'
import { formatPrompt, type PlainMessage, type PromptMessage } from './prompt.ts'
import { dialectCall, questionOf } from './question.ts'
import { Reply } from './reply.ts'
import type { ReplyPlan } from './reply-plan.ts'
import type { Inquiry } from './request-leg.ts'
import { ResilientReply } from './resilient-reply.ts'
import { ModelResponse, type ResponseOf } from './response.ts'
import { secretsIn } from './secrets.ts'
import { type AnswerContext, readModel, type StructuredCall } from './structured.ts'
import type { Question } from './structured-request.ts'
import { estimatedPromptTokens } from './token-estimate.ts'

type Messages = readonly PromptMessage[]

/** A wrapper's options, with what they say about `stream` known to the type: it decides what `call` resolves to. */
export type Streaming<Options, Streams extends boolean> = Options & { stream?: Streams | undefined }

/** A call's options, with the shape of the answer known to the type: it decides what `response.parse()` gives. */
export type Structured<Options, S extends Schema> = Options & { structuredModel?: S | undefined }

/**
 * Everything that must never be seen of a wrapper, in every form in which it may come back: for `redact`, and for nothing
 * else. A function of the package, so that no wrapper shows it.
 */
export let secretFormsOf: (wrapper: object) => readonly string[]

/** What is asked of a model that stands in for another one. */
interface Asked {
  messages: Messages
  /** The dialect of the model that was asked first. */
  dialect: string
  options: CallOptions
  json: JsonSchema | undefined
  streaming: boolean
}

/** The same question to that wrapper. A function of the package: a question holds the key. */
let inquiryAt: (wrapper: ChatWrapper, asked: Asked) => Inquiry

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

  static {
    secretFormsOf = (wrapper) => (#secrets in wrapper ? wrapper.#secrets : [])
    inquiryAt = (wrapper, asked) => wrapper.#inquiryInPlace(asked)
  }

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
    const perspective = options.perspective ?? 'multi-agent'
    const formatted = inProvider(provider, () => formatPrompt(dialect, accent, messages, perspective))
    rememberOrigin({ formatted, source: messages, perspective })
    return formatted
  }

  /**
   * Tools to the provider's own form, as a request of it lists them: what `call(messages, { tools })` takes, a `Toolkit`
   * or its `schemas` among it. AgentScope: `format_tools_json_schemas`.
   *
   * @throws InputError that names the tool and what is wrong with it.
   */
  formatTools(tools: unknown): unknown[] {
    return inProvider(this.provider, () => this.#data.dialect.formatTools(toolSchemas(tools)))
  }

  /**
   * Sends the request and resolves when the reply's headers are there (streaming) or the whole reply is (not streaming).
   * With `structuredModel` the provider is asked for a value of that shape, which `response.parse()` gives, checked.
   *
   * @throws InputError, AuthError, RateLimitError, ProviderError, TimeoutError, AbortedError; not streaming also
   * WireError and what the provider reported inside its reply.
   */
  async call<Call extends boolean = Streams, S extends Schema = JsonSchema>(
    messages: Messages,
    options: Structured<Streaming<CallOptions, Call>, S> = {},
  ): Promise<ResponseOf<Call, ValueOf<S>>> {
    return this.#call(messages, options) as Promise<ResponseOf<Call, ValueOf<S>>>
  }

  async #call(messages: Messages, options: CallOptions): Promise<ModelResponse> {
    checkCallOptions(this.provider, options)
    const streaming = options.stream ?? this.stream
    const { structuredModel } = options
    const json = structuredModel === undefined ? undefined : (await readModel(structuredModel)).json
    const afterBreak = afterBreakOf(this.provider, this.#options.afterBreak, options)
    if (afterBreak !== undefined) return this.#callResiliently(messages, options, afterBreak, json)
    const writer = new EventWriter({ id: crypto.randomUUID(), name: this.modelName, secrets: this.#secrets })
    const question = inProvider(this.provider, () => questionOf(this.#data, this.#options, messages, options, json))
    const reply = await Reply.open(this.#plan(question, options.signal, streaming, writer))
    const context = this.#context(messages, options, question.structured)
    if (streaming) return new ModelResponse(reply, writer, true, context)
    await reply.pullAll()
    const response = new ModelResponse(reply, writer, false, context)
    if (response.error !== undefined) throw response.error
    return response
  }

  async #callResiliently(
    messages: Messages,
    options: CallOptions,
    afterBreak: AfterBreak,
    json: JsonSchema | undefined,
  ): Promise<ModelResponse> {
    const streaming = options.stream ?? this.stream
    const asked = { messages, dialect: this.#data.dialect.name, options, json, streaming }
    const others = afterBreak.fallbacks.map((find) => () => inquiryAt(find(), asked))
    const reply = await ResilientReply.open({
      id: crypto.randomUUID(),
      provider: this.provider,
      afterBreak,
      signal: options.signal,
      isStreaming: streaming,
      inquiries: [() => this.#inquiry(messages, options, json, streaming), ...others],
    })
    const context: AnswerContext = Object.defineProperty(this.#context(messages, options, undefined), 'structured', {
      get: () => reply.structured,
    })
    if (streaming) return new ModelResponse(reply, reply.events, true, context)
    await reply.pullAll()
    const response = new ModelResponse(reply, reply.events, false, context)
    if (response.error !== undefined) throw response.error
    return response
  }

  /** Generation options are in the words of the wire that was asked first; on another one only what all share is said. */
  #inquiryInPlace({ messages, dialect, options, json, streaming }: Asked): Inquiry {
    const own = this.#data.dialect.name
    const { tools, toolChoice, tool_choice, structuredModel, signal } = options
    const shared = own === dialect ? options : { tools, toolChoice, tool_choice, structuredModel, signal }
    const other = { dialect: own, format: this.format.bind(this) }
    return this.#inquiry(messagesFor(messages, dialect, other), shared, json, streaming)
  }

  #inquiry(messages: Messages, options: CallOptions, json: JsonSchema | undefined, streaming: boolean): Inquiry {
    const { configName, modelName, provider } = this
    const question = inProvider(provider, () => questionOf(this.#data, this.#options, messages, options, json))
    const planOf = (asked: Question, signal: AbortSignal | undefined, writer: EventWriter) =>
      this.#plan(asked, signal, streaming, writer)
    return {
      configName,
      modelName,
      provider,
      secrets: this.#secrets,
      structured: question.structured,
      isHeldToForm: question.format !== undefined,
      inputTokens: estimatedPromptTokens([question.messages, question.tools]),
      goingOn: (broken) => goingOn(question, this.#data.accent as PrefillAccent, broken),
      open: async (writer, signal, next) => Reply.open(planOf(next?.question ?? question, signal, writer)),
    }
  }

  toJSON(): Record<string, unknown> {
    const { modelType, configName, modelName, stream, provider } = this
    return { modelType, configName, modelName, stream, provider }
  }

  #plan(question: Question, signal: AbortSignal | undefined, streaming: boolean, writer: EventWriter): ReplyPlan {
    const { dialect, accent, provider } = this.#data
    const { clocks, fetch, maxRetries, onBrokenFrame, maxReplyBytes } = this.#options
    const call = inProvider(provider, () => dialectCall(this.#data, this.modelName, question, streaming))
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
      maxReplyBytes,
      errorStatuses: this.#data.errorStatuses,
      signal,
      writer,
      newDecoder: (into) => dialect.decoder(into, accent, call.extras),
      headerMetadata: litellmMetadata,
    }
  }

  #context(messages: Messages, options: CallOptions, structured: StructuredCall | undefined): AnswerContext {
    const repairRounds = options.repairRounds ?? this.#options.repairRounds
    const again: AnswerContext['again'] = (said, schema) =>
      this.call([...messages, ...said], { ...options, structuredModel: schema, repairRounds: repairRounds - 1 })
    return { provider: this.provider, secrets: this.#secrets, structured, repairRounds, again }
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
