// OpenAI's chat completions, as documented in its API reference; `reasoning_content` as the compatible servers send it.
import type { Plan, PlannedCall, Step } from '../plan.ts'
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
import { callBegins, chatId, chatMessage, chatUsage, seconds, wantsUsage } from './chat.ts'
import { checkChatRequest } from './chat-request.ts'
import { checkCompatibleThoughts } from './chat-thoughts.ts'
import { type Fields, functionTools, listIn } from './fields.ts'
import { checkResponseFormat } from './response-format.ts'
import { geminiSignature, isSigningGemini } from './signed-models.ts'

const finishes = {
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'stop',
}

const rules = {
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  parts: ['text', 'image_url', 'input_audio', 'file', 'refusal'],
  checksNames: true,
}

export const openai: Wire = {
  name: 'openai',
  basePath: '/v1',
  endpoint: '/v1/chat/completions',
  needsKey: true,
  match: (path) => (path === '/v1/chat/completions' ? {} : undefined),
  keyIn: bearerKey,
  streams: ({ body }) => body['stream'] === true,
  check: (asked) => {
    const { body } = asked
    checkChatRequest(body, rules)
    checkCompatibleThoughts(asked)
    checkResponseFormat(body)
  },
  messages: (body) => listIn(body['messages']),
  tools: (body) => functionTools(body['tools']),
  wholeToolCalls: () => false,
  contentType: () => 'text/event-stream; charset=utf-8',
  headers: (asked) => ({ 'x-request-id': `req_${uuidOf(asked.number).replaceAll('-', '')}` }),
  errorBody: openaiError,
  encoder,
  whole,
}

function openaiError(failure: Failure) {
  const { message, param = null } = failure
  const [type, code] = errorWords(failure.status)
  return { error: { message, type: failure.type ?? type, param, code: failure.code ?? code } }
}

function errorWords(status: number): [type: string, code: string | null] {
  if (status === 401) return ['invalid_request_error', 'invalid_api_key']
  if (status === 404) return ['invalid_request_error', 'model_not_found']
  if (status === 429) return ['requests', 'rate_limit_exceeded']
  return status >= 500 ? ['server_error', null] : ['invalid_request_error', null]
}

function encoder(asked: Asked, plan: Plan): Encoder {
  const withUsage = wantsUsage(asked)
  const created = seconds(asked)
  const chunk = (choices: unknown[], usage: unknown = null) =>
    sse({
      id: chatId(asked),
      object: 'chat.completion.chunk',
      created,
      model: asked.model,
      service_tier: 'default',
      system_fingerprint: 'fp_simulated',
      choices,
      ...(withUsage && { usage }),
    })
  const says = (delta: unknown, finish: string | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: finish }])
  return {
    begin: () => [says({ role: 'assistant', content: '', refusal: null })],
    step: (step) => deltas(step, asked, plan).map((delta) => says(delta)),
    end: () => [
      says({}, finishIn(finishes, plan.finish)),
      ...(withUsage ? [chunk([], chatUsage(plan.usage))] : []),
      'data: [DONE]\n\n',
    ],
    failure: (failure) => [sse(openaiError(failure))],
    ping: () => comment,
  }
}

function deltas(step: Step, asked: Asked, plan: Plan): unknown[] {
  if (step.type === 'redacted') return []
  if (step.type === 'thinking') return [{ reasoning_content: step.delta }]
  if (step.type === 'text') return [plan.finish === 'refusal' ? { refusal: step.delta } : { content: step.delta }]
  const piece = { tool_calls: [{ index: step.call.index, function: { arguments: step.delta } }] }
  const begun = { ...callBegins(step.call, '', asked), ...signedByGemini(step.call, plan, asked) }
  return step.isFirst ? [{ tool_calls: [begun] }, piece] : [piece]
}

/** As Google's own compatible endpoint signs. https://ai.google.dev/gemini-api/docs/openai */
function signedByGemini(call: PlannedCall, plan: Plan, asked: Asked): Fields {
  const signature = isSigningGemini(asked.model) ? geminiSignature(call, plan, asked) : undefined
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } }
}

function whole(asked: Asked, plan: Plan) {
  const isRefusal = plan.finish === 'refusal'
  const message = {
    ...chatMessage(plan, asked, (call) => signedByGemini(call, plan, asked)),
    ...(isRefusal && { content: null }),
    refusal: isRefusal ? plan.text : null,
  }
  return {
    id: chatId(asked),
    object: 'chat.completion',
    created: seconds(asked),
    model: asked.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishIn(finishes, plan.finish) }],
    usage: chatUsage(plan.usage),
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
  }
}
