// A value of a given shape as the answer: what a call says about it, and what a response remembers of that.
import { fieldsOf, isFields } from '../core/kind.ts'
import type { StructuredAccent, StructuredWay } from '../dialects/structured.ts'
import type { Issue, JsonSchema, ReadSchema, Schema, ValueOf } from '../schema/index.ts'
import type { PromptMessage } from './prompt.ts'
import type { ModelResponse } from './response.ts'

/** How one call asked for a value. */
export interface StructuredCall {
  readonly schema: Schema
  readonly way: StructuredWay
  /** The model was told `{ value: ... }`, because the shape is no object and the way takes only objects. */
  readonly wrapped: boolean
}

/** What a response must know to give a value: who answers, how it was asked, and how to ask again. */
export interface AnswerContext {
  readonly provider: string
  /** Values that must appear in no error. */
  readonly secrets: readonly string[]
  readonly structured?: StructuredCall | undefined
  readonly repairRounds: number
  /** Asks the same model the same question, with more said behind it and one repair round less. */
  again(said: readonly PromptMessage[], schema: Schema): Promise<ModelResponse>
}

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

/** What the accent says of the server; nothing for an accent that says nothing. */
export function structuredAccent(accent: unknown): StructuredAccent {
  return fieldsOf(accent)
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
