// Reads fields of wire values that may be anything: a provider's promise is no type.
import { type Fields, fieldsOf, isFields, listOf, textIn } from '../core/kind.ts'

export { type Fields, fieldsOf, isFields, listOf, textIn }

/** Text, also where a server wrote a number in its place; '' when it is neither. */
export function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : ''
}

/** Text as a string, as `{ text }`, or as a list of both, in order; '' when there is none. */
export function flatText(content: unknown): string {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(partText).join('')
  return partText(content)
}

function partText(part: unknown): string {
  return wordsIn(isFields(part) ? part['text'] : part)
}

/** A place in a list, also when it is written as digits. */
export function placeIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}

/** The value as JSON text. One that is nested too deeply to be written gives text that is no JSON. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return '{'
  }
}

/** Whether an object holds at least one number: counters that count something. */
export function holdsNumbers(value: unknown): value is Fields {
  if (!isFields(value)) return false
  for (const key in value) if (typeof value[key] === 'number') return true
  return false
}

/** Whether there is anything in it: not null, '', false, 0, [] or {}. */
export function saysSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isFields(value)) return Object.keys(value).length > 0
  return Boolean(value)
}
