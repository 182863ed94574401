// The agent that reasons and acts: it asks its model, runs the tools that the model wants, and goes on until it answers.
// One file, because a round, a pause and what follows it share the calls that wait; the steps themselves have files.
import { ConfigError, InputError } from '../core/error.ts'
import { wordOrKind } from '../core/kind.ts'
import { Msg, type ToolResultBlock, type ToolUseBlock } from '../core/message.ts'
import { answerTool, type ToolSchema } from '../core/tool.ts'
import { interruptedCall } from '../core/turns.ts'
import type { Spelled } from '../models/options.ts'
import type { ModelResponse } from '../models/response.ts'
import type { Speaker } from '../scope.ts'
import {
  Approvals,
  type ApprovalsState,
  type Asks,
  runCalls,
  type Tool,
  Toolkit,
  type ToolkitState,
} from '../tools/index.ts'
import { AgentBase, type AgentCallOptions, type ReplyOptions } from './agent.ts'
import { callsIn, isAnswered, isUnreadableCall, mayRun, unproved } from './calls.ts'
import { Finish } from './finish.ts'
import { type AgentOptions, isForgetful, readOptions, requireModel, warnOfUnknown } from './options.ts'
import { type PendingCall, pendingIn, type Ruling, rulingOf } from './pending.ts'
import { perspectiveFor } from './perspective.ts'
import { promptCalling } from './prompt-calling.ts'
import type { Ear } from './replying.ts'
import type { Speech } from './speech.ts'
import type { AgentState } from './state.ts'

interface OwnOptions {
  /** What it may do. Default: nothing, and then it only talks. */
  toolkit?: Toolkit | readonly Tool[]
  /** AgentScope's word for the same. */
  serviceToolkit?: Toolkit | readonly Tool[]
  /** How often it may ask its model in one reply before it must answer. Default 10. */
  maxIters?: number
  /**
   * How the model is offered tools: by the provider's own way (`native`, default), or in words (`prompt`), for models
   * that know no tools.
   */
  toolCalling?: 'native' | 'prompt'
  /**
   * What happens to a call that a person must allow: `ask` (default) asks the scope's inputs and waits; `pause` ends the
   * reply, so that `resume` can go on later, in another process too.
   */
  onApproval?: 'ask' | 'pause'
  /**
   * How long a person is waited for who must allow a call, in milliseconds; front ends count it down. Then the answer is no,
   * and the model reads why. Default: for ever.
   */
  approvalTimeoutMs?: number
  /** AgentScope's; it has no meaning here, because whoever listens hears everything. */
  verbose?: boolean
}

/** AgentScope's snake_case names are accepted too (`service_toolkit`, `max_iters`, ...). */
export type ReActAgentOptions = AgentOptions & Spelled<OwnOptions>

/** Rulings by the id of the call: allowed, or denied with words that the model reads. */
export type Rulings = Readonly<Record<string, Ruling>>

/** What a prompt is made of. The hint is for this one time. */
interface Said {
  system: readonly (string | undefined)[]
  heard: readonly Msg[]
  hint: Msg | undefined
}

/** Told to a model whose call was lost on the way, so that no result can stand behind it. */
const unreadableCall =
  'Your last tool call could not be read. Call the tool again, with whole and valid arguments, or answer without it.'

const ownOptions = [
  'toolkit',
  'serviceToolkit',
  'maxIters',
  'toolCalling',
  'onApproval',
  'approvalTimeoutMs',
  'verbose',
]

/**
 * One agent for what AgentScope splits in `ReActAgent` and `ReActAgentV2`: tools by the provider's own way on all seven
 * wires, streamed or not, or in words for models without tools. It finishes by an answer without tool calls, or, when a
 * `structuredModel` is wanted, by a value of that shape in `metadata.structured`. What tools answer is a message of its
 * own, in the order of the calls.
 *
 * @throws ConfigError when neither `model` nor `modelConfigName` is given, or an option is not what it should be.
 */
export class ReActAgent extends AgentBase {
  readonly toolkit: Toolkit
  readonly maxIters: number
  readonly approvalTimeoutMs: number | undefined
  readonly #inWords: boolean
  readonly #pauses: boolean
  /** Without a memory of its own it still remembers what it did, until the reply is over. */
  readonly #forgetful: boolean
  #approvals: Approvals
  #pending: PendingCall[] = []
  #rulings: Rulings | undefined

  constructor(options: ReActAgentOptions) {
    const { memory, useMemory, ...read } = readOptions(options)
    super({ ...read, ...(memory !== undefined && memory !== false && { memory }) } as AgentOptions)
    const who = `ReActAgent ${this.name}`
    if (new.target === ReActAgent) warnOfUnknown(who, options, ownOptions)
    requireModel(who, read)
    const own = read as OwnOptions
    const { toolkit = own.serviceToolkit ?? [], maxIters = 10, toolCalling = 'native', onApproval = 'ask' } = own
    if (!Number.isInteger(maxIters) || maxIters < 1) {
      throw new ConfigError(`${who}: maxIters must be a whole number of 1 or more.`)
    }
    checkWord(who, 'toolCalling', toolCalling, ['native', 'prompt'])
    checkWord(who, 'onApproval', onApproval, ['ask', 'pause'])
    this.toolkit = toolkit instanceof Toolkit ? toolkit : new Toolkit(toolkit)
    this.maxIters = maxIters
    this.#inWords = toolCalling === 'prompt'
    this.#pauses = onApproval === 'pause'
    this.approvalTimeoutMs = checkedTime(who, 'approvalTimeoutMs', own.approvalTimeoutMs)
    this.#approvals = new Approvals({}, { timeoutMs: this.approvalTimeoutMs })
    this.#forgetful = isForgetful({ memory, useMemory })
  }

  /** The calls that wait for a person's word, after a reply that paused. */
  get pending(): readonly PendingCall[] {
    return this.#pending
  }

  /**
   * Goes on with a reply that paused: runs what is allowed, tells the model what is denied (also every call that no
   * ruling names), and answers.
   *
   * @throws InputError when nothing waits, or a ruling names a call that does not; else as `call` does.
   */
  async resume(rulings: Rulings = {}, options: AgentCallOptions = {}): Promise<Msg> {
    const waiting = this.#pending.map(({ id }) => id)
    const stranger = Object.keys(rulings).find((id) => !waiting.includes(id))
    if (waiting.length === 0 || stranger !== undefined) {
      const what = stranger === undefined ? 'No call' : `No call ${JSON.stringify(stranger)}`
      throw new InputError(`${what} of ${this.name} waits for a ruling.`, {
        advice: waiting.length === 0 ? 'Look at agent.pending first.' : `There are: ${waiting.join(', ')}.`,
      })
    }
    this.#rulings = rulings
    try {
      return await this.call(null, options)
    } finally {
      // A resume that never came to its turn allows nothing later.
      if (this.#rulings === rulings) this.#rulings = undefined
    }
  }

  protected override get paused(): boolean {
    return this.#pending.length > 0
  }

  override toJSON(): AgentState {
    const { memory, ...state } = super.toJSON()
    const pending = [...this.#pending]
    const isKept = memory !== undefined && (!this.#forgetful || pending.length > 0)
    return {
      ...state,
      ...(isKept && { memory }),
      toolkit: this.toolkit.toJSON(),
      approvals: this.#approvals.toJSON(),
      ...(pending.length > 0 && { pending }),
    }
  }

  protected override restore(state: AgentState): void {
    super.restore(state)
    if (state['toolkit'] !== undefined) this.toolkit.load(state['toolkit'] as ToolkitState)
    const timeoutMs = this.approvalTimeoutMs
    this.#approvals = new Approvals(state['approvals'] as ApprovalsState | undefined, { timeoutMs })
    this.#pending = pendingIn(state['pending'])
  }

  protected override async reply(x?: Msg | readonly Msg[], options: ReplyOptions = {}): Promise<Msg> {
    try {
      // What it has heard between replies is nothing to remember.
      if (this.#forgetful && this.#pending.length === 0) this.memory?.clear()
      await this.#settlePending()
      this.memory?.add(x)
      return await this.#rounds(options)
    } finally {
      if (this.#forgetful && this.#pending.length === 0) this.memory?.clear()
    }
  }

  async #rounds({ structuredModel }: ReplyOptions): Promise<Msg> {
    if (structuredModel !== undefined && this.toolkit.has(answerTool)) throw takenName(this.name)
    const finish = structuredModel === undefined ? undefined : new Finish(structuredModel)
    let hint: Msg | undefined
    for (let round = 0; round < this.maxIters; ) {
      await this.takeWords()
      const said = await this.#cutShort((signal) => this.#thinkAgain(signal, finish, hint))
      // What was cut short for a word of the user's is no round.
      if (said === undefined) continue
      round += 1
      hint = said === 'unreadable' ? new Msg('system', unreadableCall, 'user') : undefined
      if (said === 'unreadable') continue
      const calls = callsIn(said)
      if (calls.length === 0) {
        if (said.ending?.reason === 'pause') continue
        if (finish === undefined) return said
        finish.insist()
        continue
      }
      const paused = await this.#act(said, calls, finish)
      if (paused) {
        await this.takeWords()
        return said
      }
      if (finish?.value !== undefined) return this.#finished(finish)
      if (isAnswered(said.ending)) return said
    }
    return this.#conclude(finish)
  }

  /** What a step came to; nothing when a word of the user's cut it short. */
  async #cutShort<Value>(act: (signal: AbortSignal) => Promise<Value>): Promise<Value | undefined> {
    try {
      return await this.step(act)
    } catch (error) {
      if (!this.steered) throw error
      return undefined
    }
  }

  /** Asks the model; a call that its provider could not read is no end, but something to be told to the model. */
  async #thinkAgain(signal: AbortSignal, finish?: Finish, hint?: Msg): Promise<Msg | 'unreadable'> {
    try {
      return await this.#think(signal, finish, hint)
    } catch (error) {
      if (isUnreadableCall(error)) return 'unreadable'
      throw error
    }
  }

  /** Asks the model and says what it answers. */
  async #think(signal: AbortSignal, finish?: Finish, told?: Msg, closing = false): Promise<Msg> {
    const schemas = [...(finish?.insists ? [] : this.toolkit.schemas), ...(finish === undefined ? [] : [finish.schema])]
    const hint = told ?? finish?.hint
    const heard = await this.recalled([])
    const system = [this.sysPrompt, finish?.instruction]
    const answer = this.#inWords
      ? await this.#askInWords({ system, heard, hint }, closing ? [] : schemas, signal)
      : await this.#askNatively({ system, heard, hint }, schemas, closing, signal)
    try {
      return await this.sayAndRemember(answer)
    } catch (error) {
      // A message that broke off may hold calls: with an answer to each the memory stays valid for every wire.
      if (this.spoken !== undefined) await this.#refuse(callsIn(this.spoken))
      throw error
    }
  }

  async #askNatively(
    said: Said,
    tools: readonly ToolSchema[],
    closing: boolean,
    signal: AbortSignal,
  ): Promise<ModelResponse> {
    const prompt = this.#prompt(said)
    // The tools stay in the request, because some providers refuse a history with calls of tools that are not there.
    return this.ask(prompt, { signal, ...(tools.length > 0 && { tools, ...(closing && { toolChoice: 'none' }) }) })
  }

  async #askInWords({ system, heard, hint }: Said, tools: readonly ToolSchema[], signal: AbortSignal): Promise<Speech> {
    const calling = promptCalling(tools)
    const perspective = perspectiveFor(heard, this.name)
    const said = { system: [...system, calling.instruction], heard: calling.history(heard), hint }
    const prompt = this.#prompt(said, perspective)
    return calling.spoken(await this.ask(prompt, { signal }))
  }

  #prompt({ system, heard, hint }: Said, perspective = perspectiveFor(heard, this.name)) {
    const words = system.filter((each) => each !== undefined && each !== '').join('\n\n')
    const first = words === '' ? null : new Msg('system', words, 'system')
    return this.model.format([first, ...heard, hint], { perspective })
  }

  /** Runs the calls, or those that may run at once; true when the reply pauses for the others. */
  async #act(said: Msg, calls: readonly ToolUseBlock[], finish?: Finish): Promise<boolean> {
    const proved = mayRun(said.ending) ? calls : calls.map(unproved)
    const held = this.#pauses ? await this.#toBeAllowed(proved) : []
    const free = proved.filter((call) => !held.some(({ id }) => id === call.id))
    if (free.length > 0) await this.#cutShort((signal) => this.#run(free, signal, finish))
    if (held.length === 0) return false
    if (this.signal?.aborted) {
      await this.#run(held, this.signal)
      return false
    }
    this.#pending = held.map(({ id, name, input }) => ({ id, name, input, requestId: crypto.randomUUID() }))
    for (const { id, name, input, requestId } of this.#pending) {
      const approval = { tool: name, callId: id, input }
      await this.publish({ type: 'input-request', id: requestId, name: this.name, approval })
    }
    return true
  }

  async #toBeAllowed(calls: readonly ToolUseBlock[]): Promise<ToolUseBlock[]> {
    const held: ToolUseBlock[] = []
    for (const call of calls) {
      const wanted = call.input === undefined ? undefined : this.toolkit.get(call.name)
      if (wanted === undefined || this.#approvals.always.includes(wanted.name)) continue
      if (await needsApproval(wanted, call.input)) held.push(call)
    }
    return held
  }

  async #run(
    calls: readonly ToolUseBlock[],
    signal: AbortSignal,
    finish?: Finish,
    rulings?: Rulings,
  ): Promise<ToolResultBlock[]> {
    const { canAsk } = await this.home()
    const person: Asks<Speaker> = {
      canAsk,
      ask: (_speaker, request, stop) => this.askPerson(request, { ...(stop && { signal: stop }) }),
    }
    const { replyId } = this
    const known = [...this.toolkit.names, ...(finish === undefined ? [] : [finish.schema.name])]
    const messageId = crypto.randomUUID()
    let results = calls.map(unheard)
    const act = async (tell: Ear) => {
      results = await runCalls(calls, {
        tool: (name) => (name === finish?.schema.name ? finish?.tool : this.#toolFor(name, rulings)),
        known,
        signal,
        approve: async (call, _tool, stop) => {
          if (rulings !== undefined) return rulingOf(rulings[call.id])
          return this.#approvals.approve(person, this.speaker, call, stop)
        },
        emit: tell,
        message: { id: messageId, name: this.name, ...(replyId !== undefined && { replyId }) },
      })
    }
    try {
      this.memory?.add(await this.sayEvents(act))
    } catch (error) {
      // A hook has failed: the calls are answered all the same.
      this.memory?.add(new Msg(this.name, results, 'system', { id: messageId }))
      throw error
    }
    return results
  }

  /** A call that waited for a ruling runs only by that ruling, whatever its tool would say now. */
  #toolFor(name: string, rulings: Rulings | undefined): Tool | undefined {
    const found = this.toolkit.get(name)
    return found === undefined || rulings === undefined ? found : { ...found, needsApproval: () => true }
  }

  /** Answers calls that must not run. */
  async #refuse(calls: readonly ToolUseBlock[]): Promise<void> {
    if (calls.length > 0) await this.#run(calls.map(unproved), this.signal ?? new AbortController().signal)
  }

  /** Calls that waited for a person are run or refused, whatever comes next. */
  async #settlePending(): Promise<void> {
    const rulings = this.#rulings ?? {}
    const pending = this.#pending.splice(0)
    this.#rulings = undefined
    if (pending.length === 0) return
    for (const { id, requestId } of pending) {
      const content = rulingOf(rulings[id]).allowed ? 'allow' : 'deny'
      await this.publish({ type: 'input-answer', id: requestId, content })
    }
    const calls = pending.map(({ id, name, input }): ToolUseBlock => {
      return { type: 'tool_use', id, name, input, rawInput: JSON.stringify(input) }
    })
    await this.step((signal) => this.#run(calls, signal, undefined, rulings))
  }

  async #finished(finish: Finish): Promise<Msg> {
    const { text, value } = finish
    return this.sayAndRemember(new Msg(this.name, text, 'assistant', { metadata: { structured: value } }))
  }

  /** It has used up its rounds: one last answer, without tools. */
  async #conclude(finish?: Finish): Promise<Msg> {
    if (finish !== undefined) throw finish.failure(this.name, this.maxIters)
    const words = `You have used all your ${this.maxIters} rounds. Answer now with what you know, without calling tools.`
    const hint = new Msg('system', words, 'user')
    let said: Msg | undefined
    while (said === undefined) {
      await this.takeWords()
      said = await this.#cutShort((signal) => this.#think(signal, undefined, hint, true))
    }
    await this.#refuse(callsIn(said))
    said.metadata = { ...said.metadata, exceededMaxIters: true }
    return said
  }
}

/** When that cannot be known, the call is left to be run, where the same failure becomes its result. */
async function needsApproval(wanted: Tool, input: unknown): Promise<boolean> {
  try {
    const checked = await wanted.check(structuredClone(input))
    return checked.ok && (await wanted.needsApproval(checked.value))
  } catch {
    return false
  }
}

/** What stands for a result that nobody heard of. */
function unheard({ id, name }: ToolUseBlock): ToolResultBlock {
  return { type: 'tool_result', id, name, output: interruptedCall, isError: true }
}

function takenName(agent: string): InputError {
  return new InputError(`${agent} has a tool named ${answerTool}, which structuredModel needs for itself.`, {
    advice: 'Give the tool another name: toolkit.add(tool, { name }).',
  })
}

/** Milliseconds. */
function checkedTime(who: string, option: string, time: unknown): number | undefined {
  if (time === undefined || (typeof time === 'number' && time > 0 && Number.isFinite(time))) return time
  throw new ConfigError(`${who}: ${option} must be a number above 0, but is ${wordOrKind(time)}.`)
}

function checkWord(who: string, option: string, word: unknown, known: readonly string[]): void {
  if (known.includes(word as string)) return
  throw new ConfigError(`${who}: ${option} must be ${known.join(' or ')}, but is ${wordOrKind(word)}.`)
}
