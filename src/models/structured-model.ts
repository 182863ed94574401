// The schema of a value that was asked for, read; and where the value stands in what a model said.
import { isFields } from '../core/kind.ts'
import type { Issue, JsonSchema, ReadSchema, Schema, ValueOf } from '../schema/index.ts'

/** A schema that has been read, and the words for what does not fit it. */
export interface Model<Value = unknown> extends ReadSchema<Value> {
  inWords(issues: readonly Issue[]): string
}

/**
 * Reads a schema; the library for it is loaded when it is first needed.
 *
 * @throws ConfigError when it is none.
 */
export async function readModel<S extends Schema>(schema: S): Promise<Model<ValueOf<S>>> {
  const { readSchema, issuesText } = await import('../schema/index.ts')
  const { json, check } = readSchema(schema)
  return { json, check, inWords: issuesText }
}

/** What a value of this shape begins with when it stands in prose. */
export function openingOf({ type }: JsonSchema, wrapped: boolean): '{' | '[' | '{[' {
  if (wrapped) return '{['
  return type === 'object' ? '{' : type === 'array' ? '[' : '{['
}

/** The value inside `{ value: ... }` when the model was told to wrap it, and did. */
export function unwrapped(value: unknown, wrapped: boolean): unknown {
  return wrapped && isFields(value) && 'value' in value ? value['value'] : value
}
