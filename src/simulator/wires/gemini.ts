// Gemini's generateContent: whole response objects as they come, by CRLF server-sent events or as one growing JSON array.
import { type Plan, type Step, usageSoFar } from '../plan.ts'
import { type Asked, comment, type Encoder, type Failure, sse, type Wire } from '../wire.ts'
import { type Fields, isFields, listIn, recordsIn, toolSchema } from './fields.ts'
import { checkGeminiRequest } from './gemini-request.ts'
import { callPart, candidate, lastOf, tail, wholeResponse } from './gemini-response.ts'
import { checkSignatures } from './gemini-signatures.ts'
import { checkGeminiFormat } from './response-format.ts'

const statuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

export const gemini: Wire = {
  name: 'gemini',
  basePath: '/v1beta',
  endpoint: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
  needsKey: true,
  lineEnd: 'crlf',
  match: (path) => {
    const [, model, action] = /^\/v1(?:beta)?\/models\/(.+):(generateContent|streamGenerateContent)$/.exec(path) ?? []
    return model === undefined || action === undefined ? undefined : { model: decodeURIComponent(model), action }
  },
  keyIn: (headers, query) => headers.get('x-goog-api-key') ?? query.get('key') ?? '',
  streams: ({ action }) => action === 'streamGenerateContent',
  check: (asked) => {
    const { body, model } = asked
    checkGeminiRequest(body)
    checkSignatures(asked)
    const config = body['generationConfig'] ?? body['generation_config']
    checkGeminiFormat(model, isFields(config) ? config : {}, body['tools'])
  },
  messages: (body) => listIn(body['contents']),
  tools: (body) =>
    recordsIn(body['tools'])
      .flatMap((each) => recordsIn(each['functionDeclarations'] ?? each['function_declarations']))
      .map((each) => toolSchema(each['name'], each['description'], each['parameters'] ?? each['parametersJsonSchema'])),
  wholeToolCalls: () => true,
  contentType: (asked) => (isSse(asked) ? 'text/event-stream' : 'application/json; charset=UTF-8'),
  headers: () => ({ server: 'simulator' }),
  errorBody,
  encoder,
  whole: wholeResponse,
}

function isSse(asked: Asked): boolean {
  return asked.query.get('alt') === 'sse'
}

function errorBody(failure: Failure) {
  const code = typeof failure.code === 'number' ? failure.code : failure.status
  const status = failure.type ?? (typeof failure.code === 'string' ? failure.code : (statuses[code] ?? 'INTERNAL'))
  return { error: { code, message: failure.message, status } }
}

function encoder(asked: Asked, plan: Plan): Encoder {
  let done = 0
  let isFirst = true
  const event = (value: unknown) => {
    if (isSse(asked)) return sse(value)
    const text = (isFirst ? '[' : ',\n') + JSON.stringify(value)
    isFirst = false
    return text
  }
  const response = (candidates: Fields) => event({ ...candidates, ...tail(asked, usageSoFar(plan, done)) })
  return {
    begin: () => [],
    step: (step) => {
      done += 1
      const part = partOf(step, plan, asked)
      return part === undefined ? [] : [response(candidate([part]))]
    },
    end: () => {
      done = plan.steps.length
      return [response(lastOf(plan, asked)), ...(isSse(asked) ? [] : ['\n]\n'])]
    },
    failure: (failure) => [event(errorBody(failure)), ...(isSse(asked) ? [] : ['\n]\n'])],
    ping: () => (isSse(asked) ? comment : '\n'),
  }
}

/** A call whose arguments are no JSON object is not sent: the service reports it in the finish reason. */
function partOf(step: Step, plan: Plan, asked: Asked): Fields | undefined {
  if (step.type === 'redacted') return undefined
  if (step.type === 'thinking') return { text: step.delta, thought: true }
  if (step.type === 'text') return { text: step.delta }
  return callPart(step.call, plan, asked)
}
