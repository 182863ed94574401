// Asks a person for every field of a schema, one after the other, and puts the value together.
import { isFields } from '../core/kind.ts'
import { readField } from './field-answer.ts'
import { type Field, fieldsOf } from './fields.ts'
import type { JsonSchema } from './schema.ts'

/**
 * Asks for every field of a schema until its answer is right, and puts the value together. `problem` tells what was
 * wrong with the answer before. The whole is not checked again: rules that join several fields are the caller's.
 * Rejects when `ask` does.
 */
export async function askFields(
  schema: JsonSchema,
  ask: (field: Field, problem?: string) => Promise<string>,
): Promise<unknown> {
  let whole: unknown = {}
  for (const field of fieldsOf(schema)) {
    let answer = await readField(field, await ask(field))
    while (!answer.ok) answer = await readField(field, await ask(field, answer.issue))
    if (field.path.length === 0) whole = answer.value
    else if (answer.value !== undefined) put(whole, field.path, answer.value)
    else if (field.parentRequired) put(whole, field.path.slice(0, -1), {})
  }
  return whole
}

/** Puts a value where its path leads, and makes the objects on the way. An object that is there already stays. */
function put(whole: unknown, path: readonly string[], value: unknown): void {
  let at = whole
  for (const [index, key] of path.entries()) {
    if (!isFields(at)) return
    // Not by assignment: a key called __proto__ would change the object's kind.
    const own = { configurable: true, enumerable: true, writable: true }
    const next = index === path.length - 1 ? value : {}
    if (!Object.hasOwn(at, key)) Object.defineProperty(at, key, { ...own, value: next })
    at = at[key]
  }
}
