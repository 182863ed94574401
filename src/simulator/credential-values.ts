// The values inside one field that is named like a credential: text, numbers, lists, objects.
import type { Span } from './cassette-pieces.ts'
import { isFields } from './value.ts'

export interface FieldValue {
  /** The text of each value, and whether it stood in quotes. */
  leaves: (Span & { isText: boolean })[]
  /** Up to where all has been looked at; the end of the text when the value is cut. */
  to: number
  isCut: boolean
}

/** Of a longer list or object only the beginning is looked at. */
const mostNested = 16_384
const number = /-?\d[\d.eE+-]*/y
const mostSlashes = 16
const schemaWords = ['$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'schema', 'description', 'properties']
const schemaType = /^(?:string|number|integer|boolean|object|array|null)$/i

/**
 * What stands at this place of a text in which each quote has `slashes` backslashes before it: none in JSON, one in JSON
 * inside a string of JSON, and so on. Without leaves for `true`, `null` and a schema, which only describes a credential.
 */
export function valueAt(text: string, at: number, slashes: number): FieldValue {
  const first = text[at]
  if (first === '{' || first === '[') return nestedAt(text, at, slashes)
  const leaf = leafAt(text, at, slashes)
  if (leaf !== undefined) return { ...leaf, leaves: [leaf.leaf] }
  // Nothing yet, or only the first of the backslashes before the quote.
  return { leaves: [], to: at, isCut: /^(?:\\*|-)$/.test(text.slice(at, at + mostSlashes)) }
}

interface Leaf {
  leaf: FieldValue['leaves'][number]
  to: number
  isCut: boolean
}

function leafAt(text: string, at: number, slashes: number): Leaf | undefined {
  const quote = `${'\\'.repeat(slashes)}"`
  if (text.startsWith(quote, at)) {
    const from = at + quote.length
    const end = stringEnd(text, from, slashes)
    const to = end?.at ?? text.length
    return { leaf: { from, to, isText: true }, to: to + (end?.slashes ?? 0), isCut: end === undefined }
  }
  number.lastIndex = at
  const digits = number.exec(text)
  if (digits === null) return undefined
  const to = at + digits[0].length
  return { leaf: { from: at, to, isText: false }, to, isCut: to === text.length }
}

/** Where the text of a string ends, and how long its closing quote is; also at a quote that closes what is around it. */
function stringEnd(text: string, from: number, slashes: number): { at: number; slashes: number } | undefined {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let first = quote
    while (first > from && text[first - 1] === '\\') first -= 1
    const run = quote - first
    if (run < slashes) return { at: first, slashes: 0 }
    if (run % (2 * (slashes + 1)) === slashes) return { at: quote - slashes, slashes: slashes + 1 }
  }
  return undefined
}

function nestedAt(text: string, at: number, slashes: number): FieldValue {
  const leaves: FieldValue['leaves'] = []
  const open: string[] = []
  let to = at
  do {
    const sign = text[to] as string
    if (sign === '{' || sign === '[') open.push(sign)
    else if (sign === '}' || sign === ']') open.pop()
    const found = /["\\\d-]/.test(sign) ? leafAt(text, to, slashes) : undefined
    const isName = found?.leaf.isText === true && /^\s*:/.test(text.slice(found.to, found.to + 20))
    // A number inside an object is a time or a count.
    if (found !== undefined && !isName && (found.leaf.isText || open.every((each) => each === '['))) {
      leaves.push(found.leaf)
    }
    if (found?.isCut) return { leaves, to: text.length, isCut: true }
    // A bare quote closes the string in which all of this stands.
    if (found === undefined && sign === '"') return { leaves, to, isCut: false }
    to = found?.to ?? to + 1
  } while (open.length > 0 && to < text.length && to - at < mostNested)
  if (open.length > 0) return { leaves, to, isCut: to >= text.length }
  // What a schema holds may have names of its own.
  return isSchema(text.slice(at, to), slashes) ? { leaves: [], to: at, isCut: false } : { leaves, to, isCut: false }
}

function isSchema(text: string, slashes: number): boolean {
  const value = plainJson(text, slashes)
  if (!isFields(value)) return false
  const { type } = value
  return schemaType.test(String(type)) || Array.isArray(type) || schemaWords.some((word) => word in value)
}

/** A value as it is meant, of a text whose quotes have that many backslashes; `undefined` when it is none. */
export function plainJson(text: string, slashes: number): unknown {
  try {
    let plain = text
    for (let left = slashes; left > 0; left = (left - 1) / 2) plain = JSON.parse(`"${plain}"`) as string
    return JSON.parse(plain)
  } catch {
    return undefined
  }
}
