// What OpenAI, and those who took over its request, refuse in a list of messages.
import { refusal } from '../wire.ts'
import { code, missing, wrongType } from './chat-refusals.ts'
import { type Fields, isFields, listIn, recordsIn, stringIn } from './fields.ts'

/** How strict one provider is. */
export interface ChatRules {
  roles: readonly string[]
  /** Types of content parts that are understood. */
  parts: readonly string[]
  /** Whether a speaker's name must be free of spaces and brackets. */
  checksNames: boolean
}

/** The message list alone; `at` is its path in error messages. */
export function checkMessages(messages: unknown, rules: ChatRules, at = 'messages'): void {
  if (messages === undefined) throw missing(at)
  if (!Array.isArray(messages)) throw wrongType(at, 'an array of objects', messages)
  if (messages.length === 0) {
    throw refusal(`Invalid '${at}': empty array. Expected at least one message.`, { param: at, code: code.empty })
  }
  for (const [index, message] of messages.entries()) {
    if (!isFields(message)) throw wrongType(`${at}[${index}]`, 'an object', message)
    checkMessage(message, `${at}[${index}]`, rules)
  }
  checkToolTurns(messages as Fields[], at)
}

function checkMessage(message: Fields, at: string, rules: ChatRules): void {
  const { role, name } = message
  if (role === undefined) throw missing(`${at}.role`)
  if (typeof role !== 'string' || !rules.roles.includes(role)) {
    const known = rules.roles.map((each) => `'${each}'`).join(', ')
    throw refusal(`Invalid value: '${role}'. Supported values are: ${known}.`, {
      param: `${at}.role`,
      code: code.value,
    })
  }
  if (rules.checksNames && name !== undefined && !/^[^\s<|\\/>]+$/.test(stringIn(name))) {
    throw refusal(`Invalid '${at}.name': string does not match pattern. Expected '^[^\\s<|\\\\/>]+$'.`, {
      param: `${at}.name`,
      code: code.value,
    })
  }
  if (role === 'assistant') checkToolCalls(message, at, rules)
  if (role === 'tool' && typeof message['tool_call_id'] !== 'string') throw missing(`${at}.tool_call_id`)
  checkContent(message, at, rules)
}

function checkContent(message: Fields, at: string, rules: ChatRules): void {
  const { content, role } = message
  if (content === undefined || content === null) {
    const saysOtherwise = listIn(message['tool_calls']).length > 0 || typeof message['refusal'] === 'string'
    if (role === 'assistant' && saysOtherwise) return
    throw refusal(`Invalid value for 'content': expected a string, got null.`, { param: `${at}.content` })
  }
  if (typeof content === 'string') return
  if (!Array.isArray(content)) throw wrongType(`${at}.content`, 'a string or an array of objects', content)
  for (const [index, part] of content.entries()) {
    checkPart(part, `${at}.content[${index}]`, rules)
    if (role === 'user' || !isFields(part) || part['type'] !== 'image_url') continue
    throw refusal(
      `Invalid '${at}'. Image URLs are only allowed for messages with role 'user', but this message with role '${role}' ` +
        'contains an image URL.',
      { param: at, code: code.value },
    )
  }
}

function checkPart(part: unknown, at: string, rules: ChatRules): void {
  if (!isFields(part)) throw wrongType(at, 'an object', part)
  const type = stringIn(part['type'])
  if (!rules.parts.includes(type)) {
    const known = rules.parts.map((each) => `'${each}'`).join(', ')
    throw refusal(`Invalid value: '${type}'. Supported values are: ${known}.`, {
      param: `${at}.type`,
      code: code.value,
    })
  }
  if (part[type] === undefined) throw missing(`${at}.${type}`)
  if (type === 'text' && typeof part['text'] !== 'string') throw wrongType(`${at}.text`, 'a string', part['text'])
  const image = part['image_url']
  if (type === 'image_url' && !(isFields(image) && typeof image['url'] === 'string')) {
    throw wrongType(`${at}.image_url`, 'an object with a url', image)
  }
}

function checkToolCalls(message: Fields, at: string, rules: ChatRules): void {
  const calls = message['tool_calls']
  if (calls === undefined || calls === null) return
  if (!Array.isArray(calls)) throw wrongType(`${at}.tool_calls`, 'an array of objects', calls)
  if (calls.length === 0) throw refusal(`[] is too short - '${at}.tool_calls'`, { param: at, code: code.empty })
  for (const [index, call] of calls.entries()) {
    const where = `${at}.tool_calls[${index}]`
    if (!isFields(call)) throw wrongType(where, 'an object', call)
    if (typeof call['id'] !== 'string') throw missing(`${where}.id`)
    if (call['type'] !== 'function') throw missing(`${where}.type`)
    const called = call['function']
    if (!isFields(called)) throw missing(`${where}.function`)
    if (stringIn(called['name']) === '') throw missing(`${where}.function.name`)
    if (rules.checksNames && !/^[a-zA-Z0-9_-]+$/.test(stringIn(called['name']))) {
      throw refusal(`Invalid '${where}.function.name': string does not match pattern. Expected '^[a-zA-Z0-9_-]+$'.`, {
        param: `${where}.function.name`,
        code: code.value,
      })
    }
    const text = called['arguments']
    if (typeof text !== 'string') throw wrongType(`${where}.function.arguments`, 'a string', text)
    if (!isJsonObject(text)) {
      throw refusal('The "function.arguments" parameter must be in JSON format.', {
        param: `${where}.function.arguments`,
        code: code.value,
      })
    }
  }
}

function isJsonObject(text: string): boolean {
  try {
    return isFields(JSON.parse(text))
  } catch {
    return false
  }
}

/** Every call is answered by the tool messages right behind it, and every tool message answers a call. */
function checkToolTurns(messages: Fields[], at: string): void {
  let waiting = new Set<string>()
  let isAnswering = false
  for (const [index, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      if (!isAnswering || !waiting.delete(stringIn(message['tool_call_id']))) {
        throw refusal(
          "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
          { param: `${at}.[${index}].role` },
        )
      }
      continue
    }
    if (waiting.size > 0) throw unanswered(waiting, `${at}.[${index}].role`)
    const calls = message['role'] === 'assistant' ? recordsIn(message['tool_calls']) : []
    waiting = new Set(calls.map((call) => stringIn(call['id'])))
    isAnswering = calls.length > 0
  }
  if (waiting.size > 0) throw unanswered(waiting, `${at}.[${messages.length - 1}].role`)
}

function unanswered(ids: Set<string>, param: string) {
  return refusal(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`,
    { param },
  )
}
