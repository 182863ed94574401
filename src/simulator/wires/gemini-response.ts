// Gemini's response object: its candidate, its counters, and an answer in one piece.
import type { Plan } from '../plan.ts'
import type { ScriptUsage } from '../script.ts'
import { type Asked, finishIn, idOf } from '../wire.ts'
import { type Fields, recordsIn } from './fields.ts'
import { geminiSignature, isSigningGemini } from './signed-models.ts'

const finishes = {
  stop: 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  refusal: 'PROHIBITED_CONTENT',
}

export function candidate(parts: Fields[], finish?: string): Fields {
  const content = parts.length === 0 ? {} : { content: { parts, role: 'model' } }
  return { candidates: [{ ...content, ...(finish !== undefined && { finishReason: finish }), index: 0 }] }
}

export function callPart(call: Plan['calls'][number], plan: Plan, asked: Asked): Fields | undefined {
  if (!call.isWhole) return undefined
  const functionCall = {
    ...(call.id !== undefined && { id: call.id }),
    name: call.name,
    ...(call.input !== undefined && { args: call.input }),
  }
  const thoughtSignature = geminiSignature(call, plan, asked)
  return { functionCall, ...(thoughtSignature !== undefined && { thoughtSignature }) }
}

/** The last response: the finish reason, and the signature when no call has carried it. */
export function lastOf(plan: Plan, asked: Asked): Fields {
  const isMalformed = plan.calls.some((call) => !call.isWhole) && plan.finish === 'tool-calls'
  const finish = isMalformed ? 'MALFORMED_FUNCTION_CALL' : finishIn(finishes, plan.finish)
  if (finish === 'SAFETY') return plan.steps.length === 0 ? blocked : candidate([], finish)
  if (isMalformed) return candidate([], finish)
  return candidate([{ text: '', ...signedText(plan, asked) }], finish)
}

/** An answer without calls is signed at its end. */
function signedText(plan: Plan, asked: Asked): Fields {
  const { signature, calls, text } = plan
  if (calls.length > 0 || (signature === undefined && !isSigningGemini(asked.model))) return {}
  return { thoughtSignature: asked.issued.sign(text, signature) }
}

/** The prompt itself was refused. */
const blocked = {
  promptFeedback: {
    blockReason: 'SAFETY',
    safetyRatings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH' }],
  },
}

export function tail(asked: Asked, usage: Required<ScriptUsage>): Fields {
  const { inputTokens, outputTokens, reasoningTokens, cachedInputTokens } = usage
  const usageMetadata = {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - reasoningTokens,
    totalTokenCount: inputTokens + outputTokens,
    ...(cachedInputTokens > 0 && { cachedContentTokenCount: cachedInputTokens }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
  }
  return { usageMetadata, modelVersion: asked.model, responseId: idOf('sim', asked.number, 20) }
}

/** The whole answer at once. */
export function wholeResponse(asked: Asked, plan: Plan): Fields {
  const last = lastOf(plan, asked)
  const lastText = plan.parts.findLast((part) => part.type === 'text')
  const parts = plan.parts.flatMap((part): (Fields | undefined)[] => {
    if (part.type === 'thinking') return part.thinking === '' ? [] : [{ text: part.thinking, thought: true }]
    if (part.type === 'tool') return [callPart(part.call, plan, asked)]
    if (part.type === 'redacted' || part.text === '') return []
    return [{ text: part.text, ...(part === lastText && signedText(plan, asked)) }]
  })
  const finish = recordsIn(last['candidates'])[0]?.['finishReason'] as string | undefined
  const body =
    finish === undefined
      ? last
      : candidate(
          parts.filter((part) => part !== undefined),
          finish,
        )
  return { ...body, ...tail(asked, plan.usage) }
}
