// The human in the conversation: asks for words, or for a value of a given shape, and hands them on as a message.
import { deadlineAfter } from '../core/deadline.ts'
import { ConfigError, InputError } from '../core/error.ts'
import type { InputRequest } from '../core/event.ts'
import { Msg } from '../core/message.ts'
import type { Spelled } from '../models/options.ts'
import { issuesText, type ReadSchema, readSchema, type Schema } from '../schema/index.ts'
import { type Answer, assembleScope, type GivenAnswer, type Input, type Scope, type Sink } from '../scope.ts'
import { AgentBase, type ReplyOptions } from './agent.ts'
import { checkAnswer } from './checked-answer.ts'
import { type AgentOptions, readOptions, warnOfUnknown } from './options.ts'

type Shared = 'name' | 'memory' | 'useMemory' | 'use_memory' | 'agentId' | 'agent_id' | 'scope'

/** Answers a question: an input, or only its `ask`. AgentScope: a `UserInputBase`. */
export type InputMethod = Input | Input['ask']

interface OwnOptions {
  /** Asks this input instead of those of the scope; the same as `overrideInputMethod`. */
  input?: InputMethod
  /** What the person is told with every question. */
  inputHint?: string
  /** How long each question waits for its answer, in milliseconds; front ends count it down. Default: for ever. */
  timeoutMs?: number
}

/** AgentScope's snake_case names are accepted too (`use_memory`, `input_hint`, ...). */
export type UserAgentOptions = Partial<Pick<AgentOptions, Shared>> & Spelled<OwnOptions>

/** Wrong answers to one question before it is given up. Whoever asks field by field hardly ever gives one. */
const mostTries = 3

const classInputs = new WeakMap<object, InputMethod>()

/**
 * Asks the scope's inputs (in the terminal: one line) and speaks the answer in the role of the user. With
 * `call(x, { structuredModel })` the request carries the JSON Schema; the answer is a value, or words that are read as
 * one, and is checked. A wrong one is asked for again, told why. The value stands in `metadata.structured`.
 *
 * When the input has ended, `call` rejects with `AbortedError`; when `timeoutMs` is over, with `TimeoutError`; after three wrong answers with `InputError`.
 */
export class UserAgent extends AgentBase {
  readonly inputHint: string | undefined
  readonly timeoutMs: number | undefined
  #input: InputMethod | undefined

  constructor(options: UserAgentOptions = {}) {
    const { input, inputHint, timeoutMs, name = 'User', ...rest } = readOptions(options)
    super({ name, ...rest })
    if (new.target === UserAgent) warnOfUnknown(`UserAgent ${this.name}`, options, ['input', 'inputHint', 'timeoutMs'])
    this.#input = input as InputMethod | undefined
    this.inputHint = inputHint as string | undefined
    this.timeoutMs = timeoutMs as number | undefined
    if (this.timeoutMs !== undefined && !(this.timeoutMs > 0)) {
      throw new ConfigError(`UserAgent ${this.name}: timeoutMs must be a number above 0.`)
    }
  }

  /** Every agent of this class, and of the classes below it, asks this input from now on; `undefined` takes it back. */
  static overrideClassInputMethod(input: InputMethod | undefined): void {
    if (input === undefined) classInputs.delete(this)
    else classInputs.set(this, input)
  }

  /** This agent asks this input from now on, whatever its class asks; `undefined` takes it back. */
  overrideInputMethod(input: InputMethod | undefined): void {
    this.#input = input
  }

  protected override async reply(x?: Msg | readonly Msg[], { structuredModel }: ReplyOptions = {}): Promise<Msg> {
    this.memory?.add(x)
    const scope = await this.#whereToAsk()
    const message = structuredModel ? await this.#askFor(structuredModel, scope) : await this.#askWords(scope)
    await this.speak(message)
    this.memory?.add(message)
    return message
  }

  /** The message has the id of the request: whoever showed the words while they were typed need not show them again. */
  async #askWords(scope: Scope): Promise<Msg> {
    const { id, content } = await this.#ask(scope, {})
    return new Msg(this.name, content, 'user', { id })
  }

  async #askFor(model: Schema, scope: Scope): Promise<Msg> {
    const schema: ReadSchema = readSchema(model)
    let problem: string | undefined
    for (let tries = 0; tries < mostTries; tries += 1) {
      const { id, ...answer } = await this.#ask(scope, { schema: schema.json }, problem)
      const checked = await checkAnswer(answer, schema)
      if (checked.ok) return new Msg(this.name, answer.content, 'user', { id, metadata: { structured: checked.value } })
      problem = issuesText(checked.issues)
    }
    throw new InputError(`${this.name} did not give a value of the wanted shape: ${problem}`, {
      advice: 'Ask for less at once, or say in inputHint and in the descriptions of the schema what is wanted.',
    })
  }

  async #ask(scope: Scope, more: Partial<InputRequest>, problem?: string): Promise<GivenAnswer & { id: string }> {
    const id = crypto.randomUUID()
    const text = [problem && `That does not fit: ${problem}`, this.inputHint].filter(Boolean).join('\n')
    const expiresAt = deadlineAfter(this.timeoutMs)
    const asked = { ...(text !== '' && { text }), ...(expiresAt && { expiresAt }), ...more }
    const request: InputRequest = { type: 'input-request', id, name: this.name, ...asked }
    return { ...(await this.askPerson(request, { scope })), id }
  }

  /** With an input of its own, the question still reaches everybody who listens. */
  async #whereToAsk(): Promise<Scope> {
    const own = this.#input ?? this.#classInput()
    const home = await this.home()
    if (own === undefined) return home
    const listener: Sink = { event: (speaker, event) => home.publish(speaker, event) }
    return assembleScope({ inputs: [inputOf(own)], sinks: [listener] })
  }

  #classInput(): InputMethod | undefined {
    for (let owner: object | null = this.constructor; owner !== null; owner = Object.getPrototypeOf(owner)) {
      const input = classInputs.get(owner)
      if (input !== undefined) return input
    }
    return undefined
  }
}

function inputOf(method: InputMethod): Input {
  return typeof method === 'function' ? { ask: async (...asked): Promise<Answer> => method(...asked) } : method
}
