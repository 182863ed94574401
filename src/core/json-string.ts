// The inside of one JSON string, read in pieces that may be cut anywhere.

const quote = 0x22
const backslash = 0x5c
const firstPrintable = 0x20

/** Reads what stands between two quotes. One reader serves many strings, one after the other: `start` begins the next. */
export class JsonString {
  /** What has been read and unescaped so far. It does not end in half a character until the string closes. */
  text = ''
  closed = false
  /** What is wrong with the character at the index that `read` returned. */
  failure: string | undefined

  readonly #lenient: boolean
  /** A high surrogate that waits for its other half. */
  #half = ''
  /** An escape that has begun: `\`, `\u`, `\u1` to `\u123`. */
  #escape = ''
  #fresh = ''

  constructor(lenient: boolean) {
    this.#lenient = lenient
  }

  /** Call it when the opening quote has been read. */
  start(): void {
    this.text = ''
    this.#fresh = ''
    this.closed = false
    this.#half = ''
    this.#escape = ''
  }

  /** What has been added to `text` since the last time this was asked. */
  takeFresh(): string {
    const fresh = this.#fresh
    this.#fresh = ''
    return fresh
  }

  /** Reads from `from` to the closing quote, a fault or the end of the piece; returns the index where it stopped. */
  read(piece: string, from: number): number {
    let at = from
    while (at < piece.length && this.failure === undefined) {
      if (this.#escape !== '') {
        at = this.#readEscape(piece, at)
        continue
      }
      const plainEnd = endOfPlain(piece, at, this.#lenient)
      if (plainEnd > at) this.#append(piece.slice(at, plainEnd))
      if (plainEnd === piece.length) return plainEnd
      at = plainEnd + 1
      if (piece.charCodeAt(plainEnd) === quote) return this.#close(at)
      if (piece.charCodeAt(plainEnd) === backslash) this.#escape = '\\'
      else return this.#fail('A control character inside a string must be escaped', plainEnd)
    }
    return at
  }

  #readEscape(piece: string, at: number): number {
    const char = piece.charAt(at)
    if (this.#escape.length > 1) return this.#readHex(char, at)
    if (char === 'u') {
      this.#escape = '\\u'
      return at + 1
    }
    const meaning = meanings.get(char)
    if (meaning === undefined) return this.#noEscape(at)
    this.#escape = ''
    this.#append(meaning)
    return at + 1
  }

  #readHex(char: string, at: number): number {
    if (!isHex(char)) return this.#noEscape(at)
    this.#escape += char
    if (this.#escape.length === 6) {
      this.#append(String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16)))
      this.#escape = ''
    }
    return at + 1
  }

  /** What began with a backslash is no escape: it stands for itself when lenient, and the character is read again. */
  #noEscape(at: number): number {
    if (!this.#lenient) return this.#fail(`"${this.#escape}" must go on as one of the JSON escapes`, at)
    this.#append(this.#escape)
    this.#escape = ''
    return at
  }

  #append(addition: string): void {
    const whole = this.#half === '' ? addition : this.#half + addition
    const last = whole.charCodeAt(whole.length - 1)
    const isHigh = last >= 0xd800 && last <= 0xdbff
    this.#half = isHigh ? whole.slice(-1) : ''
    this.#add(isHigh ? whole.slice(0, -1) : whole)
  }

  #close(at: number): number {
    this.#add(this.#half)
    this.closed = true
    return at
  }

  #add(text: string): void {
    this.text += text
    this.#fresh += text
  }

  #fail(failure: string, at: number): number {
    this.failure = failure
    return at
  }
}

const meanings = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
)

/** The index of the next character that is not plain text, or the length of the piece. */
function endOfPlain(piece: string, from: number, lenient: boolean): number {
  let at = from
  for (; at < piece.length; at += 1) {
    const code = piece.charCodeAt(at)
    if (code === quote || code === backslash || (code < firstPrintable && !lenient)) break
  }
  return at
}

function isHex(char: string): boolean {
  return (char >= '0' && char <= '9') || (char >= 'a' && char <= 'f') || (char >= 'A' && char <= 'F')
}
