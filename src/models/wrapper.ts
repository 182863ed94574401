// What the seven wrappers have in common: a dialect, an address, a key, and `call()`.
import { secretForms } from '../core/redact.ts'
import { toolSchemas } from '../core/tool.ts'
import { EventWriter } from '../core/writer.ts'
import type { Perspective } from '../dialects/dialect.ts'
import type { JsonSchema, Schema, ValueOf } from '../schema/index.ts'
import { clocksFor } from '../stream/clocks.ts'
import { type AfterBreak, isOwnWay } from './after-break.ts'
import type { Answering, EventQueue } from './answering.ts'
import { type CallOptions, checkCallOptions } from './call-options.ts'
import { type Decode, prepareDecoding, withDecoding } from './decoding.ts'
import { encodeBody } from './encode-body.ts'
import { rememberOrigin } from './formatted-origin.ts'
import { litellmMetadata } from './litellm-headers.ts'
import { inProvider } from './named-errors.ts'
import type { ProviderData, ResolvedOptions } from './options.ts'
import { formatPrompt, type PlainMessage, type PromptMessage } from './prompt.ts'
import { dialectCall, questionOf } from './question.ts'
import { Reply } from './reply.ts'
import type { ReplyPlan } from './reply-plan.ts'
import { ModelResponse, type ResponseOf } from './response.ts'
import { secretsIn } from './secrets.ts'
import type { AnswerContext, AskedShape, StructuredCall } from './structured.ts'
import type { Question } from './structured-request.ts'

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

/** What asks in a wrapper's name. */
export interface Asker {
  readonly data: ProviderData
  readonly options: ResolvedOptions
  readonly secrets: readonly string[]
  planOf(question: Question, signal: AbortSignal | undefined, streaming: boolean, writer: EventWriter): ReplyPlan
}

/** A function of the package: an asker holds the key. */
export let askerOf: (wrapper: ChatWrapper) => Asker

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
    askerOf = (wrapper) => wrapper.#asker()
  }

  constructor(data: ProviderData, options: ResolvedOptions) {
    this.#data = data
    this.#options = options
    this.#secrets = secretForms(secretsIn(options))
    this.configName = options.configName
    this.modelName = options.modelName
    this.stream = options.stream
    prepareDecoding(data.dialect)
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
    const shape = structuredModel === undefined ? undefined : await shapeOf(structuredModel)
    const afterBreak = isOwnWay(options) ? await this.#afterBreakOf(options) : this.#options.afterBreak
    if (afterBreak !== undefined) return this.#callResiliently(messages, options, afterBreak, shape)
    const writer = new EventWriter({ id: crypto.randomUUID(), name: this.modelName, secrets: this.#secrets })
    const question = inProvider(this.provider, () => questionOf(this.#data, this.#options, messages, options, shape))
    const reply = await Reply.open(this.#plan(question, options.signal, streaming, writer))
    const context = this.#context(messages, options, question.structured)
    return this.#answered(reply, writer, streaming, context)
  }

  async #afterBreakOf(options: CallOptions): Promise<AfterBreak | undefined> {
    const { afterBreakOf } = await import('./after-break-of-call.ts')
    return afterBreakOf(this.provider, this.#options.afterBreak, options)
  }

  async #callResiliently(
    messages: Messages,
    options: CallOptions,
    afterBreak: AfterBreak,
    shape: AskedShape | undefined,
  ): Promise<ModelResponse> {
    const streaming = options.stream ?? this.stream
    const { openResilient } = await import('./resilient-call.ts')
    const reply = await openResilient({ wrapper: this, messages, options, afterBreak, shape, streaming })
    const context: AnswerContext = Object.defineProperty(this.#context(messages, options, undefined), 'structured', {
      get: () => reply.structured,
    })
    return this.#answered(reply, reply.events, streaming, context)
  }

  async #answered(
    reply: Answering,
    events: EventQueue,
    streaming: boolean,
    context: AnswerContext,
  ): Promise<ModelResponse> {
    if (streaming) return new ModelResponse(reply, events, true, context)
    await reply.pullAll()
    const response = new ModelResponse(reply, events, false, context)
    if (response.error !== undefined) throw response.error
    return response
  }

  #asker(): Asker {
    return {
      data: this.#data,
      options: this.#options,
      secrets: this.#secrets,
      planOf: (...asked) => this.#plan(...asked),
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
      decoding: () => {
        return withDecoding(dialect, ({ decoder, newAttempt }): Decode => {
          return (http, plan) => newAttempt(http, plan, decoder(plan.writer, accent, call.extras))
        })
      },
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

async function shapeOf(schema: Schema): Promise<AskedShape> {
  const { askedShape } = await import('./structured-request.ts')
  return askedShape(schema)
}
