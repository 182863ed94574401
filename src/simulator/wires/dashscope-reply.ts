// DashScope's reply object: what was said, in the format that was asked for, and the counters.
import type { Plan, ToolStep } from '../plan.ts'
import type { ScriptUsage } from '../script.ts'
import { type Asked, finishIn, uuidOf } from '../wire.ts'
import { callBegins } from './chat.ts'
import { type Fields, isFields } from './fields.ts'

const finishes = { 'tool-calls': 'tool_calls', refusal: 'stop' }

export function finishOf(plan: Plan): string {
  return finishIn(finishes, plan.finish)
}

export function parametersIn(body: Fields): Fields {
  return isFields(body['parameters']) ? body['parameters'] : {}
}

/** What has been said: everything so far, or what is new since the last event. */
export interface Said {
  thinking: string
  text: string
  calls: Fields[]
}

/** Adds one piece to the call it belongs to; a piece that continues what an earlier event began has an empty id. */
export function withPiece(calls: Fields[], step: ToolStep, asked: Asked): Fields[] {
  const before = calls.find((call) => call['index'] === step.call.index)
  if (before === undefined) {
    const begun = callBegins(step.call, step.delta, asked)
    const continued = { ...begun, id: '', function: { arguments: step.delta } }
    return [...calls, step.isFirst ? begun : continued]
  }
  const called = before['function'] as { arguments: string }
  const grown = { ...before, function: { ...called, arguments: called.arguments + step.delta } }
  return calls.map((call) => (call === before ? grown : call))
}

export function reply(asked: Asked, said: Said, finish: string, usage: Required<ScriptUsage>): Fields {
  return { output: outputOf(asked, said, finish), usage: usageOf(usage), request_id: uuidOf(asked.number) }
}

function outputOf(asked: Asked, said: Said, finish: string): Fields {
  const isMultimodal = asked.action === 'multimodal'
  const format = parametersIn(asked.body)['result_format'] ?? 'text'
  if (!isMultimodal && format === 'text' && said.calls.length === 0) return { finish_reason: finish, text: said.text }
  const list = said.text === '' ? [] : [{ text: said.text }]
  const message = {
    content: isMultimodal ? list : said.text,
    ...(said.thinking !== '' && { reasoning_content: said.thinking }),
    ...(said.calls.length > 0 && { tool_calls: said.calls }),
    role: 'assistant',
  }
  return { choices: [{ message, index: 0, finish_reason: finish }] }
}

function usageOf(usage: Required<ScriptUsage>): Fields {
  return {
    total_tokens: usage.inputTokens + usage.outputTokens,
    output_tokens: usage.outputTokens,
    input_tokens: usage.inputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    ...(usage.reasoningTokens > 0 && { output_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
  }
}
