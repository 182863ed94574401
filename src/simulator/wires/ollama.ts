// Ollama's /api/chat: one JSON object a line, tool arguments as objects, the counters in the last line.
import type { Plan, Step } from '../plan.ts'
import { type Asked, bearerKey, type Encoder, finishIn, idOf, refusal, type Wire } from '../wire.ts'
import { type Fields, functionTools, isFields, kindOf, listIn, recordsIn, stringIn } from './fields.ts'
import { checkOllamaFormat } from './response-format.ts'

const finishes = { 'tool-calls': 'stop', 'content-filter': 'stop', refusal: 'stop' }
const roles = ['system', 'user', 'assistant', 'tool']

export const ollama: Wire = {
  name: 'ollama',
  basePath: '',
  endpoint: '/api/chat',
  needsKey: false,
  match: (path) => (path === '/api/chat' ? {} : undefined),
  keyIn: bearerKey,
  streams: ({ body }) => body['stream'] !== false,
  check: ({ body }) => {
    checkRequest(body)
    checkOllamaFormat(body['format'])
  },
  messages: (body) => listIn(body['messages']),
  tools: (body) => functionTools(body['tools']),
  wholeToolCalls: () => true,
  contentType: () => 'application/x-ndjson',
  headers: () => ({}),
  errorBody: (failure) => ({ error: failure.message }),
  encoder,
  whole,
}

function checkRequest(body: Fields): void {
  if (stringIn(body['model']) === '') throw refusal('model is required')
  const { messages } = body
  if (messages !== undefined && !Array.isArray(messages)) throw unreadable(messages, 'messages', 'of messages')
  for (const message of listIn(messages)) checkMessage(message)
}

function checkMessage(message: unknown): void {
  if (!isFields(message)) throw unreadable(message, 'messages', 'of messages')
  if (!roles.includes(stringIn(message['role']))) throw refusal(`invalid role: ${message['role']}`)
  const { content, images, tool_calls: calls } = message
  if (content !== undefined && content !== null && typeof content !== 'string') {
    throw unreadable(content, 'messages.content', 'of type string')
  }
  for (const field of ['thinking', 'tool_name', 'tool_call_id']) {
    const value = message[field]
    if (value !== undefined && typeof value !== 'string') throw unreadable(value, `messages.${field}`, 'of type string')
  }
  if (calls !== undefined && !Array.isArray(calls))
    throw unreadable(calls, 'messages.tool_calls', 'of type []api.ToolCall')
  if (images !== undefined && !listIn(images).every(isBase64)) throw refusal('illegal base64 data in images')
  for (const call of recordsIn(calls)) {
    const called = isFields(call['function']) ? call['function'] : {}
    if (!isFields(called['arguments'])) {
      throw unreadable(called['arguments'], 'messages.tool_calls.function.arguments', 'of type object')
    }
  }
}

function isBase64(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && /^[A-Za-z0-9+/\s]*=*\s*$/.test(value)
}

function unreadable(value: unknown, field: string, expected: string) {
  return refusal(
    `json: cannot unmarshal ${kindOf(value).replace(/^an? /, '')} into field ChatRequest.${field} ${expected}`,
  )
}

/** A request without messages only loads the model. */
function isLoad(asked: Asked): boolean {
  return listIn(asked.body['messages']).length === 0
}

function encoder(asked: Asked, plan: Plan): Encoder {
  const line = (message: Fields, more: Fields = { done: false }) =>
    `${JSON.stringify({ ...head(asked), message: { role: 'assistant', content: '', ...message }, ...more })}\n`
  return {
    begin: () => [],
    step: (step) => (isLoad(asked) || step.type === 'redacted' ? [] : [line(messageOf(step, asked))]),
    end: () => [line({}, isLoad(asked) ? { done: true, done_reason: 'load' } : doneOf(plan))],
    failure: (failure) => [`${JSON.stringify({ error: failure.message })}\n`],
    ping: () => '\n',
  }
}

function head(asked: Asked): Fields {
  return { model: asked.model, created_at: asked.now().toISOString() }
}

function messageOf(step: Exclude<Step, { type: 'redacted' }>, asked: Asked): Fields {
  if (step.type === 'thinking') return { thinking: step.delta }
  if (step.type === 'text') return { content: step.delta }
  return { tool_calls: [callOf(step.call, asked)] }
}

/** Arguments that are no JSON go out as the string they are, as some models' templates do; none at all are `{}`. */
function callOf(call: Plan['calls'][number], asked: Asked): Fields {
  const input = call.rawInput === '' ? {} : call.isWhole ? call.input : call.rawInput
  return {
    id: call.id ?? idOf('call_', asked.number * 1000 + call.index, 8),
    function: { index: call.index, name: call.name, arguments: input },
  }
}

/** Durations are nanoseconds: 10 ms a token. */
function doneOf(plan: Plan): Fields {
  const { inputTokens, outputTokens } = plan.usage
  return {
    done: true,
    done_reason: finishIn(finishes, plan.finish),
    total_duration: (inputTokens + outputTokens + 1) * 10_000_000,
    load_duration: 10_000_000,
    prompt_eval_count: inputTokens,
    prompt_eval_duration: inputTokens * 10_000_000,
    eval_count: outputTokens,
    eval_duration: outputTokens * 10_000_000,
  }
}

function whole(asked: Asked, plan: Plan) {
  if (isLoad(asked)) {
    return { ...head(asked), message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' }
  }
  const message = {
    role: 'assistant',
    content: plan.text,
    ...(plan.thinking !== '' && { thinking: plan.thinking }),
    ...(plan.calls.length > 0 && { tool_calls: plan.calls.map((call) => callOf(call, asked)) }),
  }
  return { ...head(asked), message, ...doneOf(plan) }
}
