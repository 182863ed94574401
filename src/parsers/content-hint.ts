// A content hint: words, an example or a schema that tell a model, and check, what its JSON is to look like.
import { isFields, kindOf } from '../core/kind.ts'
import { issuesText, type ReadSchema, readSchema, type Schema, type StandardSchema } from '../schema/index.ts'
import { JsonTypeError, RequiredFieldNotFoundError } from './parsing-error.ts'

/**
 * Words (`{your JSON object}`), an example whose values say what belongs there (`{ speak: 'what you say' }`), or a
 * schema: a Standard Schema, or a JSON Schema, which is told from an example by `$schema`, `$ref`, or a `type` that
 * JSON Schema knows beside `properties`, `items` or `enum`. With a schema the answer's value is checked.
 */
export type ContentHint<Value = unknown> = string | Record<string, unknown> | StandardSchema<Value>

/** A hint that has been read. */
export interface ReadHint<Value> {
  /** The prompt's text: how to answer. */
  readonly instruction: string
  /** @throws RequiredFieldNotFoundError, JsonTypeError when the value does not fit. */
  check(value: unknown, received: string): Promise<Value>
}

/** @throws ConfigError for a schema that cannot be read. */
export function readHint<Value>(hint: ContentHint<Value> | undefined, standard: string): ReadHint<Value> {
  if (isSchema(hint)) return ofSchema(readSchema(hint) as ReadSchema<Value>, standard)
  const shown = hint === undefined || typeof hint === 'string' ? (hint ?? standard) : JSON.stringify(hint, null, 2)
  return { instruction: instructionFor(shown), check: async (value) => value as Value }
}

function instructionFor(shown: string): string {
  return `Answer with JSON in a fenced code block, like this:\n\`\`\`json\n${shown}\n\`\`\``
}

function ofSchema<Value>(schema: ReadSchema<Value>, standard: string): ReadHint<Value> {
  const instruction = `${instructionFor(standard)}\nIt must follow this JSON Schema:\n${JSON.stringify(schema.json)}`
  const check = async (value: unknown, received: string): Promise<Value> => {
    const checked = await schema.check(value)
    if (checked.ok) return checked.value
    const missing = missingOf(value, schema.json['required'])
    if (missing.length > 0) throw new RequiredFieldNotFoundError(missing, { received })
    throw new JsonTypeError(`The JSON in the answer does not fit the schema: ${issuesText(checked.issues)}`, {
      received,
    })
  }
  return { instruction, check }
}

/** Those of the needed fields that an object does not have; none for what is no object. */
export function missingOf(value: unknown, needed: unknown): string[] {
  if (!isFields(value) || !Array.isArray(needed)) return []
  return needed.filter((key): key is string => typeof key === 'string' && !Object.hasOwn(value, key))
}

/** @throws JsonTypeError */
export function checkObject(value: unknown, received: string): asserts value is Record<string, unknown> {
  if (isFields(value)) return
  throw new JsonTypeError(`The JSON in the answer must be an object, but is ${kindOf(value)}.`, {
    received,
    advice: 'Write { ... } with the fields inside.',
  })
}

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']

function isSchema<Value>(hint: ContentHint<Value> | undefined): hint is Schema<Value> {
  if (hint === undefined || typeof hint === 'string') return false
  if ('~standard' in hint || '$schema' in hint || '$ref' in hint) return true
  const { type, properties, items, enum: choices } = hint as Record<string, unknown>
  return types.includes(String(type)) && (isFields(properties) || isFields(items) || Array.isArray(choices))
}
