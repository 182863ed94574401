// A LiteLLM proxy: OpenAI's chunks in its own habits, with `x-litellm-*` headers.
import type { Plan, Step } from '../plan.ts'
import {
  type Asked,
  bearerKey,
  comment,
  type Encoder,
  type Failure,
  finishIn,
  sse,
  uuidOf,
  type Wire,
} from '../wire.ts'
import { callDelta, chatId, chatMessage, chatUsage, seconds, wantsUsage } from './chat.ts'
import { checkChatRequest } from './chat-request.ts'
import { checkProxiedThoughts } from './chat-thoughts.ts'
import { functionTools, listIn } from './fields.ts'
import { signedByGemini, thinkingBlock } from './litellm-thoughts.ts'
import { checkResponseFormat } from './response-format.ts'

const finishes = { 'tool-calls': 'tool_calls', 'content-filter': 'content_filter', refusal: 'content_filter' }

const rules = {
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  parts: ['text', 'image_url', 'input_audio', 'file', 'thinking', 'refusal'],
  checksNames: false,
}

export const litellm: Wire = {
  name: 'litellm',
  basePath: '/litellm/v1',
  endpoint: '/litellm/v1/chat/completions',
  needsKey: false,
  match: (path) => (/^\/litellm(\/v1)?\/chat\/completions$/.test(path) ? {} : undefined),
  keyIn: bearerKey,
  streams: ({ body }) => body['stream'] === true,
  check: (asked) => {
    const { body } = asked
    checkChatRequest(body, rules)
    checkProxiedThoughts(asked)
    checkResponseFormat(body)
  },
  messages: (body) => listIn(body['messages']),
  tools: (body) => functionTools(body['tools']),
  wholeToolCalls: () => false,
  contentType: () => 'text/event-stream; charset=utf-8',
  headers,
  errorBody,
  encoder,
  whole,
}

/** The cost is a made-up price: a millionth of a dollar for a token. */
function headers(asked: Asked, plan?: Plan): Record<string, string> {
  const tokens = plan === undefined ? 0 : plan.usage.inputTokens + plan.usage.outputTokens
  return {
    'x-litellm-call-id': uuidOf(asked.number),
    'x-litellm-model-id': `simulated-${asked.model.replace(/[^\x21-\x7e]/g, '_')}`,
    'x-litellm-version': '1.80.0',
    'x-litellm-response-cost': (tokens / 1e6).toFixed(6),
  }
}

function errorBody(failure: Failure) {
  const type =
    failure.type ?? (failure.status === 401 ? 'auth_error' : failure.status === 429 ? 'throttling_error' : null)
  const { message, param = null } = failure
  return { error: { message, type, param, code: String(failure.code ?? failure.status) } }
}

function encoder(asked: Asked, plan: Plan): Encoder {
  const created = seconds(asked)
  let hasSpoken = false
  const chunk = (choice: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    sse({
      id: chatId(asked),
      created,
      model: asked.model,
      object: 'chat.completion.chunk',
      choices: [{ ...choice, index: 0 }],
      ...(asked.body['stream_options'] !== undefined && { stream_options: asked.body['stream_options'] }),
      ...more,
    })
  const says = (delta: Record<string, unknown>) => {
    const first = hasSpoken ? {} : { role: 'assistant' }
    hasSpoken = true
    return chunk({ delta: { ...delta, ...first } })
  }
  return {
    begin: () => [],
    step: (step) => deltas(step, asked, plan).map(says),
    end: () => [
      chunk({ finish_reason: finishIn(finishes, plan.finish), delta: {} }),
      ...(wantsUsage(asked) ? [chunk({ delta: {} }, { usage: chatUsage(plan.usage) })] : []),
      'data: [DONE]\n\n',
    ],
    failure: (failure) => [sse(errorBody(failure)), 'data: [DONE]\n\n'],
    ping: () => comment,
  }
}

function deltas(step: Step, asked: Asked, plan: Plan): Record<string, unknown>[] {
  if (step.type === 'text') return [{ content: step.delta }]
  if (step.type === 'tool') {
    const call = callDelta(step, asked)
    return [
      { content: null, tool_calls: [step.isFirst ? { ...call, ...signedByGemini(step.call, plan, asked) } : call] },
    ]
  }
  const whole = thinkingBlock(step.part, asked)
  if (step.type === 'redacted') return [{ content: '', thinking_blocks: [whole] }]
  const said = {
    content: '',
    reasoning_content: step.delta,
    thinking_blocks: [{ type: 'thinking', thinking: step.delta }],
  }
  if (!step.isLast || whole['signature'] === undefined) return [said]
  return [said, { content: '', reasoning_content: '', thinking_blocks: [{ ...whole, thinking: '' }] }]
}

function whole(asked: Asked, plan: Plan) {
  const thoughts = plan.parts.filter((part) => part.type === 'thinking' || part.type === 'redacted')
  const message = {
    ...chatMessage(plan, asked, (call) => signedByGemini(call, plan, asked)),
    ...(thoughts.length > 0 && { thinking_blocks: thoughts.map((part) => thinkingBlock(part, asked)) }),
  }
  return {
    id: chatId(asked),
    created: seconds(asked),
    model: asked.model,
    object: 'chat.completion',
    choices: [{ finish_reason: finishIn(finishes, plan.finish), index: 0, message }],
    usage: chatUsage(plan.usage),
  }
}
