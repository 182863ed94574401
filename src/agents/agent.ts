// An agent: a name and a memory that answers. Subclasses write only `reply`, and say things with `speak`.
// One file, because it is the one class that users extend: half of it is their documentation.
import { ConfigError, InputError } from '../core/error.ts'
import type { InputRequest, Notice, StreamEvent } from '../core/event.ts'
import { type Metadata, Msg } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'
import { type Memorable, type Memory, TemporaryMemory } from '../memory/index.ts'
import type { CallOptions as ModelCallOptions } from '../models/call-options.ts'
import type { PromptMessage } from '../models/prompt.ts'
import type { ModelResponse } from '../models/response.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import type { Schema, ValueOf } from '../schema/index.ts'
import { chosenScope, defaultScope, type GivenAnswer, type Scope, type Speaker } from '../scope.ts'
import { type AgentStream, ReplyStream } from './agent-stream.ts'
import { type Asked, asked } from './asking.ts'
import { Audience, type Listener } from './audience.ts'
import {
  afterReply,
  beforeObserve,
  beforeReply,
  classHooks,
  type Hooks,
  HookTable,
  type HookType,
  hooksFor,
  type ReplyArguments,
} from './hooks.ts'
import { type AgentOptions, giveModel, isForgetful, readOptions } from './options.ts'
import { type Ear, Replying } from './replying.ts'
import { responseIn, type Speaking, type Speech, type SpokenCalls, speakingOf } from './speech.ts'
import { type AgentState, checkState } from './state.ts'
import { Telling } from './telling.ts'
import { Turns } from './turns.ts'
import { lastRepair, ValueInText } from './value-in-text.ts'

/** What a caller may ask of one reply. */
export interface ReplyOptions<S extends Schema = Schema> {
  /** The answer is to be a value of this shape; it stands in the message's `metadata.structured`. */
  structuredModel?: S
}

export interface AgentCallOptions<S extends Schema = Schema> extends ReplyOptions<S> {
  /** Stops this reply. */
  signal?: AbortSignal
}

/** A message that carries the value it was asked for. */
export type StructuredMsg<Value = unknown> = Msg & { metadata: Metadata & { structured: Value } }

export interface SpeakOptions {
  /** Shown after the text. Ignored for a `Msg` and for a response or its stream, which have their own. */
  toolCalls?: SpokenCalls
}

export interface SteerOptions {
  /**
   * When the agent takes it in: `now` stops what it is saying or doing; `after-tool` (default) waits for the tools that
   * run; `after-reply` waits for the reply.
   */
  when?: 'now' | 'after-tool' | 'after-reply'
}

type Given = Msg | readonly Msg[] | null

/**
 * Base of all agents; AgentScope: the same name. One agent gives one reply at a time: calls that come meanwhile wait for
 * their turn. A subclass with options of its own takes them out before it hands the rest to `super`.
 *
 * @throws ConfigError when the name is missing, or the scope has no model of that name.
 */
export abstract class AgentBase implements Listener {
  readonly name: string
  readonly agentId: string
  readonly memory: Memory | undefined
  sysPrompt: string | undefined

  readonly #scope: Scope | undefined
  readonly #modelConfigName: string | undefined
  #model: ChatWrapper | Promise<ChatWrapper> | undefined
  readonly #audience = new Audience(this)
  readonly #hooks = new HookTable()
  #reply: Replying | undefined
  /** Replies that were asked for and are not over, in order: the first is the one that is being given. */
  readonly #begun = new Set<Replying>()
  #spoken: Msg | undefined
  #lastUsage: Usage | undefined
  /** Answers of the model of which nobody has been told yet. */
  readonly #asked = new Map<unknown, Asked>()
  readonly #turns: Turns

  constructor(written: AgentOptions) {
    const options = readOptions(written)
    if (typeof options.name !== 'string' || options.name === '') {
      throw new ConfigError(`${new.target.name} needs a name.`, { advice: "Give it one: { name: 'Friday' }." })
    }
    this.name = options.name
    this.#turns = new Turns(this.name)
    this.agentId = options.agentId ?? crypto.randomUUID()
    this.memory = isForgetful(options) ? undefined : options.memory || new TemporaryMemory()
    this.sysPrompt = options.sysPrompt
    this.#scope = options.scope
    this.#modelConfigName = options.modelConfigName
    this.#model = options.model
    // A wrong name is told here when the scope is known already, else at the first call.
    const scope = options.scope ?? chosenScope()
    if (scope !== undefined) this.#lookUpModel(scope)
  }

  /** The model. Inside `reply` it is always ready; before, only when it was handed over itself. */
  get model(): ChatWrapper {
    if (this.#model === undefined || this.#model instanceof Promise) throw this.#noModel()
    return this.#model
  }

  set model(model: ChatWrapper) {
    this.#model = model
  }

  /** The id of the reply that is being given; `undefined` between replies. */
  get replyId(): string | undefined {
    return this.#reply?.id
  }

  /** The agent as a speaker, as listeners know it. */
  get speaker(): Speaker {
    return { name: this.name, id: this.agentId }
  }

  // Asking it, and stopping it.

  /**
   * Answers: runs `reply`, then tells the audience. Rejects with whatever `reply` threw; then nobody is told, and what
   * was said until then stays in memory with its honest ending.
   *
   * Calls on one agent run one after the other, in the order in which they were made, and one that fails does not harm
   * the next. One that is stopped while it waits never runs.
   *
   * @throws AbortedError when it was stopped; InputError when it is made inside the agent's own reply (or inside another
   * agent's that this reply called), where it would wait for itself.
   */
  call<S extends Schema>(
    x: Given | undefined,
    options: AgentCallOptions<S> & { structuredModel: S },
  ): Promise<StructuredMsg<ValueOf<S>>>
  call(x?: Given, options?: AgentCallOptions): Promise<Msg>
  async call(x?: Given, options: AgentCallOptions = {}): Promise<Msg> {
    return this.#begin(x ?? undefined, options)
  }

  /**
   * The same reply as events, for a front end of one's own: read once, at the reader's pace. Leaving it stops the reply.
   * It throws what `call` would have rejected with, after the last event. The scope's listeners hear the reply too.
   */
  stream(x?: Given, options: AgentCallOptions = {}): AgentStream {
    const isInside = () => this.#turns.holds()
    return new ReplyStream(this.speaker, isInside, (ear, left) => {
      const signals = [left, options.signal].filter((signal) => signal !== undefined)
      return this.#begin(x ?? undefined, options, signals, ear)
    })
  }

  /**
   * Stops the reply that is being given, if any: the provider's socket closes, running tools get the signal, and what
   * was said stays in memory, marked. Its `call` rejects with `AbortedError`. Calls that wait for their turn go on.
   */
  interrupt(reason = `${this.name} was interrupted`): void {
    const [first] = this.#begun
    first?.stop(`Stopped: ${reason}.`)
  }

  /**
   * Says something to the agent while it replies. Resolves with the reply in which that was taken in, or rejects with
   * what broke it; nobody has to wait for it, and nothing inside the reply itself may. Between replies it is the same as
   * `call`.
   */
  steer(message: Msg | string, { when = 'after-tool' }: SteerOptions = {}): Promise<Msg> {
    const word = typeof message === 'string' ? new Msg(this.#partner(), message, 'user') : message
    if (!['now', 'after-tool', 'after-reply'].includes(when))
      throw new InputError(`There is no moment ${String(when)}.`)
    const reply = this.#reply
    const answer =
      reply === undefined || when === 'after-reply'
        ? this.#turns.outside(() => this.call(word))
        : reply.steer(word, when === 'now')
    answer.catch(() => undefined)
    return answer
  }

  /** Remembers what others said, without answering. */
  observe(messages: Memorable): void | Promise<void> {
    const before = hooksFor(this, this.#hooks, 'pre_observe')
    const after = hooksFor(this, this.#hooks, 'post_observe')
    if (before.length + after.length > 0) return this.#observeHooked(messages, before, after)
    this.memory?.add(messages)
  }

  // Who hears its answers.

  /**
   * From now on exactly these hear what this agent answers; the agent itself is left out. With a key it is one of
   * several lists that are kept apart; whoever stands in more than one hears everything once.
   */
  resetAudience(audience: Iterable<Listener>, key?: unknown): void {
    this.#audience.reset(audience, key)
  }

  clearAudience(key?: unknown): void {
    this.#audience.clear(key)
  }

  removeAudience(listener: Listener): void {
    if (this.#audience.remove(listener)) return
    process.emitWarning(`${this.name} cannot drop a listener that is not in its audience.`)
  }

  // Hooks.

  /** Registers a hook on this agent alone. Own hooks run before those of its class, in the order of registration. */
  registerHook<Type extends HookType>(type: Type, name: string, hook: Hooks[Type]): void {
    this.#hooks.register(type, name, hook)
  }

  /** @throws InputError when there is none of that name. */
  removeHook(type: HookType, name: string): void {
    if (this.#hooks.remove(type, name)) return
    throw new InputError(`${this.name} has no ${type} hook ${JSON.stringify(name)}.`)
  }

  /** Removes this agent's own hooks of a type, or all of them. */
  clearHooks(type?: HookType): void {
    this.#hooks.clear(type)
  }

  /** Registers a hook on every agent of this class and of the classes below it, and on no other. */
  static registerClassHook<Type extends HookType>(type: Type, name: string, hook: Hooks[Type]): void {
    classHooks(this).register(type, name, hook)
  }

  /** Nothing happens when there is none of that name, as in AgentScope. */
  static removeClassHook(type: HookType, name: string): void {
    classHooks(this).remove(type, name)
  }

  static clearClassHooks(type?: HookType): void {
    classHooks(this).clear(type)
  }

  // State out and in.

  /** What the agent is and remembers, as plain JSON without secrets. */
  toJSON(): AgentState {
    const { name, agentId, sysPrompt, memory } = this
    const model = this.#model instanceof Promise ? undefined : this.#model
    return {
      type: this.constructor.name,
      name,
      agentId,
      ...(sysPrompt !== undefined && { sysPrompt }),
      ...(this.#modelConfigName !== undefined && { modelConfigName: this.#modelConfigName }),
      ...(model !== undefined && { model: model.toJSON() }),
      ...(memory !== undefined && { memory: memory.toJSON() }),
    }
  }

  /**
   * An agent of this class that goes on where the state was taken. `options` hold what a state cannot: the model, unless
   * it is found by its configured name, tools, the scope.
   *
   * @throws InputError for what is no state; ConfigError as the constructor does.
   */
  static fromJSON<Agent extends AgentBase, Options extends Partial<AgentOptions>>(
    this: new (
      options: never,
    ) => Agent,
    state: AgentState,
    options?: Options,
  ): Agent {
    checkState(state)
    const { name, agentId, sysPrompt, modelConfigName, memory } = state
    const own = { name, agentId, sysPrompt, modelConfigName, ...(memory === undefined && { memory: false }) }
    const agent = new this({ ...own, ...options } as never)
    agent.restore(state)
    return agent
  }

  /** Takes in what the constructor did not: the memory, and what a subclass added to its state. */
  protected restore(state: AgentState): void {
    if (state.memory !== undefined) this.memory?.load(state.memory.messages, { overwrite: true })
  }

  // For subclasses.

  /** What the agent answers. Subclasses write this, and nothing else. */
  protected abstract reply(x?: Msg | readonly Msg[], options?: ReplyOptions): Promise<Msg>

  /** The scope this agent lives in: its own, else the default one. */
  protected async home(): Promise<Scope> {
    return this.#scope ?? defaultScope()
  }

  /** Stops when the caller or the scope does; hand it to whatever `reply` waits for. */
  protected get signal(): AbortSignal | undefined {
    return this.#reply?.signal
  }

  /** What the latest `speak` said: the whole message, or as much of it as there was when it broke off. */
  protected get spoken(): Msg | undefined {
    return this.#spoken
  }

  /** Whether the reply is not over, but waits for somebody: then the audience is not told of what it gave so far. */
  protected get paused(): boolean {
    return false
  }

  /** Whether the user wants to be taken in at once: what `step` was doing has been stopped for it. */
  protected get steered(): boolean {
    return this.#reply?.steered ?? false
  }

  /** One step of `reply` that a user's word may cut short: `act` throws when its signal fires. */
  protected step<Value>(act: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    if (this.#reply === undefined) throw new InputError(`${this.name} can take a step only inside its reply.`)
    return this.#reply.step(act)
  }

  /** A step that begins anew whenever a user's word cuts it short; `act` is then given that word too. */
  protected async stepAnew<Value>(
    given: readonly Msg[],
    act: (given: readonly Msg[], signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const heard = [...given]
    for (;;) {
      try {
        return await this.step((signal) => act(heard, signal))
      } catch (error) {
        if (!this.steered) throw error
        heard.push(...(await this.takeWords()))
      }
    }
  }

  /** What the user said meanwhile. It is remembered, and everybody who listens is told that it was taken in. */
  protected async takeWords(): Promise<Msg[]> {
    const words = this.#reply?.take() ?? []
    this.memory?.add(words)
    for (const { id, name } of words) await this.notify('steered', `${this.name} takes in what ${name} said.`, { id })
    return words
  }

  /** What to hand to the model of the things remembered; of what is given when nothing is. */
  protected async recalled(given: readonly Msg[]): Promise<Msg[]> {
    const { memory } = this
    if (memory === undefined) return [...given]
    if (memory.recall === undefined) return memory.get()
    const usage = this.#lastUsage
    const { signal } = this
    return memory.recall({
      model: this.model,
      ...(usage !== undefined && { usage }),
      ...(signal !== undefined && { signal }),
      ask: (writer, messages) => this.#askAside(writer, messages),
      notice: (text, details) => this.notify('compressed', text, details),
    })
  }

  /** Asks the model, as `model.call` does; listeners who want to know are told when its answer has been spoken. */
  protected async ask(messages: readonly PromptMessage[], options: ModelCallOptions = {}): Promise<ModelResponse> {
    return (await this.#askModel(messages, options)).response
  }

  /**
   * Asks the model for a value of a shape, says and remembers its answer, and puts the value into the message's
   * `metadata.structured`. An answer that was made good by a repair round is said too, and remembered in place of the first.
   *
   * @throws StructuredOutputError when the answer holds no such value; what was said stays in memory.
   */
  protected async askForValue(
    messages: readonly PromptMessage[],
    structuredModel: Schema,
    options: ModelCallOptions = {},
  ): Promise<Msg> {
    const answer = await this.#askModel(messages, { ...options, structuredModel })
    const said = await this.sayAndRemember(new ValueInText(answer.response))
    const structured = await answer.value(structuredModel)
    const mended = lastRepair(answer.response)
    if (mended !== undefined) {
      this.memory?.delete(said.id)
      return this.sayAndRemember({ ...mended, name: this.name, metadata: { ...mended.metadata, structured } })
    }
    said.metadata = { ...said.metadata, structured }
    return said
  }

  /** Asks whoever can answer in the scope. The reader of this reply hears the question and the answer too. */
  protected async askPerson(
    request: InputRequest,
    options: { signal?: AbortSignal; scope?: Scope } = {},
  ): Promise<GivenAnswer> {
    const { signal = this.signal, scope = await this.home() } = options
    const ear = this.#reply?.ear
    await ear?.(request)
    const answer = await scope.ask(this.speaker, request, signal)
    await ear?.({ type: 'input-answer', id: request.id, ...answer })
    return answer
  }

  /** Tells everybody who listens something about this reply that is no part of a message. */
  protected async notify(kind: Notice['kind'], text: string, details?: Metadata): Promise<void> {
    const id = this.replyId ?? this.agentId
    await this.publish({ type: 'notice', id, kind, text, ...(details !== undefined && { details }) })
  }

  /** Hands an event to the reader of this reply and to everybody who listens, past no hooks. */
  protected async publish(event: StreamEvent): Promise<void> {
    await this.#publisher(await this.home())(event)
  }

  /**
   * Shows `content` to everybody who listens, as it arrives, and returns it as one message: the one to remember and to
   * return. Resolves when all has been shown. It never touches the memory.
   *
   * @throws InputError for something that cannot be spoken; and the source's own error when it breaks off, after the
   * message has been ended honestly. What was said until then is in `spoken`.
   */
  protected async speak(content: Speech, options: SpeakOptions = {}): Promise<Msg> {
    const { toolCalls = [] } = options
    if ((content === null || content === undefined) && typeof toolCalls !== 'function' && toolCalls.length === 0) {
      process.emitWarning(`${this.name} was asked to speak, but was given nothing to say.`)
      return new Msg(this.name, [], 'assistant')
    }
    this.#spoken = undefined
    const replyId = this.replyId
    const voice = { name: this.name, ...(replyId !== undefined && { replyId }) }
    const source = responseIn(content)
    try {
      const said = await this.#tell(speakingOf(content, voice, toolCalls))
      if (!isSameMessage(content, said)) return said
      this.#spoken = content
      return content
    } finally {
      await this.#tellAsked(source)
    }
  }

  /** Speaks and remembers. What broke off is remembered too, marked by its ending, unless nothing of it came. */
  protected async sayAndRemember(content: Speech): Promise<Msg> {
    try {
      const said = await this.speak(content)
      this.memory?.add(said)
      return said
    } catch (error) {
      if (this.#spoken !== undefined && this.#spoken.content.length > 0) this.memory?.add(this.#spoken)
      throw error
    }
  }

  /** Says one message event by event: for what is written while it happens, such as the results of tools. */
  protected async sayEvents(act: (tell: Ear) => Promise<void>): Promise<Msg | undefined> {
    const telling = await this.#telling(true)
    try {
      await act((event) => telling.tell(event))
    } catch (error) {
      await telling.breakOff(error)
      throw error
    }
    for (const hook of hooksFor(this, this.#hooks, 'post_speak')) await hook(this)
    return telling.message
  }

  // The inside.

  async #tell(speaking: Speaking): Promise<Msg> {
    this.#spoken = undefined
    const telling = await this.#telling(speaking.stream)
    const tell = (event: StreamEvent): void | Promise<void> => {
      const waiting = telling.tell(event)
      if (event.type === 'message-start') this.#spoken = telling.message
      return waiting
    }
    try {
      for await (const event of speaking.events) {
        const waiting = tell(speaking.voiced(event))
        if (waiting !== undefined) await waiting
      }
    } catch (error) {
      await telling.breakOff(error)
      throw error
    }
    const { message } = telling
    if (message?.usage !== undefined) this.#lastUsage = message.usage
    const failure = speaking.failure()
    if (failure !== undefined) throw failure
    for (const hook of hooksFor(this, this.#hooks, 'post_speak')) await hook(this)
    return message ?? new Msg(this.name, [], 'assistant', { id: speaking.id })
  }

  async #askModel(messages: readonly PromptMessage[], options: ModelCallOptions): Promise<Asked> {
    const { model, speaker, replyId, signal } = this
    const scope = await this.home()
    const question = { model, messages, options: { ...(signal && { signal }), ...options }, scope, speaker, replyId }
    const answer = await asked(question)
    this.#asked.set(answer.response, answer)
    return answer
  }

  /** Asks another model than the agent's own, and reads the answer, which nobody hears; it is told all the same. */
  async #askAside(model: ChatWrapper, messages: readonly Msg[]): Promise<ModelResponse> {
    const { speaker, replyId, signal } = this
    const scope = await this.home()
    scope.protect(model)
    const { response, ended } = await asked({
      model,
      messages,
      options: { ...(signal && { signal }) },
      scope,
      speaker,
      replyId,
    })
    try {
      await response.getText()
    } finally {
      await ended()
    }
    return response
  }

  async #telling(stream: boolean): Promise<Telling> {
    const publish = this.#publisher(await this.home())
    return new Telling({ agent: this, publish, stream, hooks: hooksFor(this, this.#hooks, 'pre_speak') })
  }

  /** Whoever spoke to it last as a user. */
  #partner(): string {
    return this.memory?.get().findLast(({ role }) => role === 'user')?.name ?? 'User'
  }

  async #tellAsked(response: unknown): Promise<void> {
    const answer = this.#asked.get(response)
    this.#asked.delete(response)
    await answer?.ended()
  }

  #publisher(scope: Scope): Ear {
    const { speaker } = this
    const ear = this.#reply?.ear
    if (ear === undefined) return (event) => scope.publish(speaker, event)
    return (event) => {
      const waits = [ear(event), scope.publish(speaker, event)].filter((each) => each !== undefined)
      if (waits.length > 0) return Promise.all(waits).then(() => undefined)
    }
  }

  async #begin(
    x: Msg | readonly Msg[] | undefined,
    options: AgentCallOptions,
    signals: readonly (AbortSignal | undefined)[] = [options.signal],
    ear?: Ear,
  ): Promise<Msg> {
    const reply = new Replying(signals, ear)
    this.#begun.add(reply)
    const { signal: _, ...replyOptions } = options
    try {
      const scope = await this.home()
      reply.stopWith(scope.signal)
      const output = await this.#turns.take(reply.signal, () =>
        this.#answer({ x, options: replyOptions }, scope, reply),
      )
      const left = reply.succeed(output)
      this.#begun.delete(reply)
      try {
        if (!this.paused) await this.#audience.tell(output)
      } finally {
        for (const { message, answered } of left)
          this.#turns.outside(() => this.call(message)).then(answered.resolve, answered.reject)
      }
      return output
    } catch (error) {
      // What the user said is remembered even when there is nobody left to answer it.
      this.memory?.add(reply.fail(error))
      throw error
    } finally {
      this.#begun.delete(reply)
      reply.close()
    }
  }

  async #answer(given: ReplyArguments, scope: Scope, reply: Replying): Promise<Msg> {
    this.#reply = reply
    this.#spoken = undefined
    const over = scope.began({
      id: reply.id,
      speaker: this.speaker,
      stop: (reason) => reply.stop(`Stopped: ${reason}.`),
      steer: (text, when) => void this.steer(text, when === undefined ? {} : { when }),
    })
    try {
      this.#lookUpModel(scope)
      if (this.#model instanceof Promise) this.#model = await this.#model
      if (this.#model !== undefined) scope.protect(this.#model)
      reply.throwIfStopped()
      const { x, options } = await beforeReply(this, this.#hooks, given)
      const output = await this.reply(x, options)
      reply.throwIfStopped()
      return await afterReply(this, this.#hooks, { x, options }, output)
    } finally {
      for (const response of [...this.#asked.keys()]) await this.#tellAsked(response)
      this.#reply = undefined
      over()
    }
  }

  async #observeHooked(
    messages: Memorable,
    before: readonly Hooks['pre_observe'][],
    after: readonly Hooks['post_observe'][],
  ): Promise<void> {
    const given = [messages].flat().filter((each) => each !== null && each !== undefined)
    this.memory?.add(await beforeObserve(this, before, given))
    for (const hook of after) await hook(this)
  }

  #lookUpModel(scope: Scope): void {
    if (this.#model !== undefined || this.#modelConfigName === undefined) return
    this.#model = scope.model(this.#modelConfigName)
    // A rejection is told at the first call, which awaits it; until then it is not unhandled.
    if (this.#model instanceof Promise) this.#model.catch(() => undefined)
  }

  #noModel(): ConfigError {
    if (this.#modelConfigName === undefined) return new ConfigError(`${this.name} has no model.`, { advice: giveModel })
    return new ConfigError(`${this.name} has not looked up its model ${JSON.stringify(this.#modelConfigName)} yet.`, {
      advice: 'A model that is named by its configuration is there inside reply(), after init().',
    })
  }
}

function isSameMessage(content: Speech, said: Msg): content is Msg {
  return typeof content === 'object' && content !== null && 'content' in content && content.id === said.id
}
