// A schema as users write it (Standard Schema or JSON Schema), read once: what the model is told, and how values are checked.
import { Validator } from '@cfworker/json-schema'
import { ConfigError, messageOf } from '../core/error.ts'
import { isFields, isPlainObject, kindOf } from '../core/kind.ts'
import type { StandardIssue, StandardSchema } from './standard.ts'

/** JSON Schema, draft 2020-12. */
export type JsonSchema = Record<string, unknown>

/** What users may give wherever a shape is asked for. */
export type Schema<Value = unknown> = StandardSchema<Value> | JsonSchema

/** The value that a schema describes; `unknown` for JSON Schema, which the types cannot read. */
export type ValueOf<S> = S extends StandardSchema<infer Value> ? Value : unknown

/** Something that is wrong with a value. `path` leads from the top to it; empty for the value itself. */
export interface Issue {
  path: (string | number)[]
  message: string
}

/** A value that fits its schema, or what is wrong with it. */
export type Checked<Value> = { ok: true; value: Value } | { ok: false; issues: Issue[] }

/** A schema that has been read. */
export interface ReadSchema<Value = unknown> {
  /** As a model is told: JSON Schema 2020-12. */
  readonly json: JsonSchema
  /** Never throws for a wrong value. With a Standard Schema the value may be another than the one given (defaults, coercion). */
  check(value: unknown): Promise<Checked<Value>>
}

/**
 * Reads a schema.
 *
 * @throws ConfigError when it is none, when it is a JSON Schema that cannot be understood, or when a Standard Schema
 * cannot tell itself as JSON Schema (then give the JSON Schema instead).
 */
export function readSchema<S extends Schema>(schema: S): ReadSchema<ValueOf<S>> {
  if (isStandard(schema)) return readStandard(schema) as ReadSchema<ValueOf<S>>
  if (isPlainObject(schema)) return readJson(schema) as ReadSchema<ValueOf<S>>
  throw new ConfigError(`A schema must be a Standard Schema or a JSON Schema object, but is ${kindOf(schema)}.`, {
    advice: "Write z.object({ city: z.string() }), or { type: 'object', properties: { city: { type: 'string' } } }.",
  })
}

/** The issues as one line, each with its path: `city: ... ; days[2]: ...`. */
export function issuesText(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${pathText(path)}: ${message}`)).join('; ')
}

/** `days[2].name` */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')
}

function isStandard(schema: unknown): schema is StandardSchema {
  const isSchemaObject = (typeof schema === 'object' && schema !== null) || typeof schema === 'function'
  return isSchemaObject && '~standard' in schema && isFields(schema['~standard'])
}

function readStandard(schema: StandardSchema): ReadSchema {
  const { validate, vendor, jsonSchema } = schema['~standard']
  if (jsonSchema === undefined) {
    throw new ConfigError(`A schema of ${vendor} cannot tell itself as JSON Schema, which the model needs.`, {
      advice: 'Use a version that implements Standard JSON Schema (zod 4.2 or later), or give the JSON Schema itself.',
    })
  }
  const { $schema: _, ...json } = jsonSchema.input({ target: 'draft-2020-12' })
  return {
    json,
    check: async (value) => {
      const result = await validate(value)
      if (result.issues === undefined) return { ok: true, value: result.value }
      return { ok: false, issues: result.issues.map(issueOf) }
    },
  }
}

function issueOf({ message, path = [] }: StandardIssue): Issue {
  const steps = path.map((step) => (typeof step === 'object' ? step.key : step))
  return { message, path: steps.map((step) => (typeof step === 'number' ? step : String(step))) }
}

function readJson(json: JsonSchema): ReadSchema {
  let validator: Validator
  try {
    validator = new Validator(json, '2020-12', false)
  } catch (cause) {
    const reason = messageOf(cause)
    throw new ConfigError(`This JSON Schema cannot be understood: ${reason}`, { cause })
  }
  return {
    json,
    check: async (value) => {
      // The validator throws for what no JSON text can say, and for a $ref that leads nowhere.
      const { valid, errors } = validator.validate(value)
      return valid ? { ok: true, value } : { ok: false, issues: issuesOf(errors, value) }
    },
  }
}

interface ValidatorError {
  keyword: string
  instanceLocation: string
  error: string
}

/** Keywords whose error only says that something below failed, which has an error of its own. */
const containers = new Set('properties items prefixItems additionalProperties patternProperties $ref allOf'.split(' '))

function issuesOf(errors: readonly ValidatorError[], value: unknown): Issue[] {
  const own = errors.filter(({ keyword }) => !containers.has(keyword))
  return (own.length > 0 ? own : errors).map(({ instanceLocation, error, keyword }) => ({
    path: pathOf(instanceLocation, value),
    message: keyword === 'false' ? 'This property is not allowed here.' : error,
  }))
}

/** A JSON pointer (`#/days/2`) as a path: steps into lists are numbers. */
function pathOf(pointer: string, value: unknown): (string | number)[] {
  const steps = pointer.split('/').slice(1)
  let at: unknown = value
  return steps.map((step) => {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    const inList = Array.isArray(at)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
    return inList ? Number(key) : key
  })
}
