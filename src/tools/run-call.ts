// One call of a tool: proved, checked, allowed, run within its time; whatever happens becomes a result that a model can read.
import type { Metadata, ToolResultBlock, ToolUseBlock } from '../core/message.ts'
import type { ToolCall } from '../core/tool.ts'
import type { Approval } from './approval.ts'
import { CallTime } from './call-time.ts'
import {
  cutOff,
  denied,
  type Failure,
  failed,
  interrupted,
  invalidInput,
  timedOut,
  unknownTool,
  wordsOf,
} from './failure.ts'
import type { OpenResult } from './open-result.ts'
import { outputOf } from './output.ts'
import { OutputReader } from './output-reader.ts'
import type { Tool, ToolContext } from './tool.ts'
import { ToolError } from './tool-error.ts'

export interface RunCallOptions {
  /** `undefined` when there is none of that name. */
  tool: Tool | undefined
  /** The names that a model may call, for the answer to a wrong one. */
  known: readonly string[]
  signal: AbortSignal
  /** Asked for calls that need it; without it they are denied. */
  approve?: ((call: ToolCall, tool: Tool, signal: AbortSignal) => Promise<Approval>) | undefined
}

/** Runs one call and writes its result. Never rejects. */
export async function runCall(
  call: ToolUseBlock,
  result: OpenResult,
  options: RunCallOptions,
): Promise<ToolResultBlock> {
  const time = new CallTime(options.signal)
  const run = new ToolRun(call, result, time)
  const failure = await time.wait(run.attempt(options))
  if (failure === 'given-up') run.leave()
  const { durationMs } = time
  const marks: Metadata = durationMs === undefined ? {} : { durationMs }
  return result.close(failure === 'given-up' ? run.overdue() : failure, marks)
}

/** A call on its way from the model's words to the tool's. */
class ToolRun {
  readonly #call: ToolUseBlock
  readonly #result: OpenResult
  readonly #time: CallTime
  readonly #output: OutputReader
  #limitMs = 0

  constructor(call: ToolUseBlock, result: OpenResult, time: CallTime) {
    this.#call = call
    this.#result = result
    this.#time = time
    this.#output = new OutputReader(result)
  }

  /** Resolves to what went wrong, or to nothing. */
  async attempt(options: RunCallOptions): Promise<Failure | undefined> {
    const { name } = this.#call
    try {
      const failure = await this.#attempt(options)
      return this.overdue() ?? failure
    } catch (thrown) {
      this.leave()
      return this.overdue() ?? (await this.#told(thrown)) ?? failed(name, thrown)
    }
  }

  /** Nobody waits for it any more. */
  leave(): void {
    this.#output.leave()
  }

  /** The failure of a call whose time is over. */
  overdue(): Failure | undefined {
    const { over, durationMs } = this.#time
    if (over === undefined) return undefined
    const { name } = this.#call
    return over === 'timed-out' ? timedOut(name, this.#limitMs) : interrupted(name, durationMs !== undefined)
  }

  /** What the tool itself wanted to be read. */
  async #told(thrown: unknown): Promise<Failure | undefined> {
    if (!(thrown instanceof ToolError)) return undefined
    try {
      await this.#result.write(outputOf(thrown.output))
      return { state: 'failed' }
    } catch {
      return undefined
    }
  }

  async #attempt({ tool, known, approve }: RunCallOptions): Promise<Failure | undefined> {
    const { name, input } = this.#call
    if (this.#time.over !== undefined) return
    if (input === undefined) return cutOff(this.#call)
    if (tool === undefined) return unknownTool(name, known)
    const checked = await tool.check(structuredClone(input))
    if (!checked.ok) return invalidInput(name, checked.issues)
    const approval = (await tool.needsApproval(checked.value)) ? await this.#approval(tool, approve) : allowed
    if (!approval.allowed) return denied(name, approval.reason)
    // Whoever stopped the reply meanwhile does not want the tool run.
    if (this.#time.over !== undefined) return
    this.#limitMs = tool.timeoutMs ?? 0
    this.#time.start(tool.timeoutMs)
    const given = await tool.run(checked.value, this.#context())
    await this.#output.read(given, () => this.#time.over !== undefined)
  }

  /** When it cannot be asked, it is not allowed. */
  async #approval(tool: Tool, approve: RunCallOptions['approve']): Promise<Approval> {
    if (approve === undefined) return { allowed: false, reason: 'it needs approval, and nobody is there to be asked.' }
    try {
      return await approve(this.#asMade(), tool, this.#time.signal)
    } catch (thrown) {
      return { allowed: false, reason: `it needs approval, and asking failed: ${wordsOf(thrown)}` }
    }
  }

  #context(): ToolContext {
    return {
      signal: this.#time.signal,
      call: this.#asMade(),
      progress: (text, details) => this.#result.progress(String(text), plainDetails(details)),
    }
  }

  /** A copy: what a tool does to it does not reach the conversation. */
  #asMade(): ToolCall {
    const { id, name, input, rawInput } = this.#call
    return { id, name, input: structuredClone(input), rawInput }
  }
}

const allowed: Approval = { allowed: true }

/** As plain JSON; what cannot be said so is left out. */
function plainDetails(details: Metadata | undefined): Metadata {
  try {
    return details === undefined ? {} : JSON.parse(JSON.stringify(details))
  } catch {
    return {}
  }
}
