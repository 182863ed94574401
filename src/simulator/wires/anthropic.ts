// Anthropic's Messages API: where it is asked, and the shape of its errors.
import { type Asked, bearerKey, type Failure, idOf, type Wire } from '../wire.ts'
import { encodedMessage } from './anthropic-events.ts'
import { rememberAnswer, wholeMessage } from './anthropic-message.ts'
import { checkAnthropicRequest } from './anthropic-request.ts'
import { listIn, recordsIn, toolSchema } from './fields.ts'

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
  encoder: (asked, plan) => {
    rememberAnswer(asked, plan)
    return encodedMessage(asked, plan, (failure) => errorBody(failure, asked).error)
  },
  whole: (asked, plan) => {
    rememberAnswer(asked, plan)
    return wholeMessage(asked, plan)
  },
}

function errorBody(failure: Failure, asked: Pick<Asked, 'number'>) {
  const type =
    failure.type ?? (typeof failure.code === 'string' ? failure.code : (types[failure.status] ?? 'api_error'))
  return { type: 'error', error: { type, message: failure.message }, request_id: idOf('req_', asked.number) }
}
