// What Gemini refuses in its contents.
import { refusal } from '../wire.ts'
import { type Fields, isFields, kindOf, recordsIn, stringIn } from './fields.ts'

const data = [
  'text',
  'inlineData',
  'inline_data',
  'fileData',
  'file_data',
  'functionCall',
  'function_call',
  'functionResponse',
  'function_response',
  'executableCode',
  'codeExecutionResult',
  'thoughtSignature',
  'toolCall',
  'toolResponse',
]

export function checkContent(content: unknown, at: string, roles = ['user', 'model', 'function']): void {
  if (!isFields(content)) throw invalid(at, 'an object', content)
  const { role, parts } = content
  if (role !== undefined && !roles.includes(stringIn(role))) {
    throw refusal('Please use a valid role: user, model.')
  }
  if (parts !== undefined && !Array.isArray(parts)) throw invalid(`${at}.parts`, 'a list', parts)
  if (parts === undefined || parts.length === 0) {
    throw refusal(`* GenerateContentRequest.${at}.parts: contents.parts must not be empty.`)
  }
  for (const [index, part] of parts.entries()) checkPart(part, `${at}.parts[${index}]`)
}

function checkPart(part: unknown, at: string): void {
  if (!isFields(part)) throw invalid(at, 'an object', part)
  if (!data.some((key) => key in part)) {
    throw refusal(`* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field`)
  }
  if ('text' in part && typeof part['text'] !== 'string') throw invalid(`${at}.text`, 'a string', part['text'])
  const call = callIn(part)
  if (call !== undefined) {
    if (stringIn(call['name']) === '') throw refusal(`* ${at}.function_call.name: Name cannot be empty.`)
    const { args } = call
    if (args !== undefined && !isFields(args)) throw invalid(`${at}.function_call.args`, 'an object', args)
  }
  const response = responseIn(part)
  if (response === undefined) return
  if (stringIn(response['name']) === '') throw refusal(`* ${at}.function_response.name: Name cannot be empty.`)
  if (!isFields(response['response'])) {
    throw invalid(`${at}.function_response.response`, 'an object', response['response'])
  }
}

export function callIn(part: Fields): Fields | undefined {
  const call = part['functionCall'] ?? part['function_call']
  return isFields(call) ? call : undefined
}

export function responseIn(part: Fields): Fields | undefined {
  const response = part['functionResponse'] ?? part['function_response']
  return isFields(response) ? response : undefined
}

/** Calls follow a user's turn; responses follow the calls, as many and in their order. */
export function checkFunctionTurns(contents: Fields[]): void {
  let waiting: Fields[] = []
  for (const [index, content] of contents.entries()) {
    const parts = recordsIn(content['parts'])
    const responses = parts.map(responseIn).filter((response) => response !== undefined)
    const calls = content['role'] === 'model' ? parts.map(callIn).filter((call) => call !== undefined) : []
    if (responses.length > 0 && waiting.length === 0) {
      throw refusal('Please ensure that function response turn comes immediately after a function call turn.')
    }
    if (waiting.length !== responses.length) {
      throw refusal(
        'Please ensure that the number of function response parts is equal to the number of function call parts ' +
          'of the function call turn.',
      )
    }
    checkAnswers(waiting, responses)
    if (calls.length > 0 && (index === 0 || contents[index - 1]?.['role'] === 'model')) {
      throw refusal(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      )
    }
    waiting = calls
  }
}

function checkAnswers(calls: readonly Fields[], responses: readonly Fields[]): void {
  for (const [at, { name, id }] of responses.entries()) {
    const call = calls[at]
    const isSame = call?.['name'] === name && (call?.['id'] === undefined || id === undefined || call['id'] === id)
    if (isSame) continue
    throw refusal(
      'Please ensure that function response parts match the function call parts of the function call turn: ' +
        `expected ${call?.['name']} (${call?.['id']}), but got ${name} (${id}).`,
    )
  }
}

export function invalid(field: string, expected: string, value: unknown) {
  return refusal(`Invalid value at '${field}': expected ${expected}, but got ${kindOf(value)}.`)
}
