// From a script to the deltas that every wire encodes: cut, numbered and counted.
import type { Script, ScriptPart, ScriptToolCall, ScriptUsage } from './script.ts'

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

export interface Plan {
  parts: PlannedPart[]
  steps: Step[]
  thinking: string
  text: string
  calls: PlannedCall[]
  usage: Required<ScriptUsage>
  finish: string
  signature?: string
}

/** @param wholeToolCalls whether the wire sends the JSON of a call in one piece, whatever the script says. */
export function planOf(script: Script, messages: unknown[], wholeToolCalls: boolean): Plan {
  const { parts, steps } = plannedParts(script, wholeToolCalls)
  const calls = parts.flatMap((part) => (part.type === 'tool' ? [part.call] : []))
  const said = {
    thinking: parts.map((part) => (part.type === 'thinking' ? part.thinking : '')).join(''),
    text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
  }
  return {
    parts,
    steps,
    ...said,
    calls,
    usage: { ...roughUsage(messages, said, calls), ...script.usage },
    finish: script.finish ?? (calls.length > 0 ? 'tool-calls' : 'stop'),
    ...(script.signature !== undefined && { signature: script.signature }),
  }
}

/** The counters after `done` of `total` steps, for wires that report them all the way. */
export function usageSoFar(plan: Plan, done: number): Required<ScriptUsage> {
  const share = plan.steps.length === 0 ? 1 : Math.min(1, done / plan.steps.length)
  const outputTokens = Math.round(plan.usage.outputTokens * share)
  return { ...plan.usage, outputTokens, reasoningTokens: Math.min(plan.usage.reasoningTokens, outputTokens) }
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Cuts as a model's tokens would: at spaces, every few characters in long words, every second in Chinese. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let length = 0
  for (const { segment } of graphemes.segment(text)) {
    const isWide = (segment.codePointAt(0) ?? 0) >= 0x2e80
    if (length >= 8 || (length >= 2 && (isWide || segment.trim() === ''))) {
      pieces.push(piece)
      piece = ''
      length = 0
    }
    piece += segment
    length += 1
  }
  if (piece !== '') pieces.push(piece)
  return pieces
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

/** Parts without a single delta are none. */
function plannedParts(script: Script, wholeToolCalls: boolean): { parts: PlannedPart[]; steps: Step[] } {
  const parts: PlannedPart[] = []
  const steps: Step[] = []
  let calls = 0
  const say = (type: 'thinking' | 'text', part: PlannedPart, deltas: readonly string[]) => {
    if (deltas.length === 0) return
    parts.push(part)
    const last = deltas.length - 1
    steps.push(...deltas.map((delta, at): Step => ({ type, delta, part, isLast: at === last })))
  }
  for (const each of script.parts ?? partsIn(script)) {
    if ('thinking' in each) {
      const deltas = deltasOf(each.thinking)
      const { signature } = each
      const thinking = deltas.join('')
      say('thinking', { type: 'thinking', thinking, ...(signature !== undefined && { signature }) }, deltas)
    } else if ('text' in each) {
      const deltas = deltasOf(each.text)
      say('text', { type: 'text', text: deltas.join('') }, deltas)
    } else if ('redacted' in each) {
      const part: PlannedPart = { type: 'redacted', words: each.redacted }
      parts.push(part)
      steps.push({ type: 'redacted', delta: '', part, isLast: true })
    } else {
      const part: PlannedPart = { type: 'tool', call: plannedCall(each.toolCall, calls++) }
      parts.push(part)
      steps.push(...toolSteps(part, each.toolCall.pieces, wholeToolCalls))
    }
  }
  return { parts, steps }
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

function roughUsage(
  messages: unknown[],
  said: { thinking: string; text: string },
  calls: PlannedCall[],
): Required<ScriptUsage> {
  const reasoningTokens = roughTokens(said.thinking)
  const called = calls.reduce((sum, call) => sum + roughTokens(call.name + call.rawInput), 0)
  return {
    inputTokens: roughTokens(JSON.stringify(messages)),
    outputTokens: reasoningTokens + roughTokens(said.text) + called,
    cachedInputTokens: 0,
    reasoningTokens,
  }
}

/** About four letters a token, one for each wide character. */
function roughTokens(text: string): number {
  const wide = text.match(/[\u2e80-\uffff]/g)?.length ?? 0
  return wide + Math.ceil((text.length - wide) / 4)
}
