// Finds what fields named like a credential hold, in any text with JSON in it: whole, in lines, in strings, or cut.
import { secretFields, secretLooks } from '../core/secret-names.ts'
import type { Span } from './cassette-pieces.ts'
import { type FieldValue, plainJson, valueAt } from './credential-values.ts'

/** One byte is one character in these texts (latin1). */
export interface CredentialsFound {
  spans: Span[]
  /** What was found, worth looking for elsewhere; and what stood in JSON inside strings or was cut, which may be only talk. */
  secrets: string[]
  quoted: string[]
  /** Up to where it is known that no such field has begun. */
  clearTo: number
}

/** JSON stands in strings of JSON in strings of JSON, three times over; behind that nothing is looked for. */
const names = /(?<!\\)(\\{0,15})"([\w.-]{2,64})\1"\s*:\s*/g
/** What may be the beginning of a name at the end of a text, or a name whose value has not begun. */
const begun = /(?<!\\)(?:\\+|\\{0,15}"([\w.-]{0,64})(?:\\*(?:("?)\s*:?\s*)?)?)$/
const mostBegun = 300
/** A credential is shorter: more of a value is not waited for. */
const mostWaiting = 16_384

/** `isOver`: nothing follows, so that a value that is cut is taken out up to the end. */
export function credentialFieldsIn(text: string, isOver: boolean): CredentialsFound {
  const found: CredentialsFound = { spans: [], secrets: [], quoted: [], clearTo: text.length }
  let from = 0
  for (const { 0: all, 1: slashes = '', 2: name = '', index } of text.matchAll(names)) {
    if (index < from || !mayBeCredential(name)) continue
    const value = valueAt(text, index + all.length, slashes.length)
    if (value.isCut && !isOver && text.length - index < mostWaiting) return { ...found, clearTo: index }
    const isToken = /^token$/i.test(name)
    if (isToken && value.leaves.length === 1 && !looksSecret(text, value)) continue
    from = value.to
    take(found, text, value, slashes.length)
  }
  return isOver ? found : { ...found, clearTo: clearTo(text) }
}

/** `token` is also what a model speaks in, piece by piece: it depends on what it holds. */
function mayBeCredential(name: string): boolean {
  return secretFields.test(name) || /^token$/i.test(name)
}

function looksSecret(text: string, { leaves: [leaf] }: FieldValue): boolean {
  return leaf !== undefined && leaf.to - leaf.from >= 16 && secretLooks.test(text.slice(leaf.from, leaf.to))
}

function take(
  { spans, secrets, quoted }: CredentialsFound,
  text: string,
  { leaves, isCut }: FieldValue,
  slashes: number,
) {
  const mark = `${'\\'.repeat(slashes)}"`
  for (const { from, to, isText } of leaves) {
    const raw = text.slice(from, to)
    if (raw === '' || raw === '[redacted]') continue
    spans.push({ from, to, ...(!isText && { around: mark }) })
    const plain = isText ? plainJson(mark + Buffer.from(raw, 'latin1').toString('utf8') + mark, slashes) : raw
    if (typeof plain === 'string') (slashes === 0 && !isCut ? secrets : quoted).push(plain)
  }
}

function clearTo(text: string): number {
  const tail = text.slice(-mostBegun)
  const open = begun.exec(tail)
  if (open === null) return text.length
  const [, name, closing] = open
  const isOther = closing === '"' && name !== undefined && !mayBeCredential(name)
  return isOther ? text.length : text.length - tail.length + open.index
}
