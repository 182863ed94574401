// Plays one script on one wire: the events in order, each behind its gate, until the end that the script asks for.
import type { Plan } from './plan.ts'
import type { GateDelta, Script } from './script.ts'
import { pingsUntil, silence } from './waiting.ts'
import type { Encoder, Failure } from './wire.ts'

/** The failure that a script wants in the middle of its answer, and after how many deltas. */
export function failureInside(script: Script, plan: Plan): { failure: Failure; after: number } | undefined {
  const { error } = script
  if (error === undefined || isHttpError(script)) return undefined
  return { failure: failureOf(script), after: Math.min(error.after ?? plan.steps.length, plan.steps.length) }
}

/** Whether the script answers with an HTTP error instead of a 200. */
export function isHttpError(script: Script): boolean {
  return script.error?.status !== undefined && script.error.after === undefined
}

export function failureOf(script: Script): Failure {
  const { error, headers } = script
  return {
    status: error?.status ?? 500,
    message: error?.message ?? '',
    ...(error?.code !== undefined && { code: error.code }),
    ...(error?.type !== undefined && { type: error.type }),
    ...(headers !== undefined && { headers }),
  }
}

/** The events of a streamed answer. The last act (`reset`) is left to whoever holds the connection. */
export async function* play(script: Script, plan: Plan, encoder: Encoder, signal: AbortSignal): AsyncGenerator<string> {
  const inside = failureInside(script, plan)
  const steps = inside === undefined ? plan.steps : plan.steps.slice(0, inside.after)
  const isMute = script.end === 'silence' && plan.steps.length === 0 && inside === undefined
  if (inside?.after !== 0 && !isMute) yield* encoder.begin()
  for (const [index, step] of steps.entries()) {
    yield* gated(script, { index, type: step.type, delta: step.delta }, encoder.ping(), signal)
    yield* encoder.step(step)
  }
  if (inside !== undefined) yield* encoder.failure(inside.failure)
  else if (script.end === undefined || script.end === 'clean') yield* encoder.end()
  if (script.end === 'silence') yield* silence(script, encoder.ping(), signal)
}

/** A reply in one piece; one that is cut or reset breaks off in its middle, one that is silent never begins. */
export async function* playWhole(script: Script, text: string, signal: AbortSignal): AsyncGenerator<string> {
  const ping = '\n'
  yield* gated(script, { index: 0, type: 'whole', delta: text }, ping, signal)
  if (script.end === 'silence') yield* silence(script, ping, signal)
  else yield script.end === undefined || script.end === 'clean' ? text : text.slice(0, text.length >> 1)
}

async function* gated(script: Script, delta: GateDelta, ping: string, signal: AbortSignal): AsyncGenerator<string> {
  if (script.gate !== undefined) yield* pingsUntil(script.gate(delta), script, ping, signal)
}
