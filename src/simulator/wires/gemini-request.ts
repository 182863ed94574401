// What Gemini refuses.
import { refusal } from '../wire.ts'
import { type Fields, isRecord, kindOf, recordsIn, stringIn } from './fields.ts'

const known = new Set([
  'contents',
  'model',
  'systemInstruction',
  'system_instruction',
  'tools',
  'toolConfig',
  'tool_config',
  'safetySettings',
  'safety_settings',
  'generationConfig',
  'generation_config',
  'cachedContent',
  'cached_content',
  'labels',
  'serviceTier',
  'store',
])

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

export function checkGeminiRequest(body: Fields): void {
  const unknown = Object.keys(body).find((key) => !known.has(key))
  if (unknown !== undefined) {
    throw refusal(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`)
  }
  const { contents } = body
  if (contents !== undefined && !Array.isArray(contents)) throw invalid('contents', 'a list', contents)
  if (contents === undefined || contents.length === 0) {
    throw refusal('* GenerateContentRequest.contents: contents is not specified')
  }
  for (const [index, content] of contents.entries()) checkContent(content, `contents[${index}]`)
  checkFunctionTurns(contents as Fields[])
  checkTools(body['tools'])
  const config = body['generationConfig'] ?? body['generation_config']
  if (config !== undefined && !isRecord(config)) throw invalid('generation_config', 'an object', config)
  const system = body['systemInstruction'] ?? body['system_instruction']
  if (system !== undefined) checkContent(system, 'system_instruction', ['user', 'system', 'model'])
}

function checkContent(content: unknown, at: string, roles = ['user', 'model', 'function']): void {
  if (!isRecord(content)) throw invalid(at, 'an object', content)
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
  if (!isRecord(part)) throw invalid(at, 'an object', part)
  if (!data.some((key) => key in part)) {
    throw refusal(`* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field`)
  }
  if ('text' in part && typeof part['text'] !== 'string') throw invalid(`${at}.text`, 'a string', part['text'])
  const call = callIn(part)
  if (call !== undefined) {
    if (stringIn(call['name']) === '') throw refusal(`* ${at}.function_call.name: Name cannot be empty.`)
    const { args } = call
    if (args !== undefined && !isRecord(args)) throw invalid(`${at}.function_call.args`, 'an object', args)
  }
  const response = responseIn(part)
  if (response === undefined) return
  if (stringIn(response['name']) === '') throw refusal(`* ${at}.function_response.name: Name cannot be empty.`)
  if (!isRecord(response['response'])) {
    throw invalid(`${at}.function_response.response`, 'an object', response['response'])
  }
}

function callIn(part: Fields): Fields | undefined {
  const call = part['functionCall'] ?? part['function_call']
  return isRecord(call) ? call : undefined
}

function responseIn(part: Fields): Fields | undefined {
  const response = part['functionResponse'] ?? part['function_response']
  return isRecord(response) ? response : undefined
}

/** Calls follow a user's turn, responses follow the calls, and there are as many of them. */
function checkFunctionTurns(contents: Fields[]): void {
  let waiting = 0
  for (const [index, content] of contents.entries()) {
    const parts = recordsIn(content['parts'])
    const responses = parts.filter((part) => responseIn(part) !== undefined).length
    const calls = content['role'] === 'model' ? parts.filter((part) => callIn(part) !== undefined).length : 0
    if (responses > 0 && waiting === 0) {
      throw refusal('Please ensure that function response turn comes immediately after a function call turn.')
    }
    if (waiting !== responses) {
      throw refusal(
        'Please ensure that the number of function response parts is equal to the number of function call parts ' +
          'of the function call turn.',
      )
    }
    if (calls > 0 && (index === 0 || contents[index - 1]?.['role'] === 'model')) {
      throw refusal(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      )
    }
    waiting = calls
  }
}

function checkTools(tools: unknown): void {
  if (tools === undefined) return
  if (!Array.isArray(tools)) throw invalid('tools', 'a list', tools)
  for (const tool of recordsIn(tools)) {
    for (const declared of recordsIn(tool['functionDeclarations'] ?? tool['function_declarations'])) {
      const name = stringIn(declared['name'])
      if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(name)) {
        throw refusal(
          `Invalid function name "${name}". Must start with a letter or an underscore, at most 64 characters.`,
        )
      }
    }
  }
}

function invalid(field: string, expected: string, value: unknown) {
  return refusal(`Invalid value at '${field}': expected ${expected}, but got ${kindOf(value)}.`)
}
