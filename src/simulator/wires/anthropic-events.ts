// Anthropic's stream: named events, blocks that open and close, counters that replace each other.
import type { Plan, Step } from '../plan.ts'
import type { Asked, Encoder, Failure } from '../wire.ts'
import { messageOf, signatureOf, stopReason, toolId, usageOf } from './anthropic-message.ts'
import type { Fields } from './fields.ts'

function event(value: Fields & { type: string }): string {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
}

const ping = event({ type: 'ping' })

type BlockType = 'thinking' | 'text' | 'tool_use'

/** @param errorOf the wire's words for a failure */
export function encodedMessage(asked: Asked, plan: Plan, errorOf: (failure: Failure) => Fields): Encoder {
  let index = -1
  let open: BlockType | undefined
  let openCall: Plan['calls'][number] | undefined
  const delta = (value: Fields) => event({ type: 'content_block_delta', index, delta: value })
  const close = () => {
    if (open === undefined) return []
    const signed = open === 'thinking' ? [delta({ type: 'signature_delta', signature: signatureOf(plan) })] : []
    open = undefined
    return [...signed, event({ type: 'content_block_stop', index })]
  }
  const begin = (type: BlockType, block: Fields) => {
    const closed = close()
    index += 1
    open = type
    const started = event({ type: 'content_block_start', index, content_block: { type, ...block } })
    return [...closed, started, ...(index === 0 ? [ping] : [])]
  }
  const opened = (step: Step) => {
    if (step.type !== 'tool') {
      if (open === step.type) return []
      return begin(step.type, step.type === 'text' ? { text: '' } : { thinking: '', signature: '' })
    }
    if (openCall === step.call) return []
    openCall = step.call
    return begin('tool_use', { id: toolId(step.call, asked), name: step.call.name, input: {} })
  }
  return {
    begin: () => [event({ type: 'message_start', message: messageOf(asked, plan, [], null, 1) })],
    step: (step) => [...opened(step), delta(deltaOf(step))],
    end: () => [...close(), ...lastEvents(plan)],
    failure: (failure) => [event({ type: 'error', error: errorOf(failure) })],
    ping: () => ping,
  }
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
