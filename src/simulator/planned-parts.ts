// From a script to its parts: each as a whole, and as the deltas that every wire encodes.
import { piecesOf } from './pieces.ts'
import type { Script, ScriptPart, ScriptToolCall } from './script.ts'

export interface PlannedCall {
  index: number
  id?: string
  name: string
  rawInput: string
  /** The value of `rawInput`; `undefined` when it is empty or no JSON. */
  input: unknown
  /** Whether `rawInput` holds one whole JSON value. Empty counts as whole: a tool that takes nothing. */
  isWhole: boolean
}

/** A piece of the answer as a whole. Thinking may name its signature. */
export type PlannedPart =
  | { type: 'thinking'; thinking: string; signature?: string }
  | { type: 'redacted'; words: string }
  | { type: 'text'; text: string }
  | { type: 'tool'; call: PlannedCall }

/** A redacted thought comes whole, without a delta. */
export interface ProseStep<Type extends 'thinking' | 'redacted' | 'text'> {
  type: Type
  delta: string
  part: PlannedPart
  isLast: boolean
}

/** One piece of a call's JSON. */
export interface ToolStep {
  type: 'tool'
  call: PlannedCall
  delta: string
  part: PlannedPart
  isFirst: boolean
  isLast: boolean
}

export type Step = ProseStep<'thinking'> | ProseStep<'redacted'> | ProseStep<'text'> | ToolStep

type Planned = [part: PlannedPart, steps: Step[]]

/** Parts without a single delta are none. */
export function plannedParts(script: Script, wholeToolCalls: boolean): { parts: PlannedPart[]; steps: Step[] } {
  const parts: PlannedPart[] = []
  const steps: Step[] = []
  let calls = 0
  for (const each of script.parts ?? partsIn(script)) {
    const [part, own] = 'toolCall' in each ? plannedTool(each.toolCall, calls++, wholeToolCalls) : plannedProse(each)
    if (own.length === 0) continue
    parts.push(part)
    steps.push(...own)
  }
  return { parts, steps }
}

function plannedProse(each: Exclude<ScriptPart, { toolCall: unknown }>): Planned {
  if ('redacted' in each) {
    const part = { type: 'redacted', words: each.redacted } as const
    return [part, [{ type: 'redacted', delta: '', part, isLast: true }]]
  }
  const deltas = deltasOf('thinking' in each ? each.thinking : each.text)
  const part = 'thinking' in each ? thoughtOf(each, deltas.join('')) : { type: 'text' as const, text: deltas.join('') }
  const last = deltas.length - 1
  return [part, deltas.map((delta, at) => ({ type: part.type, delta, part, isLast: at === last }))]
}

function thoughtOf({ signature }: { signature?: string }, thinking: string): PlannedPart & { type: 'thinking' } {
  return { type: 'thinking', thinking, ...(signature !== undefined && { signature }) }
}

function plannedTool(call: ScriptToolCall, index: number, wholeToolCalls: boolean): Planned {
  const part = { type: 'tool', call: plannedCall(call, index) } as const
  return [part, toolSteps(part, call.pieces, wholeToolCalls)]
}

function partsIn({ thinking = [], text = [], toolCalls = [], signature }: Script): ScriptPart[] {
  return [
    { thinking, ...(signature !== undefined && { signature }) },
    { text },
    ...toolCalls.map((toolCall) => ({ toolCall })),
  ]
}

function toolSteps(
  part: PlannedPart & { type: 'tool' },
  pieces: readonly string[] | undefined,
  isWhole: boolean,
): Step[] {
  const { call } = part
  const cut = isWhole ? [call.rawInput] : (pieces ?? piecesOf(call.rawInput))
  const deltas = cut.length === 0 ? [''] : cut
  const last = deltas.length - 1
  return deltas.map((delta, at): Step => ({ type: 'tool', call, delta, part, isFirst: at === 0, isLast: at === last }))
}

function deltasOf(words: string | readonly string[] | undefined): readonly string[] {
  return typeof words === 'string' ? piecesOf(words) : (words ?? [])
}

function plannedCall(call: ScriptToolCall, index: number): PlannedCall {
  const rawInput = call.pieces?.join('') ?? call.rawInput ?? JSON.stringify(call.input ?? {})
  const { value, isWhole } = parsed(rawInput)
  return { index, name: call.name, rawInput, input: value, isWhole, ...(call.id !== undefined && { id: call.id }) }
}

function parsed(text: string): { value: unknown; isWhole: boolean } {
  if (text === '') return { value: undefined, isWhole: true }
  try {
    return { value: JSON.parse(text), isWhole: true }
  } catch {
    return { value: undefined, isWhole: false }
  }
}
