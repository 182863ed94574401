// What a person typed, read as the value of one field.
import { messageOf } from '../core/error.ts'
import type { Field, ItemKind } from './fields.ts'
import { issuesText, readSchema } from './schema.ts'

/** `value` is `undefined` for a field that is left out. `issue` is a sentence for the person. */
export type FieldAnswer = { ok: true; value: unknown } | { ok: false; issue: string }

/**
 * Reads a typed answer and checks it against the field's schema. No answer (nothing, or only spaces) means the default,
 * `null` where that is allowed, or to leave an optional field out. Numbers as in JSON; `yes`, `no`, `true`, `false`; a
 * choice by its words or its number from 1; a list with commas between, or as JSON; everything else as JSON. `""` is
 * the empty string.
 */
export async function readField(field: Field, text: string): Promise<FieldAnswer> {
  if (text.trim() === '') return unanswered(field)
  const read = readText(field, text)
  if (!read.ok) return read
  const checked = await readSchema(field.schema).check(read.value)
  return checked.ok ? read : { ok: false, issue: issuesText(checked.issues) }
}

function unanswered(field: Field): FieldAnswer {
  if (field.default !== undefined) return right(field.default)
  if (field.nullable) return right(null)
  return field.required ? wrong('This needs an answer.') : right(undefined)
}

function readText(field: Field, text: string): FieldAnswer {
  if (field.kind === 'list') return readList(field, text.trim())
  if (field.choices !== undefined) return readChoice(field.choices, text.trim())
  if (field.kind === 'json') return readJson(text)
  return readSimple(field.kind, text)
}

function readSimple(kind: ItemKind, written: string): FieldAnswer {
  const text = written.trim()
  if (kind === 'boolean') return readBoolean(text)
  if (kind !== 'number' && kind !== 'integer') return right(text === '""' ? '' : written)
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) return wrong(`This needs a number, not ${JSON.stringify(text)}.`)
  return right(value)
}

function readBoolean(text: string): FieldAnswer {
  if (/^(y|yes|true|1)$/i.test(text)) return right(true)
  if (/^(n|no|false|0)$/i.test(text)) return right(false)
  return wrong('This needs yes or no.')
}

/** By its words first, then by its place in the list. */
function readChoice(choices: readonly unknown[], text: string): FieldAnswer {
  const named = choices.find((choice) => words(choice) === text)
  const alike = choices.filter((choice) => words(choice).toLowerCase() === text.toLowerCase())
  if (named !== undefined) return right(named)
  if (alike.length === 1) return right(alike[0])
  const place = /^\d+$/.test(text) ? Number(text) : 0
  if (place >= 1 && place <= choices.length) return right(choices[place - 1])
  return wrong(`This needs one of: ${choices.map(words).join(', ')}.`)
}

function words(choice: unknown): string {
  return typeof choice === 'string' ? choice : JSON.stringify(choice)
}

function readList(field: Field, text: string): FieldAnswer {
  if (text.startsWith('[')) return readJson(text)
  const values: unknown[] = []
  for (const part of text.split(',')) {
    const read = field.choices
      ? readChoice(field.choices, part.trim())
      : readSimple(field.itemKind ?? 'string', part.trim())
    if (!read.ok) return read
    values.push(read.value)
  }
  return right(values)
}

function readJson(text: string): FieldAnswer {
  try {
    return right(JSON.parse(text))
  } catch (error) {
    return wrong(`This needs JSON: ${messageOf(error)}`)
  }
}

function right(value: unknown): FieldAnswer {
  return { ok: true, value }
}

function wrong(issue: string): FieldAnswer {
  return { ok: false, issue }
}
