// One question through our own wrapper, with the exchange recorded: what it sends is what it always sends.

import type { Ending } from '../core/ending.ts'
import { type AgentScopeError, messageOf } from '../core/error.ts'
import type { ToolSchema } from '../core/tool.ts'
import type { Usage } from '../core/usage.ts'
import type { ModelResponse } from '../models/index.ts'
import type { Asker } from './asking.ts'
import type { Place } from './find-wire.ts'
import { type Fetch, played, Recorder, type Recording } from './recording.ts'
import { modelNameAt, wires } from './wires.ts'

export interface Setup {
  readonly place: Place
  readonly model: string
  readonly apiKey: string | undefined
  readonly timeoutMs: number
  readonly asker: Asker
  /** Hears what is asked next. */
  readonly tell?: ((what: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Question {
  readonly text: string
  readonly stream: boolean
  /** The most tokens of the answer; `undefined` sends no limit. */
  readonly limit?: number | undefined
  readonly tools?: readonly ToolSchema[]
  /** Options of the wrapper. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Leaves when the first words are there. */
  readonly leaves?: boolean
}

export interface Heard {
  readonly recording?: Recording | undefined
  readonly text: string
  readonly thinking: string
  readonly calls: readonly { readonly input: unknown }[]
  readonly ending?: Ending | undefined
  readonly usage?: Usage | undefined
  readonly error?: AgentScopeError | undefined
  /** From the call to the first words, and to the end. */
  readonly firstWordsMs?: number | undefined
  readonly totalMs: number
}

/** A reply as a whole may take so many times as long as one wait. */
const patience = 4

export async function speak(setup: Setup, question: Question): Promise<Heard> {
  const recorder = new Recorder(setup.asker.fetch)
  const heard = await heardThrough(recorder.fetch, setup, question)
  return { ...heard, recording: recorder.last }
}

/** The same reply read again with other options of the wrapper; asks nobody. */
export function heardAgain(recording: Recording, setup: Setup, question: Question): Promise<Heard> {
  return heardThrough(played(recording), setup, question)
}

async function heardThrough(fetch: Fetch, setup: Setup, question: Question): Promise<Heard> {
  const start = performance.now()
  const signals = [AbortSignal.timeout(setup.timeoutMs * patience), ...(setup.signal ? [setup.signal] : [])]
  let response: ModelResponse | undefined
  let firstWordsMs: number | undefined
  const isLeft = question.leaves === true
  try {
    const wrapper = wires[setup.place.wire].make(optionsOf(fetch, setup, question))
    const { stream, tools = [] } = question
    const messages = [{ role: 'user', content: question.text }]
    response = await wrapper.call(messages, { stream, tools: [...tools], signal: AbortSignal.any(signals) })
    for await (const event of response.events) {
      if (event.type !== 'text-delta' && event.type !== 'thinking-delta') continue
      firstWordsMs ??= performance.now() - start
      if (isLeft) break
    }
    return outcome(response, undefined, firstWordsMs, start)
  } catch (error) {
    setup.signal?.throwIfAborted()
    return outcome(response, error, firstWordsMs, start)
  }
}

function outcome(response: ModelResponse | undefined, error: unknown, firstWordsMs: number | undefined, start: number) {
  return {
    text: response?.text ?? '',
    thinking: response?.thinking ?? '',
    calls: response?.toolCalls ?? [],
    ending: response?.ending,
    usage: response?.usage,
    error: (error ?? response?.error) as AgentScopeError | undefined,
    firstWordsMs,
    totalMs: performance.now() - start,
  }
}

function optionsOf(fetch: Fetch, setup: Setup, { limit, options = {} }: Question): Record<string, unknown> {
  const { place, model, apiKey, timeoutMs } = setup
  const { needsKey, limit: name } = wires[place.wire]
  const key = apiKey ?? (needsKey ? 'none' : undefined)
  const { generateArgs, ...rest } = options
  return {
    modelName: modelNameAt(place.wire, model),
    baseUrl: place.baseUrl,
    ...(key !== undefined && { apiKey: key }),
    fetch,
    maxRetries: 0,
    clocks: { headersMs: timeoutMs, firstContentMs: timeoutMs, stallMs: timeoutMs },
    ...rest,
    generateArgs: { ...(limit !== undefined && { [name]: limit }), ...(generateArgs as object | undefined) },
  }
}

/** A refusal's words, shortened to a line. */
export function wordsOf({ error }: Heard): string {
  return error === undefined ? '' : messageOf(error).replace(/\s+/g, ' ').slice(0, 300)
}
