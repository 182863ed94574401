// Models that sign what they think on other wires than their own, and how the first call of a turn is signed.
import type { Plan, PlannedCall } from '../plan.ts'
import type { Asked } from '../wire.ts'

export function isClaude(model: string): boolean {
  return /claude/.test(model)
}

/** Since Gemini 3 calls are signed, and refused without. https://ai.google.dev/gemini-api/docs/thought-signatures */
export function isSigningGemini(model: string): boolean {
  return /(^|\/)gemini-([3-9]|\d\d)/.test(model)
}

/** Google's stand-in for calls that came from elsewhere. */
export const skipsValidation = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']

/** What a call's signature signs. */
export function signedCall(name: unknown, input: unknown): string {
  return JSON.stringify([name, input ?? {}])
}

/** The signature of a call, when it is the first of the answer and its model signs. */
export function geminiSignature(call: PlannedCall, { signature }: Plan, asked: Asked): string | undefined {
  if (call.index > 0 || (signature === undefined && !isSigningGemini(asked.model))) return undefined
  return asked.issued.sign(signedCall(call.name, call.input), signature)
}
