// What a value from outside is: as a question, and in words for an error.

/** The fields of an object that came from outside: whatever they hold. */
export type Fields = Record<string, unknown>

/** Whether it is an object and not a list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object, or an empty one. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : noFields
}

const noFields: Fields = Object.freeze({})

/** The list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : noList
}

const noList: readonly unknown[] = []

/** Whether it is an object of no class: written as `{...}` (in another realm too), read from JSON, or without a prototype. */
export function isPlainObject(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/** The string when it is one and says something. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Never the value of a string: it may be a key that went into the wrong place. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return `a string of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'without a prototype'})`
  return value === undefined ? 'nothing' : `a ${typeof value}`
}

/** A word that was to be one of a few: as it came when it is short, else its kind. */
export function wordOrKind(value: unknown): string {
  return typeof value === 'string' && value.length <= 40 ? JSON.stringify(value) : kindOf(value)
}

/** What cannot be used, for whoever has it in hand: beside its kind the class, the keys or the length. */
export function shapeOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if (value instanceof Promise) return 'a Promise (await it first)'
  if (Array.isArray(value)) return `an Array of ${value.length}`
  const kind = value.constructor?.name ?? 'Object'
  return `an object of class ${kind} with the keys ${Object.keys(value).join(', ') || '(none)'}`
}
