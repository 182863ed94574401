// Where agents live: the models they may ask for, who listens, who answers questions, and the signal that stops it all.
import { AgentScopeError, ConfigError, type ErrorInfo } from './core/error.ts'
import type { InputRequest, StreamEvent } from './core/event.ts'
import type { Block, Msg } from './core/message.ts'
import type { ChatWrapper } from './models/wrapper.ts'

/** Who speaks: an agent's name and its id. */
export interface Speaker {
  readonly name: string
  readonly id: string
}

/**
 * Hears events. A sink that returns a promise asks to be waited for: that is its back-pressure, and it is honoured. One
 * that must not delay anybody returns nothing and keeps a bounded queue of its own. What it throws is told once as a
 * warning and never reaches the speaker.
 */
export interface Sink {
  event(speaker: Speaker, event: StreamEvent): void | Promise<void>
  /** Hears of a model that was asked, when its answer has ended. */
  invocation?(invocation: ModelInvocation): void | Promise<void>
  close?(): void | Promise<void>
}

/** One question to a model, and how it went. Plain JSON; it holds the whole prompt, and no key. */
export interface ModelInvocation {
  id: string
  /** The agent that asked. */
  speaker: Speaker
  replyId?: string
  model: { modelType: string; configName: string; modelName: string; provider: string }
  /** ISO 8601 in UTC. */
  startedAt: string
  durationMs: number
  /** Milliseconds until the first content; absent when none came. */
  firstContentMs?: number
  messages: readonly unknown[]
  options: Readonly<Record<string, unknown>>
  /** What the model said, with its ending and usage; absent when the request was refused. */
  response?: Msg
  error?: ErrorInfo
}

/** Words, or blocks; `{ content, value }` for a request with a schema. */
export type Answer = string | Block[] | StructuredAnswer

/** The value that was asked for, and how it reads. Default of `content`: the value as JSON text. */
export interface StructuredAnswer {
  value: unknown
  content?: string | Block[]
}

/** An answer as whoever asked gets it. */
export interface GivenAnswer {
  content: string | Block[]
  value?: unknown
}

/** Answers a question. The signal says that nobody waits for the answer any more. */
export interface Input {
  ask(request: InputRequest, signal: AbortSignal): Promise<Answer>
}

/** Finds a model by its configured name. Throws or rejects with `ConfigError` when there is none. */
export interface ModelSource {
  model(configName: string): ChatWrapper | Promise<ChatWrapper>
}

export interface ScopeOptions {
  models?: ModelSource
  sinks?: readonly Sink[]
  inputs?: readonly Input[]
  /** Stops every reply of every agent that lives here. */
  signal?: AbortSignal
}

export interface Scope extends ModelSource {
  readonly signal: AbortSignal | undefined
  /** Hands an event to every sink. Returns a promise only when a sink asks to be waited for; it never rejects. */
  publish(speaker: Speaker, event: StreamEvent): void | Promise<void>
  /** Tells every sink that wants to know that a model was asked. Never rejects. */
  invoked(invocation: ModelInvocation): void | Promise<void>
  /** Whether anybody can answer a question here. */
  readonly canAsk: boolean
  /** Asks every input at once; the first answer wins and the others are called off. */
  ask(speaker: Speaker, request: InputRequest, signal?: AbortSignal): Promise<GivenAnswer>
  /** Closes every sink. */
  close(): Promise<void>
}

/** Makes a scope of one's own, for instance one per request of a server. */
export function createScope(options: ScopeOptions = {}): Scope {
  const { sinks = [], inputs = [], signal } = options
  const { publish, invoked } = publisher(sinks)
  return {
    signal,
    model: (configName) => {
      if (options.models) return options.models.model(configName)
      throw new ConfigError(`No model is known by the name ${JSON.stringify(configName)}: this scope has no models.`, {
        advice: 'Call init({ modelConfigs }) first, give createScope({ models }), or hand the agent a model itself.',
      })
    },
    publish,
    invoked,
    canAsk: inputs.length > 0,
    ask: async (speaker, request, also) => {
      await publish(speaker, request)
      const answer = given(await firstAnswer(inputs, request, [signal, also]))
      await publish(speaker, { type: 'input-answer', id: request.id, ...answer })
      return answer
    },
    close: async () => {
      await Promise.all(sinks.map(async (sink) => sink.close?.()))
    },
  }
}

function given(answer: Answer): GivenAnswer {
  if (typeof answer === 'string' || Array.isArray(answer)) return { content: answer }
  return { content: answer.content ?? JSON.stringify(answer.value), value: answer.value }
}

function publisher(sinks: readonly Sink[]): Pick<Scope, 'publish' | 'invoked'> {
  const warned = new WeakSet<Sink>()
  const failed = (sink: Sink, error: unknown) => {
    if (warned.has(sink)) return
    warned.add(sink)
    const why = error instanceof Error ? error.message : String(error)
    process.emitWarning(`A listener failed and may have missed something: ${why}`, { code: 'AGENTSCOPE_SINK' })
  }
  const tell = (act: (sink: Sink) => void | Promise<void>): void | Promise<void> => {
    let waiting: Promise<void>[] | undefined
    for (const sink of sinks) {
      try {
        const done = act(sink)
        if (done === undefined) continue
        waiting ??= []
        waiting.push(Promise.resolve(done).catch((error) => failed(sink, error)))
      } catch (error) {
        failed(sink, error)
      }
    }
    if (waiting !== undefined) return Promise.all(waiting).then(() => undefined)
  }
  return {
    publish: (speaker, event) => tell((sink) => sink.event(speaker, event)),
    invoked: (invocation) => tell((sink) => sink.invocation?.(invocation)),
  }
}

async function firstAnswer(
  inputs: readonly Input[],
  request: InputRequest,
  signals: readonly (AbortSignal | undefined)[],
): Promise<Answer> {
  if (inputs.length === 0) {
    throw new ConfigError(`${request.name} was asked for input, but nobody can answer: this scope has no inputs.`, {
      advice: 'Give createScope({ inputs: [terminal()] }), or call init(), which brings the terminal along.',
    })
  }
  const answered = new AbortController()
  const given = signals.filter((signal) => signal !== undefined)
  const signal = AbortSignal.any([...given, answered.signal])
  try {
    return await Promise.any(inputs.map(async (input) => input.ask(request, signal)))
  } catch (error) {
    // All inputs gave up: a typed reason says more than the sum of them.
    const reasons: unknown[] = error instanceof AggregateError ? error.errors : [error]
    throw reasons.find((reason) => reason instanceof AgentScopeError) ?? reasons[0]
  } finally {
    answered.abort()
  }
}

let chosen: Scope | undefined
let fallback: Promise<Scope> | undefined

/** Makes this the scope of every agent that names none. `init()` does it. */
export function useAsDefault(scope: Scope): void {
  chosen = scope
}

/** The scope that `init()` made, if it has been called. */
export function chosenScope(): Scope | undefined {
  return chosen
}

/**
 * The scope of agents that name none: the one `init()` made; before that, one that only shows what is spoken in the
 * terminal. The composition root is loaded on demand, because a scope itself knows no terminal.
 */
export async function defaultScope(): Promise<Scope> {
  if (chosen !== undefined) return chosen
  fallback ??= import('./init.ts').then(({ plainScope }) => plainScope())
  return fallback
}
