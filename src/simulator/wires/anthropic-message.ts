// Anthropic's message: its frame, ids and counters, and a reply in one piece.
import { ConfigError } from '../../core/error.ts'
import type { Plan, PlannedPart } from '../plan.ts'
import { type Asked, finishIn, idOf } from '../wire.ts'
import type { Fields } from './fields.ts'

const finishes = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
}

export function stopReason(plan: Plan): string {
  return finishIn(finishes, plan.finish)
}

export function toolId(call: Plan['calls'][number], asked: Asked): string {
  return call.id ?? idOf('toolu_', asked.number * 1000 + call.index)
}

/** A thought as it begins and as it is whole; both kinds are signed or sealed, always. */
export function thoughtOf(part: PlannedPart, asked: Asked): Fields | undefined {
  if (part.type === 'redacted') return { type: 'redacted_thinking', data: asked.issued.seal(part.words) }
  if (part.type !== 'thinking') return undefined
  const { thinking, signature } = part
  return { type: 'thinking', thinking, signature: asked.issued.sign(thinking, signature) }
}

/** Keeps what must come back as it was: the thoughts and the calls, in their order. */
export function rememberAnswer(asked: Asked, plan: Plan): void {
  const marks = plan.parts.flatMap((part) => {
    if (part.type === 'tool') return [toolId(part.call, asked)]
    const thought = thoughtOf(part, asked)
    return thought === undefined ? [] : [String(thought['signature'] ?? thought['data'])]
  })
  asked.issued.remember(
    plan.calls.map((call) => toolId(call, asked)),
    marks,
  )
}

export function usageOf(plan: Plan, outputTokens: number): Fields {
  const { inputTokens, cachedInputTokens } = plan.usage
  return {
    input_tokens: inputTokens - cachedInputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: outputTokens,
  }
}

export function messageOf(
  asked: Asked,
  plan: Plan,
  content: Fields[],
  stop: string | null,
  outputTokens: number,
): Fields {
  return {
    model: asked.model,
    id: idOf('msg_', asked.number),
    type: 'message',
    role: 'assistant',
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: usageOf(plan, outputTokens),
  }
}

/** @throws ConfigError for a call whose arguments are no JSON: `input` is an object here, not a text */
export function wholeMessage(asked: Asked, plan: Plan): Fields {
  const content = plan.parts.flatMap((part): Fields[] => {
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    if (part.type === 'tool') {
      const { call } = part
      return [{ type: 'tool_use', id: toolId(call, asked), name: call.name, input: inputOf(call) }]
    }
    const thought = thoughtOf(part, asked)
    return thought === undefined ? [] : [thought]
  })
  return messageOf(asked, plan, content, stopReason(plan), plan.usage.outputTokens)
}

function inputOf(call: Plan['calls'][number]): unknown {
  if (call.rawInput === '') return {}
  if (call.isWhole) return call.input
  throw new ConfigError(`toolCalls[${call.index}] is no JSON, which a whole Anthropic reply cannot carry.`, {
    advice: 'Ask with stream: true, where arguments are text, or give `input`.',
  })
}
