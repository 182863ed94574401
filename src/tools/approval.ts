// A person's word on a tool call: how it is asked for, how the answer is read, and what was allowed for good.
import { deadlineAfter } from '../core/deadline.ts'
import { TimeoutError } from '../core/error.ts'
import type { InputRequest } from '../core/event.ts'
import { isFields } from '../core/kind.ts'
import { type Block, textOf } from '../core/message.ts'
import type { ToolCall } from '../core/tool.ts'
import { until } from '../core/until.ts'

/** Whether a call may run. */
export type Approval = { allowed: true } | { allowed: false; reason?: string }

/** What a person said: this once, every call of this tool during this run, or no. */
export type Decision = { decision: 'allow' | 'allow-always' } | { decision: 'deny'; reason?: string }

/** Whoever can ask people: a `Scope`. */
export interface Asks<Speaker> {
  readonly canAsk: boolean
  ask(
    speaker: Speaker,
    request: InputRequest,
    signal?: AbortSignal,
  ): Promise<{ content: string | Block[]; value?: unknown }>
}

const decisionSchema: Record<string, unknown> = {
  type: 'object',
  properties: {
    decision: {
      type: 'string',
      enum: ['allow', 'allow-always', 'deny'],
      description: 'allow: this once; allow-always: every call of this tool in this run; deny: not at all',
    },
    reason: { type: 'string', description: 'Why not, for the model to read' },
  },
  required: ['decision'],
}

/**
 * Asks whoever can answer in `scope` whether the call may run. The request carries `approval`, a schema for front ends
 * that show fields, and a question in words for those that cannot. Where nobody can be asked, the answer is no, and so it
 * is when nobody has answered for `timeoutMs` (milliseconds; default: it waits for ever).
 *
 * Rejects as `scope.ask` does: when the signal fires, or everybody gave up.
 */
export async function askApproval<Speaker extends { readonly name: string }>(
  scope: Asks<Speaker>,
  speaker: Speaker,
  call: ToolCall,
  signal?: AbortSignal,
  timeoutMs?: number,
): Promise<Decision> {
  if (!scope.canAsk) return { decision: 'deny', reason: 'it needs approval, and nobody is there to be asked.' }
  const input = call.input ?? {}
  const expiresAt = deadlineAfter(timeoutMs)
  const request: InputRequest = {
    type: 'input-request',
    id: crypto.randomUUID(),
    name: speaker.name,
    text: `Allow ${call.name}(${JSON.stringify(input)})? yes / always / no, or say why not:`,
    schema: decisionSchema,
    approval: { tool: call.name, callId: call.id, input },
    ...(expiresAt !== undefined && { expiresAt }),
  }
  try {
    return readDecision(await scope.ask(speaker, request, signal))
  } catch (error) {
    if (timeoutMs === undefined || !(error instanceof TimeoutError) || error.clock !== 'answer') throw error
    return { decision: 'deny', reason: `it needs approval, and nobody answered within ${timeoutMs} ms.` }
  }
}

/** Fields, or words; whatever is neither a yes nor a no is a no with these words as the reason. */
export function readDecision(answer: { content: string | Block[]; value?: unknown }): Decision {
  const { value } = answer
  if (isFields(value)) return decisionOf(String(value['decision'] ?? ''), wordIn(value['reason']))
  return decisionOf(wordIn(value) || (textOf(answer) ?? ''))
}

function decisionOf(word: string, reason = ''): Decision {
  const said = word.trim()
  switch (said.toLowerCase().replace(/[.!]$/, '')) {
    case 'y':
    case 'yes':
    case 'allow':
      return { decision: 'allow' }
    case 'a':
    case 'always':
    case 'allow-always':
      return { decision: 'allow-always' }
    case 'n':
    case 'no':
    case 'deny':
    case '':
      return denial(reason.trim())
    default:
      return denial([said, reason.trim()].filter(Boolean).join(' '))
  }
}

function denial(reason: string): Decision {
  return reason === '' ? { decision: 'deny' } : { decision: 'deny', reason }
}

function wordIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** What `Approvals` writes down. */
export interface ApprovalsState {
  always: string[]
}

/**
 * Approvals of one run: asks one question at a time, and remembers the tools that are always allowed. `JSON.stringify`
 * gives the state, which the constructor takes.
 */
export class Approvals {
  readonly #always: Set<string>
  readonly #timeoutMs: number | undefined
  #last: Promise<unknown> = Promise.resolve()

  /** `timeoutMs`: how long each question waits, from when it is asked. Default: for ever. */
  constructor(state: Partial<ApprovalsState> = {}, { timeoutMs }: { timeoutMs?: number | undefined } = {}) {
    this.#timeoutMs = timeoutMs
    this.#always = new Set(Array.isArray(state.always) ? state.always.filter((name) => typeof name === 'string') : [])
  }

  /** Names of the tools that need not be asked for any more. */
  get always(): string[] {
    return [...this.#always]
  }

  /**
   * Asks, unless the tool is always allowed. Waits for questions that were asked before; a question whose signal has fired
   * is waited for by nobody. Rejects as `askApproval` does.
   */
  async approve<Speaker extends { readonly name: string }>(
    scope: Asks<Speaker>,
    speaker: Speaker,
    call: ToolCall,
    signal?: AbortSignal,
  ): Promise<Approval> {
    const asked = this.#last.then(() => this.#ask(scope, speaker, call, signal))
    const heard = until(asked, signal)
    this.#last = heard.catch(() => undefined)
    return heard
  }

  toJSON(): ApprovalsState {
    return { always: this.always }
  }

  async #ask<Speaker extends { readonly name: string }>(
    scope: Asks<Speaker>,
    speaker: Speaker,
    call: ToolCall,
    signal: AbortSignal | undefined,
  ): Promise<Approval> {
    if (this.#always.has(call.name)) return { allowed: true }
    signal?.throwIfAborted()
    const answer = await askApproval(scope, speaker, call, signal, this.#timeoutMs)
    if (answer.decision === 'allow-always') this.#always.add(call.name)
    if (answer.decision !== 'deny') return { allowed: true }
    return answer.reason === undefined ? { allowed: false } : { allowed: false, reason: answer.reason }
  }
}
