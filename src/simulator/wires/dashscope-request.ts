// What DashScope's native service refuses.
import { type Asked, Refusal, refusal } from '../wire.ts'
import { checkMessages } from './chat-messages.ts'
import { checkTools } from './chat-tools.ts'
import { type Fields, isFields, kindOf, listIn, stringIn } from './fields.ts'
import { checkDashScopeFormat } from './response-format.ts'

const rules = { roles: ['system', 'user', 'assistant', 'tool'], parts: ['text'], checksNames: false }
const media = ['text', 'image', 'audio', 'video', 'file']

export function checkDashScopeRequest(asked: Asked): void {
  const { body, action } = asked
  if (stringIn(body['model']) === '') {
    throw refusal('Required parameter "model" missing from request.', { code: 'BadRequest.EmptyModel' })
  }
  const { input, parameters } = body
  if (!isFields(input)) {
    throw refusal('Required input parameter missing from request.', { code: 'BadRequest.EmptyInput' })
  }
  if (parameters !== undefined && !isFields(parameters)) throw wrong('parameters', 'an object', parameters)
  if (input['messages'] === undefined && typeof input['prompt'] === 'string') return
  if (input['messages'] === undefined) {
    throw refusal('Either "prompt" or "messages" must exist and cannot both be none.')
  }
  for (const message of listIn(input['messages'])) if (isFields(message)) checkParts(message, action)
  inOwnWords(() => checkMessages(listOrWrong(input['messages']).map(plain), rules, 'input.messages'))
  inOwnWords(() => checkTools(parameters ?? {}))
  inOwnWords(() => checkDashScopeFormat(input, parameters ?? {}))
}

/** The shared checks word their refusals as OpenAI does; this service names no field and has one code. */
function inOwnWords(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (error instanceof Refusal) throw refusal(`<400> InternalError.Algo.InvalidParameter: ${error.message}`)
    throw error
  }
}

function listOrWrong(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrong('input.messages', 'an array', value)
  return value
}

function wrong(field: string, expected: string, value: unknown): Refusal {
  return refusal(`${field} must be ${expected}, but is ${kindOf(value)}.`)
}

/** Content parts are `{ text }`, `{ image }` and so on; pictures and sounds are understood by the multimodal address only. */
function checkParts(message: Fields, action: string): void {
  for (const part of listIn(message['content'])) {
    const key = isFields(part) ? media.find((each) => each in part) : undefined
    if (key === undefined) throw refusal('Input should be a list of text, image, audio, video or file parts.')
    if (key !== 'text' && action === 'text') throw refusal('url error, please check url!')
  }
}

/** The message with content parts that the shared check has nothing to say about. */
function plain(message: unknown): unknown {
  if (!isFields(message) || !Array.isArray(message['content'])) return message
  return { ...message, content: '' }
}
