// Checks of what a user wrote, each told with the place where it is wrong.
import { ConfigError } from '../core/error.ts'
import { isFields, kindOf } from './value.ts'

/** Throws ConfigError when the value, which stands at `where`, is not right. */
export type Check = (value: unknown, where: string) => void
export type Checks = Readonly<Record<string, Check>>

/** A check by a question; `expected` completes "must be". */
export function must(expected: string, isRight: (value: unknown) => boolean): Check {
  return (value, where) => {
    if (!isRight(value)) throw new ConfigError(`${where} must be ${expected}, but is ${shown(value)}.`)
  }
}

/** Fields that are known and right; those in `required` must be there. */
export function fields(known: Checks, required: readonly string[] = []): Check {
  return (value, where) => {
    if (!isFields(value)) {
      const needs = required.length === 0 ? '' : ` with ${required.join(' and ')}`
      throw new ConfigError(`${where} must be an object${needs}, but is ${shown(value)}.`)
    }
    for (const key of required) known[key]?.(value[key], `${where}.${key}`)
    for (const [key, field] of Object.entries(value)) {
      if (!Object.hasOwn(known, key)) throw unknownField(`${where}.${key}`, known)
      if (field !== undefined) known[key]?.(field, `${where}.${key}`)
    }
  }
}

function unknownField(where: string, known: Checks): ConfigError {
  return new ConfigError(`${where} is not a field of a script.`, {
    advice: `The fields are ${Object.keys(known).join(', ')}.`,
  })
}

/** A list of which each is right. */
export function listOf(what: string, check: Check): Check {
  return (value, where) => {
    if (!Array.isArray(value)) throw new ConfigError(`${where} must be a list of ${what}, but is ${shown(value)}.`)
    for (const [index, each] of value.entries()) check(each, `${where}[${index}]`)
  }
}

/** A short text or a number as it is, anything else by its kind. */
function shown(value: unknown): string {
  if (typeof value === 'string' && value.length <= 40) return JSON.stringify(value)
  return typeof value === 'number' ? String(value) : kindOf(value)
}
