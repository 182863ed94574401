// An agent: a name and a memory that answers. Subclasses write only `reply`, and say things with `speak`.
import { ConfigError } from '../core/error.ts'
import { applyEvent, type StreamEvent } from '../core/event.ts'
import { Msg } from '../core/message.ts'
import { type Memorable, type Memory, TemporaryMemory } from '../memory/index.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import { chosenScope, defaultScope, type Scope, type Speaker } from '../scope.ts'
import { type AgentOptions, readOptions } from './options.ts'
import { endingOfFault, type Speaking, type Speech, type SpokenCalls, speakingOf } from './speech.ts'
import { Turns } from './turns.ts'

export interface CallOptions {
  /** Stops this reply. */
  signal?: AbortSignal
}

export interface SpeakOptions {
  /** Shown after the text. Ignored for a `Msg` and for a response or its stream, which have their own. */
  toolCalls?: SpokenCalls
}

/** Whoever wants to hear what an agent answered. */
export interface Listener {
  observe(messages: Memorable): void | Promise<void>
}

/**
 * Base of all agents. One agent gives one reply at a time: calls that come meanwhile wait for their turn. A subclass
 * with options of its own takes them out before it hands the rest to `super`.
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
  #audience: Listener[] = []
  #reply: { id: string; signal: AbortSignal | undefined } | undefined
  #spoken: Msg | undefined
  readonly #turns: Turns

  constructor(written: AgentOptions) {
    const options = readOptions(written)
    if (typeof options.name !== 'string' || options.name === '') {
      throw new ConfigError(`${new.target.name} needs a name.`, { advice: "Give it one: { name: 'Friday' }." })
    }
    this.name = options.name
    this.#turns = new Turns(this.name)
    this.agentId = options.agentId ?? crypto.randomUUID()
    const forgetful = options.memory === false || (options.useMemory === false && options.memory === undefined)
    this.memory = forgetful ? undefined : options.memory || new TemporaryMemory()
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

  /**
   * Answers: runs `reply`, then tells the audience. Rejects with whatever `reply` threw; then nobody is told.
   *
   * Calls on one agent run one after the other, in the order in which they were made, and one that fails does not harm
   * the next. One that is stopped while it waits never runs.
   *
   * @throws AbortedError when it was stopped before it began; InputError when it is made inside the agent's own reply
   * (or inside another agent's that this reply called), where it would wait for itself.
   */
  async call(x?: Msg | readonly Msg[] | null, options: CallOptions = {}): Promise<Msg> {
    const scope = await this.home()
    const signals = [scope.signal, options.signal].filter((signal) => signal !== undefined)
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0]
    const output = await this.#turns.take(signal, () => this.#answer(x ?? undefined, scope, signal))
    for (const listener of this.#audience) await listener.observe(output)
    return output
  }

  /** Remembers what others said, without answering. */
  observe(messages: Memorable): void | Promise<void> {
    this.memory?.add(messages)
  }

  /** From now on exactly these hear what this agent answers; the agent itself is left out. */
  resetAudience(audience: readonly Listener[]): void {
    this.#audience = audience.filter((listener) => listener !== this)
  }

  clearAudience(): void {
    this.#audience = []
  }

  removeAudience(listener: Listener): void {
    const rest = this.#audience.filter((each) => each !== listener)
    if (rest.length === this.#audience.length) {
      process.emitWarning(`${this.name} cannot drop a listener that is not in its audience.`)
    }
    this.#audience = rest
  }

  /** What the agent answers. Subclasses write this, and nothing else. */
  protected abstract reply(x?: Msg | readonly Msg[]): Promise<Msg>

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
    const replyId = this.replyId
    const voice = { name: this.name, ...(replyId !== undefined && { replyId }) }
    const said = await this.#tell(speakingOf(content, voice, toolCalls))
    if (!isSameMessage(content, said)) return said
    this.#spoken = content
    return content
  }

  async #tell(speaking: Speaking): Promise<Msg> {
    const scope = await this.home()
    const speaker: Speaker = { name: this.name, id: this.agentId }
    const timestamp = new Date().toISOString()
    let folded: Msg | undefined
    const tell = (event: StreamEvent): void | Promise<void> => {
      folded = applyEvent(folded, event)
      if (event.type === 'message-start') this.#spoken = Object.assign(folded, { timestamp })
      return scope.publish(speaker, event)
    }
    this.#spoken = undefined
    try {
      for await (const event of speaking.events) {
        const waiting = tell(speaking.voiced(event))
        if (waiting !== undefined) await waiting
      }
    } catch (error) {
      // A message that started always ends, whatever its source did.
      if (folded !== undefined && folded.ending === undefined) {
        await tell({ type: 'message-end', id: folded.id, ending: endingOfFault(error, folded.content.length > 0) })
      }
      throw error
    }
    const failure = speaking.failure()
    if (failure !== undefined) throw failure
    return folded ?? new Msg(this.name, [], 'assistant', { id: speaking.id })
  }

  async #answer(x: Msg | readonly Msg[] | undefined, scope: Scope, signal: AbortSignal | undefined): Promise<Msg> {
    this.#lookUpModel(scope)
    if (this.#model instanceof Promise) this.#model = await this.#model
    this.#reply = { id: crypto.randomUUID(), signal }
    this.#spoken = undefined
    try {
      return await this.reply(x)
    } finally {
      this.#reply = undefined
    }
  }

  #lookUpModel(scope: Scope): void {
    if (this.#model !== undefined || this.#modelConfigName === undefined) return
    this.#model = scope.model(this.#modelConfigName)
    // A rejection is told at the first call, which awaits it; until then it is not unhandled.
    if (this.#model instanceof Promise) this.#model.catch(() => undefined)
  }

  #noModel(): ConfigError {
    const advice = "Give it one: { model: new OpenAIChatWrapper({ ... }) } or { modelConfigName: 'my-model' }."
    if (this.#modelConfigName === undefined) return new ConfigError(`${this.name} has no model.`, { advice })
    return new ConfigError(`${this.name} has not looked up its model ${JSON.stringify(this.#modelConfigName)} yet.`, {
      advice: 'A model that is named by its configuration is there inside reply(), after init().',
    })
  }
}

function isSameMessage(content: Speech, said: Msg): content is Msg {
  return typeof content === 'object' && content !== null && 'content' in content && content.id === said.id
}
