// How a LiteLLM proxy hands on what Claude thought and what Gemini signed.
import type { Plan, PlannedCall, PlannedPart } from '../plan.ts'
import type { Asked } from '../wire.ts'
import type { Fields } from './fields.ts'
import { geminiSignature, isClaude, isSigningGemini } from './signed-models.ts'

/** A thought in Anthropic's words; Claude's are signed or sealed. */
export function thinkingBlock(part: PlannedPart, asked: Asked): Fields {
  if (part.type === 'redacted') return { type: 'redacted_thinking', data: asked.issued.seal(part.words) }
  const { thinking, signature: named } = part as PlannedPart & { type: 'thinking' }
  const isSigned = named !== undefined || isClaude(asked.model)
  return { type: 'thinking', thinking, ...(isSigned && { signature: asked.issued.sign(thinking, named) }) }
}

/** Where the proxy hands on Gemini's signature of a turn's first call. */
export function signedByGemini(call: PlannedCall, plan: Plan, asked: Asked): Fields {
  const signature = isSigningGemini(asked.model) ? geminiSignature(call, plan, asked) : undefined
  return signature === undefined ? {} : { provider_specific_fields: { thought_signature: signature } }
}
