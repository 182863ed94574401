// From what stands in the fields of a form to the value that a JSON Schema wants, and what is wrong with it.
import { words } from './request-words.ts'

export interface Schema {
  type?: string | string[]
  title?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  minimum?: number
  maximum?: number
  format?: string
  maxLength?: number
}

export type FieldKind = 'choice' | 'object' | 'number' | 'boolean' | 'lines' | 'text' | 'json'

/** What stands in a field: text, a mark, or the fields of an object. */
export type Draft = string | boolean | undefined | { [name: string]: Draft }

export interface Problem {
  path: string
  text: string
}

export function kindOf(schema: Schema): FieldKind {
  if (Array.isArray(schema.enum)) return 'choice'
  const type = Array.isArray(schema.type) ? schema.type.find((each) => each !== 'null') : schema.type
  if (type === 'object' && schema.properties !== undefined) return 'object'
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'boolean'
  if (type === 'array' && schema.items?.type === 'string' && schema.items.enum === undefined) return 'lines'
  return type === 'string' ? 'text' : 'json'
}

/** The schema without the part that says it may be null, as optional fields of most libraries are written. */
export function plainSchema(schema: Schema): Schema {
  const options = schema.anyOf ?? schema.oneOf
  const real = options?.filter(({ type }) => type !== 'null')
  return real?.length === 1 && real[0] !== undefined ? { ...schema, ...real[0] } : schema
}

/** What stands there at first: the defaults. */
export function firstDraft(given: Schema): Draft {
  const schema = plainSchema(given)
  if (kindOf(schema) === 'object') {
    const entries = Object.entries(schema.properties ?? {}).map(([name, each]) => [name, firstDraft(each)] as const)
    return Object.fromEntries(entries)
  }
  const { default: value } = schema
  if (value === undefined || value === null) return undefined
  if (kindOf(schema) === 'boolean') return value === true
  if (kindOf(schema) === 'choice') return JSON.stringify(value)
  if (kindOf(schema) === 'lines' && Array.isArray(value)) return value.join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The value, with what is wrong collected in `problems`. An optional field that was left empty is left out. */
export function formValue(given: Schema, draft: Draft, required: boolean, problems: Problem[], path = ''): unknown {
  const schema = plainSchema(given)
  const kind = kindOf(schema)
  if (kind === 'object') {
    if (!required && isEmpty(draft)) return undefined
    return objectOf(schema, draft, problems, path)
  }
  if (kind === 'boolean') return draft === undefined && !required ? undefined : draft === true
  const text = typeof draft === 'string' ? draft : ''
  if (text.trim() === '') {
    if (required) problems.push({ path, text: words().required })
    return undefined
  }
  const read = readers[kind](text, schema)
  if (read.problem !== undefined) problems.push({ path, text: read.problem })
  return read.value
}

/** Nothing was written or marked in any of its fields. */
function isEmpty(draft: Draft): boolean {
  if (typeof draft === 'object') return Object.values(draft).every(isEmpty)
  return typeof draft === 'string' ? draft.trim() === '' : draft !== true
}

interface Read {
  value?: unknown
  problem?: string
}

const readers: Record<Exclude<FieldKind, 'object' | 'boolean'>, (text: string, schema: Schema) => Read> = {
  text: (text) => ({ value: text }),
  choice: (text) => ({ value: JSON.parse(text) }),
  lines: (text) => ({
    value: text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }),
  number: (text, schema) => readNumber(text, schema),
  json: (text) => readJson(text),
}

function readNumber(text: string, { type, minimum, maximum }: Schema): Read {
  const value = Number(text)
  if (!Number.isFinite(value)) return { problem: words().number }
  if (type === 'integer' && !Number.isInteger(value)) return { problem: words().whole }
  if (minimum !== undefined && value < minimum) return { problem: words().least(minimum) }
  if (maximum !== undefined && value > maximum) return { problem: words().most(maximum) }
  return { value }
}

function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { problem: words().json }
  }
}

function objectOf(schema: Schema, draft: Draft, problems: Problem[], path: string): Record<string, unknown> {
  const fields = typeof draft === 'object' ? draft : {}
  const value: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(schema.properties ?? {})) {
    const required = schema.required?.includes(name) === true
    const one = formValue(each, fields[name], required, problems, `${path}/${name}`)
    if (one !== undefined) value[name] = one
  }
  return value
}
