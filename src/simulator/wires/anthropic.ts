// Anthropic's Messages: named events, blocks that open and close, counters that replace each other.
import type { Plan, Step } from '../plan.ts'
import { type Asked, bearerKey, type Encoder, type Failure, finishIn, idOf, type Wire } from '../wire.ts'
import { checkAnthropicRequest } from './anthropic-request.ts'
import { type Fields, listIn, recordsIn, toolSchema } from './fields.ts'

const finishes = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
}

const types: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

export const anthropic: Wire = {
  name: 'anthropic',
  basePath: '',
  endpoint: '/v1/messages',
  needsKey: true,
  match: (path) => (path === '/v1/messages' ? {} : undefined),
  keyIn: (headers) => headers.get('x-api-key') || bearerKey(headers),
  streams: ({ body }) => body['stream'] === true,
  check: checkAnthropicRequest,
  messages: (body) => listIn(body['messages']),
  tools: (body) =>
    recordsIn(body['tools']).map((each) => toolSchema(each['name'], each['description'], each['input_schema'])),
  wholeToolCalls: () => false,
  contentType: () => 'text/event-stream; charset=utf-8',
  headers: (asked) => ({ 'request-id': idOf('req_', asked.number) }),
  errorBody,
  encoder,
  whole,
}

function errorBody(failure: Failure, asked: Pick<Asked, 'number'>) {
  const type =
    failure.type ?? (typeof failure.code === 'string' ? failure.code : (types[failure.status] ?? 'api_error'))
  return { type: 'error', error: { type, message: failure.message }, request_id: idOf('req_', asked.number) }
}

function event(value: Fields & { type: string }): string {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
}

type BlockType = 'thinking' | 'text' | 'tool_use'

function encoder(asked: Asked, plan: Plan): Encoder {
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
    return [...closed, started, ...(index === 0 ? [event({ type: 'ping' })] : [])]
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
    failure: (failure) => {
      const { error } = errorBody(failure, asked)
      return [event({ type: 'error', error })]
    },
  }
}

function deltaOf(step: Step): Fields {
  if (step.type === 'thinking') return { type: 'thinking_delta', thinking: step.delta }
  if (step.type === 'text') return { type: 'text_delta', text: step.delta }
  return { type: 'input_json_delta', partial_json: step.delta }
}

function lastEvents(plan: Plan): string[] {
  const delta = { stop_reason: finishIn(finishes, plan.finish), stop_sequence: null }
  return [
    event({ type: 'message_delta', delta, usage: usageOf(plan, plan.usage.outputTokens) }),
    event({ type: 'message_stop' }),
  ]
}

function toolId(call: Plan['calls'][number], asked: Asked): string {
  return call.id ?? idOf('toolu_', asked.number * 1000 + call.index)
}

/** Thinking is always signed; this one says that nobody signed it. */
function signatureOf(plan: Plan): string {
  return plan.signature ?? 'c2ltdWxhdGVkIHNpZ25hdHVyZQ=='
}

function usageOf(plan: Plan, outputTokens: number): Fields {
  const { inputTokens, cachedInputTokens } = plan.usage
  return {
    input_tokens: inputTokens - cachedInputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: outputTokens,
  }
}

function messageOf(asked: Asked, plan: Plan, content: Fields[], stop: string | null, outputTokens: number): Fields {
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

function whole(asked: Asked, plan: Plan) {
  const thinking = { type: 'thinking', thinking: plan.thinking, signature: signatureOf(plan) }
  const content: Fields[] = [
    ...(plan.thinking === '' ? [] : [thinking]),
    ...(plan.text === '' ? [] : [{ type: 'text', text: plan.text }]),
    ...plan.calls.map((call) => ({
      type: 'tool_use',
      id: toolId(call, asked),
      name: call.name,
      input: call.input ?? {},
    })),
  ]
  return messageOf(asked, plan, content, finishIn(finishes, plan.finish), plan.usage.outputTokens)
}
