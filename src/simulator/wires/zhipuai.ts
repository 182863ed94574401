// ZhipuAI's (GLM) chat completions: usage on the finish chunk, tool calls whole unless `tool_stream` is asked for.
import type { Plan, Step } from '../plan.ts'
import { type Asked, bearerKey, comment, type Encoder, type Failure, finishIn, idOf, sse, type Wire } from '../wire.ts'
import { callDelta, chatMessage, chatUsage, seconds } from './chat.ts'
import { checkChatRequest } from './chat-request.ts'
import { functionTools, listIn } from './fields.ts'
import { checkResponseFormat } from './response-format.ts'

const finishes = { 'tool-calls': 'tool_calls', 'content-filter': 'sensitive', refusal: 'sensitive' }

const rules = {
  roles: ['system', 'user', 'assistant', 'tool'],
  parts: ['text', 'image_url', 'video_url', 'file_url', 'input_audio'],
  checksNames: false,
}

const codes: Record<number, string> = { 400: '1214', 401: '1001', 403: '1220', 404: '1211', 429: '1302' }

export const zhipuai: Wire = {
  name: 'zhipuai',
  basePath: '/api/paas/v4',
  endpoint: '/api/paas/v4/chat/completions',
  needsKey: true,
  match: (path) => (path === '/api/paas/v4/chat/completions' ? {} : undefined),
  keyIn: bearerKey,
  streams: ({ body }) => body['stream'] === true,
  check: ({ body }) => {
    checkChatRequest(body, rules)
    checkResponseFormat(body, ['text', 'json_object'])
  },
  messages: (body) => listIn(body['messages']),
  tools: (body) => functionTools(body['tools']),
  wholeToolCalls: ({ body }) => body['tool_stream'] !== true,
  contentType: () => 'text/event-stream;charset=UTF-8',
  headers: (asked) => ({ 'x-log-id': replyId(asked) }),
  errorBody,
  encoder,
  whole,
}

function replyId(asked: Asked): string {
  return idOf('', asked.number, 30)
}

function errorBody(failure: Failure) {
  return { error: { code: String(failure.code ?? codes[failure.status] ?? failure.status), message: failure.message } }
}

function encoder(asked: Asked, plan: Plan): Encoder {
  const created = seconds(asked)
  const chunk = (choice: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    sse({
      id: replyId(asked),
      created,
      object: 'chat.completion.chunk',
      model: asked.model,
      choices: [{ index: 0, ...choice }],
      ...more,
    })
  return {
    begin: () => [],
    step: (step) => (step.type === 'redacted' ? [] : [chunk({ delta: deltaOf(step, asked) })]),
    end: () => [
      chunk(
        { finish_reason: finishIn(finishes, plan.finish), delta: { role: 'assistant', content: '' } },
        { usage: chatUsage(plan.usage) },
      ),
      'data: [DONE]\n\n',
    ],
    failure: (failure) => [sse(errorBody(failure))],
    ping: () => comment,
  }
}

function deltaOf(step: Exclude<Step, { type: 'redacted' }>, asked: Asked): unknown {
  if (step.type === 'thinking') return { role: 'assistant', reasoning_content: step.delta }
  if (step.type === 'text') return { role: 'assistant', content: step.delta }
  return { role: 'assistant', tool_calls: [callDelta(step, asked)] }
}

function whole(asked: Asked, plan: Plan) {
  return {
    id: replyId(asked),
    request_id: replyId(asked),
    created: seconds(asked),
    model: asked.model,
    choices: [{ index: 0, finish_reason: finishIn(finishes, plan.finish), message: chatMessage(plan, asked) }],
    usage: chatUsage(plan.usage),
  }
}
