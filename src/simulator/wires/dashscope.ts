// DashScope's native generation service: events with id and status lines, deltas or cumulative texts as asked.
import { type Plan, usageSoFar } from '../plan.ts'
import { type Asked, bearerKey, comment, type Encoder, type Failure, Refusal, uuidOf, type Wire } from '../wire.ts'
import { callBegins } from './chat.ts'
import { finishOf, parametersIn, reply, type Said, withPiece } from './dashscope-reply.ts'
import { checkDashScopeRequest } from './dashscope-request.ts'
import { functionTools, isFields, listIn } from './fields.ts'

const codes: Record<number, string> = {
  400: 'InvalidParameter',
  401: 'InvalidApiKey',
  403: 'AccessDenied',
  404: 'ModelNotFound',
  429: 'Throttling.RateQuota',
  500: 'InternalError',
  503: 'ModelUnavailable',
}

export const dashscope: Wire = {
  name: 'dashscope',
  basePath: '/api/v1',
  endpoint: '/api/v1/services/aigc/text-generation/generation',
  needsKey: true,
  match: (path) => {
    const action = /^\/api\/v1\/services\/aigc\/(text|multimodal)-generation\/generation$/.exec(path)?.[1]
    return action === undefined ? undefined : { action }
  },
  keyIn: bearerKey,
  streams: ({ headers }) =>
    headers.get('x-dashscope-sse') === 'enable' || headers.get('accept')?.includes('text/event-stream') === true,
  check: checkDashScopeRequest,
  messages: (body) => listIn(isFields(body['input']) ? body['input']['messages'] : undefined),
  tools: (body) => functionTools(parametersIn(body)['tools']),
  wholeToolCalls: () => false,
  contentType: () => 'text/event-stream;charset=UTF-8',
  headers: (asked) => ({ 'x-request-id': uuidOf(asked.number) }),
  errorBody,
  encoder,
  whole,
}

function errorBody(failure: Failure, asked: Pick<Asked, 'number'>) {
  const code = String(failure.code ?? failure.type ?? codes[failure.status] ?? 'InternalError')
  return { code, message: failure.message, request_id: uuidOf(asked.number) }
}

/** The service has no finish reason for a filter: it breaks the reply off with this. */
const inspected: Failure = {
  status: 400,
  code: 'DataInspectionFailed',
  message: 'Output data may contain inappropriate content.',
}

function encoder(asked: Asked, plan: Plan): Encoder {
  const isIncremental = parametersIn(asked.body)['incremental_output'] === true
  let id = 0
  let done = 0
  let said: Said = { thinking: '', text: '', calls: [] }
  const event = (name: string, status: number, data: unknown) => {
    id += 1
    return `id:${id}\nevent:${name}\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(data)}\n\n`
  }
  const result = (finish: string) => event('result', 200, reply(asked, said, finish, usageSoFar(plan, done)))
  const failure = (broken: Failure) => [event('error', broken.status, errorBody(broken, asked))]
  return {
    begin: () => [],
    step: (step) => {
      done += 1
      if (step.type === 'redacted') return []
      if (isIncremental) said = { thinking: '', text: '', calls: [] }
      if (step.type === 'tool') said.calls = withPiece(said.calls, step, asked)
      else said[step.type] += step.delta
      return [result('null')]
    },
    end: () => {
      if (plan.finish === 'content-filter') return failure(inspected)
      if (isIncremental) said = { thinking: '', text: '', calls: [] }
      done = plan.steps.length
      return [result(finishOf(plan))]
    },
    failure,
    ping: () => comment,
  }
}

function whole(asked: Asked, plan: Plan) {
  if (plan.finish === 'content-filter') throw new Refusal(inspected)
  const calls = plan.calls.map((call) => callBegins(call, call.rawInput, asked))
  const said = { thinking: plan.thinking, text: plan.text, calls }
  return reply(asked, said, finishOf(plan), plan.usage)
}
