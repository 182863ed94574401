// Checks scripts when they are given, so that a typing error is told at once and by name.
import { ConfigError } from '../core/error.ts'
import { type Check, fields, listOf, must } from './checks.ts'
import { checkPace } from './pace.ts'
import type { Model, Recorded, Script } from './script.ts'
import { isFields, kindOf } from './value.ts'

/** Checks what a user wrote. `where` names it in the error. @throws ConfigError */
export function checkModel(model: unknown, where: string): asserts model is Model {
  if (typeof model === 'function') return
  if (!Array.isArray(model)) return checkAnswer(model, where)
  if (model.length === 0) throw new ConfigError(`${where} is an empty list: it has nothing to answer.`)
  for (const [index, each] of model.entries()) checkAnswer(each, `${where}[${index}]`)
}

/** @throws ConfigError */
export function checkAnswer(answer: unknown, where: string): asserts answer is Script | Recorded {
  if (!isFields(answer)) {
    throw new ConfigError(`${where} is ${kindOf(answer)}, not a script.`, { advice: "Write { text: 'Hello!' }." })
  }
  if ('recorded' in answer) checkRecorded(answer, where)
  else checkScript(answer, where)
}

/** Statuses that come without a body. */
const bodiless = [204, 205, 304]

const isString = (value: unknown) => typeof value === 'string'
const areStrings = (value: unknown) => Array.isArray(value) && value.every(isString)
const isStatus = (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 200 && (value as number) < 600 && !bodiless.includes(value as number)

const anything: Check = () => {}
const string = must('a string', isString)
const strings = must('a list of strings', areStrings)
const words = must('a string or a list of strings', (value) => isString(value) || areStrings(value))
const count = must(
  'a number that is not negative',
  (value) => typeof value === 'number' && value >= 0 && Number.isFinite(value),
)
const period = must(
  'a number of milliseconds above 0',
  (value) => typeof value === 'number' && value > 0 && Number.isFinite(value),
)
const status = must('an HTTP status that may have a body', isStatus)
const errorStatus = must('an HTTP status from 400 to 599', (value) => isStatus(value) && (value as number) >= 400)
const code = must('a string or a number', (value) => isString(value) || typeof value === 'number')
const body = must('a string or a Uint8Array', (value) => isString(value) || value instanceof Uint8Array)
const headers = must('an object of header names and values', areHeaders)
const endings = ['clean', 'cut', 'reset', 'silence']

function areHeaders(value: unknown): boolean {
  try {
    return isFields(value) && Object.values(value).every(isString) && new Headers(value as never) !== null
  } catch {
    return false
  }
}

const callFields = fields({ id: string, name: string, input: anything, rawInput: string, pieces: strings }, ['name'])

const toolCall: Check = (value, where) => {
  callFields(value, where)
  const { input, rawInput, pieces } = value as Record<string, unknown>
  const given = Object.entries({ input, rawInput, pieces }).filter(([, each]) => each !== undefined)
  if (given.length < 2) return
  throw new ConfigError(`${where} has ${given.map(([key]) => key).join(' and ')}, which say the same thing twice.`, {
    advice: 'Give one: input (a value), rawInput (its text) or pieces (its text as deltas).',
  })
}

const partKinds = ['thinking', 'redacted', 'text', 'toolCall']
const partFields = fields({ thinking: words, signature: string, redacted: string, text: words, toolCall })

const part: Check = (value, where) => {
  partFields(value, where)
  const given = partKinds.filter((kind) => (value as Record<string, unknown>)[kind] !== undefined)
  if (given.length === 1) return
  throw new ConfigError(`${where} must have exactly one of ${partKinds.join(', ')}.`)
}

const checkScript: Check = (value, where) => {
  scriptFields(value, where)
  const { parts, ...rest } = value as Record<string, unknown>
  const beside = ['thinking', 'text', 'toolCalls'].find((key) => rest[key] !== undefined)
  if (parts === undefined || beside === undefined) return
  throw new ConfigError(`${where} has parts and ${beside}, which say the same thing twice.`, {
    advice: 'Put everything into parts, or nothing.',
  })
}

const scriptFields = fields({
  text: words,
  thinking: words,
  toolCalls: listOf('tool calls', toolCall),
  parts: listOf('parts', part),
  usage: fields({ inputTokens: count, outputTokens: count, cachedInputTokens: count, reasoningTokens: count }, [
    'inputTokens',
    'outputTokens',
  ]),
  finish: string,
  error: fields({ status: errorStatus, message: string, code, type: string, after: count }, ['message']),
  end: must("'clean', 'cut', 'reset' or 'silence'", (value) => endings.includes(value as string)),
  silenceMs: count,
  keepAlive: fields({ everyMs: period }, ['everyMs']),
  headers,
  failFirst: fields({ times: count, status: errorStatus, retryAfterMs: count, message: string }, ['times', 'status']),
  signature: string,
  gate: must('a function', (value) => typeof value === 'function'),
  pace: checkPace,
})

/** A model that is a cassette; what is in it is checked by whoever plays it. */
export const checkTaped: Check = fields({ cassette: anything, replay: anything }, ['cassette'])

const checkRecorded = fields({
  recorded: fields({ body, status, contentType: string, headers }, ['body']),
  pace: checkPace,
})
