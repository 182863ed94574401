// Checks scripts when they are given, so that a typing error is told at once and by name.
import { ConfigError } from '../core/error.ts'
import { checkPace } from './pace.ts'
import type { Model, Recorded, Script } from './script.ts'
import { isRecord, kindOf } from './value.ts'

/** Checks what a user wrote. `where` names it in the error. @throws ConfigError */
export function checkModel(model: unknown, where: string): asserts model is Model {
  if (typeof model === 'function') return
  if (!Array.isArray(model)) return checkAnswer(model, where)
  if (model.length === 0) throw new ConfigError(`${where} is an empty list: it has nothing to answer.`)
  for (const [index, each] of model.entries()) checkAnswer(each, `${where}[${index}]`)
}

/** @throws ConfigError */
export function checkAnswer(answer: unknown, where: string): asserts answer is Script | Recorded {
  if (!isRecord(answer)) {
    throw new ConfigError(`${where} is ${kindOf(answer)}, not a script.`, { advice: "Write { text: 'Hello!' }." })
  }
  if ('recorded' in answer) checkFields(answer, recordedFields, where)
  else checkFields(answer, scriptFields, where)
  if (answer['pace'] !== undefined) checkPace(answer['pace'], `${where}.pace`)
}

/** Statuses that come without a body. */
const bodiless = [204, 205, 304]

type Check = (value: unknown) => string | undefined
type Fields = Record<string, Check>

function checkFields(value: Record<string, unknown>, fields: Fields, where: string): void {
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue
    const check = fields[key]
    if (check === undefined) {
      throw new ConfigError(`${where}.${key} is not a field of a script.`, {
        advice: `The fields are ${Object.keys(fields).join(', ')}.`,
      })
    }
    const expected = check(field)
    if (expected !== undefined) throw new ConfigError(`${where}.${key} must be ${expected}, but is ${kindOf(field)}.`)
  }
}

const string: Check = (value) => (typeof value === 'string' ? undefined : 'a string')
const count: Check = (value) =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? undefined : 'a number that is not negative'
const status: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 200 && (value as number) < 600 && !bodiless.includes(value as number)
    ? undefined
    : 'an HTTP status that may have a body'
const errorStatus: Check = (value) =>
  status(value) === undefined && (value as number) >= 400 ? undefined : 'an HTTP status from 400 to 599'
const strings: Check = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? undefined : 'a list of strings'
const words: Check = (value) =>
  string(value) === undefined || strings(value) === undefined ? undefined : 'a string or a list of strings'
const anything: Check = () => undefined
const code: Check = (value) => (['string', 'number'].includes(typeof value) ? undefined : 'a string or a number')
const bytes: Check = (value) =>
  typeof value === 'string' || value instanceof Uint8Array ? undefined : 'a string or a Uint8Array'
const headers: Check = (value) =>
  isRecord(value) && areHeaders(value) ? undefined : 'an object of header names and values'

function areHeaders(value: Record<string, unknown>): boolean {
  try {
    return Object.values(value).every((each) => typeof each === 'string') && new Headers(value as never) !== null
  } catch {
    return false
  }
}

function object(fields: Fields, required: readonly string[]): Check {
  return (value) => {
    if (!isRecord(value)) return `an object with ${required.join(' and ')}`
    for (const key of required) if (value[key] === undefined) return `an object with ${required.join(' and ')}`
    for (const [key, each] of Object.entries(value)) {
      const expected = each === undefined ? undefined : (fields[key]?.(each) ?? (key in fields ? undefined : 'absent'))
      if (expected !== undefined) return `an object whose ${key} is ${expected}`
    }
    return undefined
  }
}

const toolCall = object({ id: string, name: string, input: anything, rawInput: string, pieces: strings }, ['name'])

function toolCalls(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'a list of tool calls'
  return value.map(toolCall).find((expected) => expected !== undefined)
}

const scriptFields: Fields = {
  text: words,
  thinking: words,
  toolCalls,
  usage: object({ inputTokens: count, outputTokens: count, cachedInputTokens: count, reasoningTokens: count }, [
    'inputTokens',
    'outputTokens',
  ]),
  finish: string,
  error: object({ status: errorStatus, message: string, code, type: string, after: count }, ['message']),
  end: (value) =>
    ['clean', 'cut', 'reset', 'silence'].includes(value as string) ? undefined : "'clean', 'cut', 'reset' or 'silence'",
  silenceMs: count,
  headers,
  failFirst: object({ times: count, status: errorStatus, retryAfterMs: count, message: string }, ['times', 'status']),
  signature: string,
  gate: (value) => (typeof value === 'function' ? undefined : 'a function'),
  pace: anything,
}

const recordedFields: Fields = {
  recorded: object({ body: bytes, status, contentType: string, headers }, ['body']),
  pace: anything,
}
