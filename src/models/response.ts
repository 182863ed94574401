// One answer on its way: the cumulative stream of the tutorial, the events beneath it, and what is known so far.
// One file, because it is the one class that users hold: half of it is their documentation.
import type { Ending } from '../core/ending.ts'
import { AbortedError, type AgentScopeError, InputError, StreamConsumedError } from '../core/error.ts'
import type { StreamEvent, Timing } from '../core/event.ts'
import { LoopTurns } from '../core/loop-turn.ts'
import type { Metadata, Msg } from '../core/message.ts'
import { answerTool, type ToolCall } from '../core/tool.ts'
import type { Usage } from '../core/usage.ts'
import type { Schema, ValueOf } from '../schema/index.ts'
import type { Answering, EventQueue } from './answering.ts'
import { HeardMessage } from './heard-message.ts'
import { Listeners } from './listeners.ts'
import { OneTime } from './one-time.ts'
import { type AnswerContext, schemaFor } from './structured.ts'
import type { PartialStep, PartialSteps } from './structured-partials.ts'

/** Whether this is the last pair, and all the text so far. */
export type TextPair = [last: boolean, text: string]

/** The tutorial's stream: pairs, once. */
export type TextStream = AsyncGenerator<TextPair, undefined, undefined>

/** A response of which is known that it streams. */
export type StreamingResponse<Value = unknown> = ModelResponse<Value> & { readonly stream: TextStream }

/** What a call resolves to, as far as the types know whether it streams. */
export type ResponseOf<Streams extends boolean, Value = unknown> = [Streams] extends [true]
  ? StreamingResponse<Value>
  : ModelResponse<Value>

/** The steps of a growing value, once. */
export type PartialStream<Value> = AsyncGenerator<PartialStep<Value>, undefined, undefined>

const end = { value: undefined, done: true } as const
const teeAdvice = 'Call tee() once, with the number of all listeners, before anything else reads the response.'

/**
 * What a call resolves to. It is read once, through `stream`, `events` or `getText()`; everything else is a view of what
 * has been read so far. Whoever does not read it to the end leaves the loop, calls `cancel()` or holds it with
 * `await using`: each closes the provider's socket.
 *
 * `Value` is the value of the call's `structuredModel`.
 *
 * Unlike Python's `response.text`, the `text` here never waits: `await response.getText()` does.
 */
export class ModelResponse<Value = unknown> {
  readonly #reply: Answering
  readonly #writer: EventQueue
  readonly #streaming: boolean
  readonly #heard = new HeardMessage()
  #batch: StreamEvent[] = []
  #at = 0
  /** Which view reads the reply. */
  #reader: string | undefined
  /** Events that `getText()` read while an `events` loop was under way; the loop still gets them. */
  #overtaken: StreamEvent[] = []
  #left = false
  readonly #turns = new LoopTurns()
  /** Values asked for so far. */
  #handed = 0
  #finished: Promise<void> | undefined
  #pairs: OneTime<TextPair> | undefined
  #events: OneTime<StreamEvent> | undefined
  /** Those of `tee()`, when they read the reply. */
  #listeners: Listeners | undefined
  #saidLast = false
  #pulling: Promise<void> | undefined
  readonly #context: AnswerContext
  readonly #values = new Map<Schema, Promise<unknown>>()
  #repair: ModelResponse | undefined

  constructor(reply: Answering, writer: EventQueue, streaming: boolean, context: AnswerContext) {
    this.#reply = reply
    this.#writer = writer
    this.#streaming = streaming
    this.#context = context
    if (streaming) return
    for (let event = this.#take(); event !== undefined; event = this.#take()) this.#overtaken.push(event)
  }

  /** The id of the message, the same in every event. */
  get id(): string {
    return this.#writer.id
  }

  /**
   * Pairs `[last, text so far]`, once: each non-empty piece at once as `[false, text]`, then exactly one `[true, text]`.
   * `null` when the call did not stream. AgentScope: `ModelResponse.stream`.
   *
   * @throws the typed error of a reply that broke or was stopped, after everything that arrived was given;
   * StreamConsumedError on a second iteration.
   */
  get stream(): TextStream | null {
    if (!this.#streaming) return null
    this.#pairs ??= this.#view('response.stream', () => this.#nextPair())
    return this.#pairs
  }

  /**
   * Everything as typed events, once, also for a call that did not stream. It does not throw for what happened on the
   * wire: the last event is `message-end`, and its `ending` tells.
   *
   * @throws StreamConsumedError on a second iteration.
   */
  get events(): AsyncGenerator<StreamEvent, undefined, undefined> {
    this.#events ??= this.#view('response.events', () => this.#nextEvent())
    return this.#events
  }

  /**
   * `events` for several listeners at once, each from the first on. The fastest one reads the reply; one that is slower,
   * or stuck, holds up nobody and costs no memory: what it missed comes as one delta a block when it asks again, so that
   * each builds the same message. Of notices and raw values the last ones are kept, and a `skipped` notice counts the
   * rest. A listener that is never read counts as stuck. The reply is stopped when the last one has left; `cancel()` and
   * `await using` stop it for all: each hears what was received, and an honest `message-end`.
   *
   * This is the one reader from the call on: `stream`, `events`, `partials()` and a second `tee()` throw, while
   * `getText()` and `parse()` read on for all.
   *
   * @throws InputError unless `count` is a whole number from 1 to 1,000. The listeners throw StreamConsumedError when the
   * response has been read in another way, or by another `tee()`.
   */
  tee(count: number): AsyncGenerator<StreamEvent, undefined, undefined>[] {
    if (!Number.isInteger(count) || count < 1 || count > 1000) {
      const advice = 'Say how many listeners there are: response.tee(2).'
      throw new InputError(`response.tee() takes a whole number from 1 to 1000, not ${String(count)}.`, { advice })
    }
    const source = { next: () => this.#nextEvent(), leave: () => this.#leave(), message: () => this.message }
    const listeners = new Listeners(source, count)
    if (this.#reader === undefined) {
      this.#reader = 'response.tee()'
      this.#listeners = listeners
    }
    return listeners.generators(() => {
      if (this.#listeners !== listeners) throw new StreamConsumedError('response.tee()', teeAdvice)
    })
  }

  /** The text read so far; `null` before the first piece, and "" when the answer ended without text. Never waits. */
  get text(): string | null {
    return this.#heard.text ?? (this.ending === undefined ? null : '')
  }

  /** What the model refused to do, in its own words (OpenAI's `refusal`); `null` when it did not. Not part of `text`. */
  get refusal(): string | null {
    return this.#heard.joined((block) => (block.type === 'text' && block.refusal ? block.text : null))
  }

  /** What the model thought, as far as it was told; `null` when there was none. Not part of `text`. */
  get thinking(): string | null {
    return this.#heard.joined((block) => (block.type === 'thinking' ? block.thinking : null))
  }

  /**
   * The tool calls read so far. `input` stays `undefined` until the call's JSON is proved whole. Whether a tool may run
   * is also a question of `ending.complete`.
   */
  get toolCalls(): ToolCall[] {
    return this.#heard.toolCalls
  }

  /**
   * The call that gives the value, when `structuredModel` was asked for with a tool: it belongs to no tool of the
   * caller's, and waits for no run.
   */
  get answerCall(): ToolCall | undefined {
    if (this.#context.structured?.way !== 'tool-call') return undefined
    return this.toolCalls.find(({ name }) => name === answerTool)
  }

  /** The message as far as it has been read: the fold of the events. */
  get message(): Msg {
    return this.#heard.message ?? { id: this.id, name: '', role: 'assistant', content: [] }
  }

  /** Token counts, once the reply has ended in whatever way; `undefined` when the provider reported none. */
  get usage(): Usage | undefined {
    return this.#reply.usage
  }

  /** How it ended; `undefined` until the end has been read. */
  get ending(): Ending | undefined {
    const unread = this.#reader === undefined ? this.#reply.ending : undefined
    return this.#heard.ending ?? unread
  }

  /** The typed error of a reply that broke or was stopped; what `stream` and `getText()` throw. */
  get error(): AgentScopeError | undefined {
    return this.ending === undefined || this.#left ? undefined : this.#reply.error
  }

  /** What the provider said beside the answer: model, response id, filters, cost. */
  get metadata(): Metadata {
    return this.#reply.metadata
  }

  /** How long it took from the request on, in milliseconds; each is `undefined` until it is known. */
  get timing(): Timing {
    const { firstContentMs, durationMs } = this.#reply
    return {
      ...(firstContentMs !== undefined && { firstContentMs }),
      ...(durationMs !== undefined && { durationMs }),
    }
  }

  /** The provider's own value, parsed: the whole body of a call that did not stream, else the last piece; else `null`. */
  get raw(): unknown {
    return this.#reply.raw
  }

  /** The provider's id for this request, from the headers or the body. */
  get requestId(): string | undefined {
    const { responseId } = this.#reply.metadata
    return this.#reply.requestId ?? (typeof responseId === 'string' ? responseId : undefined)
  }

  /**
   * All the text. Reads what has not been read yet, may be called any number of times, and always gives the same answer.
   * After a listener left the loop it gives what was read until then.
   *
   * @throws the typed error (with `partialText`) of a reply that broke or was stopped, every time.
   */
  async getText(): Promise<string> {
    if (this.#streaming) this.#reader ??= 'getText()'
    this.#finished ??= this.#drain()
    await this.#finished
    if (this.error !== undefined) throw this.error
    return this.text ?? ''
  }

  /**
   * The answer as a checked value: the input of the tool that the call made for it, else the JSON in the text (alone, in a
   * fenced block, or the first in the prose). Reads what has not been read yet, may be called any number of times and
   * after any other view. Without `schema` it is the call's `structuredModel`. With `repairRounds` the model is asked
   * again, with what was wrong, when the value does not fit; `repair` is the response to that.
   *
   * @throws StructuredOutputError when the answer was refused, was cut off, holds no JSON or does not fit; the typed error
   * of a reply that broke or was stopped; InputError without any schema; what a further call throws.
   */
  parse(): Promise<Value>
  parse<S extends Schema>(schema: S): Promise<ValueOf<S>>
  async parse(schema?: Schema): Promise<unknown> {
    const wanted = schemaFor(schema, this.#context, 'response.parse()')
    const known = this.#values.get(wanted)
    if (known !== undefined) return known
    const value = this.#parse(wanted)
    this.#values.set(wanted, value)
    return value
  }

  /**
   * The value while it grows, once: a step for each piece that came, and at last the checked value with `done: true`. For
   * a call that did not stream, too. Makes no further calls: `parse()` does, when `repairRounds` allows it.
   *
   * @throws as `parse()`, after everything that arrived was given; StreamConsumedError on a second iteration.
   */
  partials(): PartialStream<Value>
  partials<S extends Schema>(schema: S): PartialStream<ValueOf<S>>
  partials(schema?: Schema): PartialStream<unknown> {
    const what = 'response.partials()'
    const wanted = schemaFor(schema, this.#context, what)
    let steps: PartialSteps<unknown> | undefined
    let opening: Promise<PartialSteps<unknown>> | undefined
    const begin = async () => {
      opening ??= this.#steps(wanted)
      steps = await opening
      return steps.next()
    }
    return this.#view(what, () => steps?.next() ?? begin())
  }

  /** The response to a repair round that `parse()` began, with an ending, a usage and perhaps a `repair` of its own. */
  get repair(): ModelResponse | undefined {
    return this.#repair
  }

  /** Stops the reply: the provider's socket closes now. What was received stays. */
  async cancel(reason = 'cancel() was called'): Promise<void> {
    this.#reply.cancel(new AbortedError(`Stopped: ${reason}`))
    if (this.#reader === undefined || this.#listeners !== undefined) await this.getText().catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ending !== undefined) return
    if (this.#listeners === undefined) return this.#leave()
    this.#reply.cancel()
    await this.#listeners.readAll()
  }

  toJSON(): Record<string, unknown> {
    const { id, text, thinking, toolCalls, usage, ending, requestId, metadata } = this
    return { id, text, thinking, toolCalls, usage, ending, requestId, metadata }
  }

  [Symbol.for('nodejs.util.inspect.custom')](): Record<string, unknown> {
    return this.toJSON()
  }

  async #parse(schema: Schema): Promise<unknown> {
    // Reading begins now, whatever else has to be loaded.
    const [{ parseAnswer }] = await Promise.all([import('./structured-parse.ts'), this.getText()])
    return parseAnswer(this, schema, this.#context, (response) => {
      this.#repair = response
    })
  }

  async #steps(schema: Schema): Promise<PartialSteps<unknown>> {
    const { PartialSteps } = await import('./structured-partials.ts')
    return new PartialSteps(this, schema, this.#context, () => this.#nextEvent())
  }

  #view<Value>(what: string, next: () => Promise<IteratorResult<Value, undefined>>): OneTime<Value> {
    return new OneTime({ what, of: this, claim: () => this.#claim(what), next, leave: () => this.#leave() })
  }

  #claim(what: string): void {
    if (this.#reader !== undefined) throw new StreamConsumedError(what)
    this.#reader = what
  }

  #nextEvent(): Promise<IteratorResult<StreamEvent, undefined>> {
    if (this.#overtaken.length === 0 && this.#turnIsDue()) return this.#turns.give().then(() => this.#nextEvent())
    const ready = this.#readyEvent()
    // A promise that resolves to a promise would cost two more, for each read.
    return ready === undefined
      ? this.#pull().then(() => this.#readyEvent() ?? this.#nextEvent())
      : Promise.resolve(ready)
  }

  #readyEvent(): IteratorResult<StreamEvent, undefined> | undefined {
    const event = this.#overtaken.shift() ?? this.#take()
    if (event !== undefined) return { value: event, done: false }
    return this.#heard.ending === undefined ? undefined : end
  }

  #nextPair(): Promise<IteratorResult<TextPair, undefined>> {
    if (this.#turnIsDue()) return this.#turns.give().then(() => this.#nextPair())
    for (let event = this.#take(); event !== undefined; event = this.#take()) {
      if (event.type === 'text-delta' && this.#heard.isAnswer(event.index)) {
        return Promise.resolve({ value: [false, this.text ?? ''], done: false })
      }
    }
    if (this.#heard.ending === undefined) return this.#pull().then(() => this.#nextPair())
    if (this.#saidLast || this.#left) return Promise.resolve(end)
    this.#saidLast = true
    if (this.error !== undefined) return Promise.reject(this.error)
    return Promise.resolve({ value: [true, this.text ?? ''], done: false })
  }

  /** Takes the next event that has been decoded, and folds it. */
  #take(): StreamEvent | undefined {
    if (this.#at === this.#batch.length) {
      if (this.#writer.events.length === 0) return undefined
      this.#batch = this.#writer.take()
      this.#at = 0
    }
    const event = this.#batch[this.#at++] as StreamEvent
    this.#fold(event)
    return event
  }

  #fold(event: StreamEvent): void {
    this.#heard.apply(event)
    if (event.type === 'message-end' && this.#reply.error !== undefined) this.#reply.error.partialText = this.text ?? ''
  }

  #pull(): Promise<void> {
    this.#pulling ??= this.#pullOnce()
    return this.#pulling
  }

  /** `pull` never rejects, so this needs no `finally`, which would cost two more promises a read. */
  async #pullOnce(): Promise<void> {
    if (this.#turns.isDue) await this.#turns.give()
    const from = performance.now()
    await this.#reply.pull()
    this.#turns.waited(from)
    this.#pulling = undefined
  }

  /** Looks at the clock only now and then: one read may hold hundreds of events, and their listener may be slow. */
  #turnIsDue(): boolean {
    this.#handed += 1
    return this.#handed % 16 === 0 && this.#turns.isDue
  }

  async #drain(): Promise<void> {
    if (this.#listeners !== undefined) return this.#listeners.readAll()
    while (this.#heard.ending === undefined) {
      const event = this.#take()
      if (event === undefined) await this.#pull()
      else if (this.#reader === 'response.events' || this.#reader === 'response.partials()') this.#overtaken.push(event)
    }
  }

  /** The listener left: stops the provider; what it has not heard is no part of the message. */
  #leave(): void {
    if (this.ending !== undefined) return
    this.#left = true
    this.#reader ??= 'a listener that left'
    this.#reply.cancel()
    if (this.#heard.message === undefined) this.#take()
    this.#batch = []
    this.#at = 0
    this.#writer.take()
    const { usage } = this.#reply
    const ending: Ending = { reason: 'aborted', complete: false }
    this.#fold({ type: 'message-end', id: this.id, ending, ...(usage !== undefined && { usage }) })
  }
}
