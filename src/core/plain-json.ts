// JSON text to a value that can be written out again as the same value: numbers beyond a double stay numbers.

/** Powers of ten that a double has; a number with more digits overflows. */
const mostDigits = 308
/** An exponent of three digits. Where it stands in a string, the parse below only takes a little longer. */
const largeExponent = /[eE]\+?\d{3}/

/**
 * `JSON.parse`, but `1e999` gives the largest number there is, with its sign, and not Infinity, which JSON writes as
 * `null`: a message must be the same after it was stored and read again.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parsePlainJson(text: string): unknown {
  return largeExponent.test(text) || hasLongNumber(text) ? JSON.parse(text, finite) : JSON.parse(text)
}

function finite(_key: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  return value === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : value
}

/** Looks at one character of every so many: a longer run of digits cannot lie between two of them. */
function hasLongNumber(text: string): boolean {
  for (let at = mostDigits; at < text.length; at += mostDigits) {
    if (isDigit(text, at) && digitsAround(text, at) > mostDigits) return true
  }
  return false
}

function digitsAround(text: string, at: number): number {
  let start = at
  let end = at
  while (isDigit(text, start - 1) && end - start <= mostDigits) start -= 1
  while (isDigit(text, end + 1) && end - start <= mostDigits) end += 1
  return end - start + 1
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}
