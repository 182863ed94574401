// From a script to what every wire encodes: its parts and deltas, numbered and counted.
import { type PlannedCall, type PlannedPart, plannedParts, type Step } from './planned-parts.ts'
import type { Script, ScriptUsage } from './script.ts'

export type { PlannedCall, PlannedPart, Step, ToolStep } from './planned-parts.ts'

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
