// Where agents live: the models they may ask for, who listens, who answers questions, and the signal that stops it all.
import { ConfigError, type ErrorInfo } from './core/error.ts'
import type { InputRequest, StreamEvent } from './core/event.ts'
import type { Block, Msg } from './core/message.ts'
import { nameRun, type RunIdentity } from './core/run-name.ts'
import type { Budget } from './models/budget.ts'
import type { ChatWrapper } from './models/wrapper.ts'
import { firstAnswer, isUnanswered } from './scope.inputs.ts'
import { publisher } from './scope.sinks.ts'

export { AnsweredElsewhere, PersonLeft } from './scope.inputs.ts'

/** Who speaks: an agent's name and its id. */
export interface Speaker {
  readonly name: string
  readonly id: string
}

/**
 * Hears events, one after the other. A sink that returns a promise asks to be waited for: it hears the next event when
 * that has settled, and whoever speaks is not done before it has heard the end of the message. It slows down neither the
 * model nor another sink: what comes meanwhile waits, the deltas of a block as one. One that does not settle for two
 * seconds is stuck and nobody waits for it until it does; beyond 5,000 events or 4 Mi characters it misses what waits, and
 * hears a `notice` of that (`skipped`). What it throws, and that it is stuck, is told once as a warning.
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

/** A reply that is being given, for whoever watches from outside and wants to stop it or say a word. */
export interface LiveReply {
  readonly id: string
  readonly speaker: Speaker
  stop(reason: string): void
  steer(text: string, when?: 'now' | 'after-tool' | 'after-reply'): void
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
  /** The `place` of the input that gave it. */
  by?: string
}

/**
 * Answers a question. The signal says that nobody waits for the answer any more; when another input was first, its reason
 * is an `AnsweredElsewhere`, which tells where and what.
 */
export interface Input {
  /** What others are told of where an answer was given: `terminal`, `Studio`, `default` for one that nobody gave. */
  readonly place?: string
  ask(request: InputRequest, signal: AbortSignal): Promise<Answer>
}

/** Finds a model by its configured name. Throws or rejects with `ConfigError` when there is none. */
export interface ModelSource {
  model(configName: string): ChatWrapper | Promise<ChatWrapper>
}

/** What a scope is put together from; everything is ready. */
export interface ScopeParts {
  models?: ModelSource | undefined
  sinks?: readonly Sink[] | undefined
  inputs?: readonly Input[] | undefined
  signal?: AbortSignal | undefined
  budget?: Budget | undefined
  run?: RunIdentity | undefined
  /** Is told of every model that is used here. */
  protect?: ((model: ChatWrapper) => void) | undefined
}

/** Any number of scopes live side by side; what happens in one is not heard in another. */
export interface Scope extends ModelSource, RunIdentity, AsyncDisposable {
  /** Stops every reply of every agent that lives here. */
  readonly signal: AbortSignal | undefined
  /** What all agents that live here may spend together. */
  readonly budget?: Budget | undefined
  /** Makes known whose secrets must stand in nothing that is written for this scope. `model()` does it by itself. */
  protect(model: ChatWrapper): void
  /**
   * Hands an event to every sink. Returns a promise only for the end of a message, and for questions and answers, when a
   * sink asks to be waited for; it never rejects.
   */
  publish(speaker: Speaker, event: StreamEvent): void | Promise<void>
  /** Tells every sink that wants to know that a model was asked. */
  invoked(invocation: ModelInvocation): void
  /** Replies that are being given here now. */
  readonly replies: ReadonlySet<LiveReply>
  /** Tells that a reply has begun; the function it gives back tells that it is over. */
  began(reply: LiveReply): () => void
  /** Whether anybody can answer a question here. */
  readonly canAsk: boolean
  /**
   * Asks every input at once; the first answer wins and the others are called off. An input that fails is out; when all
   * have failed, it rejects with the first typed reason. AbortedError when `signal` or the scope's own fires before;
   * TimeoutError `answer` at the request's `expiresAt`, and everybody who listens is told that nobody answered.
   */
  ask(speaker: Speaker, request: InputRequest, signal?: AbortSignal): Promise<GivenAnswer>
  /** Closes every sink, and waits until all that was heard is written. A second call waits for the same. */
  close(): Promise<void>
  /** Who it is; nothing that it holds. */
  toJSON(): RunIdentity
}

/** A scope of parts that are ready. `createScope` makes them from options first: models, and a run directory. */
export function assembleScope(parts: ScopeParts = {}): Scope {
  const { models, sinks = [], inputs = [], signal, budget, run = nameRun(), protect = () => undefined } = parts
  const { publish, invoked, close } = publisher(sinks)
  const known = (model: ChatWrapper) => {
    protect(model)
    return model
  }
  const replies = new Set<LiveReply>()
  const scope: Scope = {
    ...run,
    signal,
    budget,
    replies,
    began: (reply) => {
      replies.add(reply)
      return () => void replies.delete(reply)
    },
    model: (configName) => {
      const found = modelsOr(models, configName).model(configName)
      return found instanceof Promise ? found.then(known) : known(found)
    },
    protect,
    publish,
    invoked,
    canAsk: inputs.length > 0,
    ask: async (speaker, request, also) => {
      await publish(speaker, request)
      const answer = await firstAnswer(inputs, request, [signal, also]).catch(async (error) => {
        if (isUnanswered(error)) {
          await publish(speaker, { type: 'input-answer', id: request.id, content: '', by: 'default' })
        }
        throw error
      })
      await publish(speaker, { type: 'input-answer', id: request.id, ...answer })
      return answer
    },
    close,
    [Symbol.asyncDispose]: close,
    toJSON: () => ({ ...run }),
  }
  return hidden(scope)
}

function modelsOr(models: ModelSource | undefined, configName: string): ModelSource {
  if (models !== undefined) return models
  throw new ConfigError(`No model is known by the name ${JSON.stringify(configName)}: this scope has no models.`, {
    advice: 'Give init() or createScope() { modelConfigs }, or hand the agent a model itself.',
  })
}

/** Printed, it shows who it is and nothing that it holds. */
function hidden(scope: Scope): Scope {
  const inspect = Symbol.for('nodejs.util.inspect.custom')
  const print = () => `Scope { ${scope.runDirectory ?? scope.runId} }`
  return Object.defineProperty(scope, inspect, { value: print })
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
