// Anthropic's stream: named events, blocks that open and close, counters that replace each other.
import type { Plan, PlannedPart, Step } from '../plan.ts'
import type { Asked, Encoder, Failure } from '../wire.ts'
import { messageOf, stopReason, thoughtOf, toolId, usageOf } from './anthropic-message.ts'
import type { Fields } from './fields.ts'

function event(value: Fields & { type: string }): string {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
}

const ping = event({ type: 'ping' })

/** @param errorOf the wire's words for a failure */
export function encodedMessage(asked: Asked, plan: Plan, errorOf: (failure: Failure) => Fields): Encoder {
  let index = -1
  let open: PlannedPart | undefined
  const delta = (value: Fields) => event({ type: 'content_block_delta', index, delta: value })
  const close = () => {
    if (open === undefined) return []
    const signature = open.type === 'thinking' ? thoughtOf(open, asked)?.['signature'] : undefined
    const signed = signature === undefined ? [] : [delta({ type: 'signature_delta', signature })]
    open = undefined
    return [...signed, event({ type: 'content_block_stop', index })]
  }
  const opened = ({ part }: Step) => {
    if (open === part) return []
    const closed = close()
    index += 1
    open = part
    const started = event({ type: 'content_block_start', index, content_block: beginningOf(part, asked) })
    return [...closed, started, ...(index === 0 ? [ping] : [])]
  }
  return {
    begin: () => [event({ type: 'message_start', message: messageOf(asked, plan, [], null, 1) })],
    step: (step) => [...opened(step), ...(step.type === 'redacted' ? [] : [delta(deltaOf(step))])],
    end: () => [...close(), ...lastEvents(plan)],
    failure: (failure) => [event({ type: 'error', error: errorOf(failure) })],
    ping: () => ping,
  }
}

function beginningOf(part: PlannedPart, asked: Asked): Fields | undefined {
  if (part.type === 'text') return { type: 'text', text: '' }
  if (part.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  if (part.type === 'redacted') return thoughtOf(part, asked)
  return { type: 'tool_use', id: toolId(part.call, asked), name: part.call.name, input: {} }
}

function deltaOf(step: Step): Fields {
  if (step.type === 'thinking') return { type: 'thinking_delta', thinking: step.delta }
  if (step.type === 'text') return { type: 'text_delta', text: step.delta }
  return { type: 'input_json_delta', partial_json: step.delta }
}

function lastEvents(plan: Plan): string[] {
  const delta = { stop_reason: stopReason(plan), stop_sequence: null }
  return [
    event({ type: 'message_delta', delta, usage: usageOf(plan, plan.usage.outputTokens) }),
    event({ type: 'message_stop' }),
  ]
}
