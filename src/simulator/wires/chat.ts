// The words that OpenAI's chat completions, ZhipuAI and a LiteLLM proxy have in common.

import type { Plan, PlannedCall, ToolStep } from '../plan.ts'
import type { ScriptUsage } from '../script.ts'
import { type Asked, idOf, uuidOf } from '../wire.ts'

export function seconds(asked: Asked): number {
  return Math.floor(asked.now().getTime() / 1000)
}

function callId(call: PlannedCall, asked: Asked): string {
  return call.id ?? idOf('call_', asked.number * 1000 + call.index)
}

export function chatUsage(usage: Required<ScriptUsage>) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  }
}

/** A tool call that begins: its id and name, with the arguments given. */
export function callBegins(call: PlannedCall, text: string, asked: Asked) {
  return {
    index: call.index,
    id: callId(call, asked),
    type: 'function',
    function: { name: call.name, arguments: text },
  }
}

/** One piece of a call in a delta: the first names it, the others only add. */
export function callDelta(step: ToolStep, asked: Asked) {
  if (step.isFirst) return callBegins(step.call, step.delta, asked)
  return { index: step.call.index, function: { arguments: step.delta } }
}

/** The message of a reply that does not stream. */
export function chatMessage(plan: Plan, asked: Asked, more: (call: PlannedCall) => object = () => ({})) {
  const calls = plan.calls.map((call) => {
    const { index: _, ...whole } = callBegins(call, call.rawInput, asked)
    return { ...whole, ...more(call) }
  })
  return {
    role: 'assistant',
    content: plan.text === '' && calls.length > 0 ? null : plan.text,
    ...(plan.thinking !== '' && { reasoning_content: plan.thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

export function wantsUsage(asked: Asked): boolean {
  const options = asked.body['stream_options'] as { include_usage?: unknown } | null | undefined
  return options?.include_usage === true
}

export function chatId(asked: Asked): string {
  return `chatcmpl-${uuidOf(asked.number)}`
}
