// Gemini's response object: its candidate, its counters, and an answer in one piece.
import type { Plan } from '../plan.ts'
import type { ScriptUsage } from '../script.ts'
import { type Asked, finishIn, idOf } from '../wire.ts'
import { type Fields, recordsIn } from './fields.ts'

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

export function callPart(call: Plan['calls'][number], plan: Plan): Fields | undefined {
  if (!call.isWhole) return undefined
  const functionCall = {
    ...(call.id !== undefined && { id: call.id }),
    name: call.name,
    ...(call.input !== undefined && { args: call.input }),
  }
  const isSigned = plan.signature !== undefined && call.index === 0
  return { functionCall, ...(isSigned && { thoughtSignature: plan.signature }) }
}

/** The last response: the finish reason, and the signature when no call has carried it. */
export function lastOf(plan: Plan): Fields {
  const isMalformed = plan.calls.some((call) => !call.isWhole) && plan.finish === 'tool-calls'
  const finish = isMalformed ? 'MALFORMED_FUNCTION_CALL' : finishIn(finishes, plan.finish)
  if (finish === 'SAFETY') return plan.steps.length === 0 ? blocked : candidate([], finish)
  if (isMalformed) return candidate([], finish)
  const isSigned = plan.signature !== undefined && plan.calls.length === 0
  return candidate([{ text: '', ...(isSigned && { thoughtSignature: plan.signature }) }], finish)
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
  const last = lastOf(plan)
  const thoughts = plan.thinking === '' ? [] : [{ text: plan.thinking, thought: true }]
  const isSigned = plan.signature !== undefined && plan.calls.length === 0
  const text = plan.text === '' ? [] : [{ text: plan.text, ...(isSigned && { thoughtSignature: plan.signature }) }]
  const calls = plan.calls.map((call) => callPart(call, plan)).filter((part) => part !== undefined)
  const finish = recordsIn(last['candidates'])[0]?.['finishReason'] as string | undefined
  const body = finish === undefined ? last : candidate([...thoughts, ...text, ...calls], finish)
  return { ...body, ...tail(asked, plan.usage) }
}
