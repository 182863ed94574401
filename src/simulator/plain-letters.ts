// Reads through the escapes of JSON: `\/`, `\u002b` and `\"` as the letters that they stand for, with their places.

/** Letters as bytes of UTF-8; letter `n` stands in the source from `from[n]` to `to[n]`. */
export interface PlainLetters {
  bytes: Buffer
  from: number[]
  to: number[]
  /** Where an escape begins that is cut by the end; the length of the source when none is. */
  cutAt: number
}

const escapes = /\\+(?:u(d[89ab][0-9a-f]{2})\\+u(d[c-f][0-9a-f]{2})|u([0-9a-f]{4})|(["/])|u[0-9a-f]{0,3}$|$)?/gi

/** `text` has one character for each byte. However many backslashes an escape has: JSON stands in JSON. */
export function plainLetters(text: string): PlainLetters {
  const letters: number[] = []
  const from: number[] = []
  const to: number[] = []
  let at = 0
  let cutAt = text.length
  const copy = (end: number) => {
    for (; at < end; at += 1) add(text.charCodeAt(at), at, at + 1)
  }
  const add = (byte: number, first: number, end: number) => {
    letters.push(byte)
    from.push(first)
    to.push(end)
  }
  for (const { 0: all, 1: high, 2: low, 3: hex, 4: sign, index } of text.matchAll(escapes)) {
    const end = index + all.length
    const units = [high, low, hex].flatMap((each) => (each === undefined ? [] : [Number.parseInt(each, 16)]))
    if (sign === undefined && units.length === 0) {
      if (end === text.length) cutAt = index
      continue
    }
    copy(index)
    for (const byte of Buffer.from(sign ?? String.fromCharCode(...units), 'utf8')) add(byte, index, end)
    at = end
  }
  copy(cutAt)
  return { bytes: Buffer.from(letters), from, to, cutAt }
}
