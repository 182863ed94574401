// One JSON number, read in pieces that may be cut anywhere.

type Part = 'sign' | 'zero' | 'digits' | 'point' | 'fraction' | 'exponent' | 'exponent-sign' | 'power'

/** Reads one number. One reader serves many, one after the other: `start` begins the next. */
export class JsonNumber {
  #text = ''
  #part: Part = 'sign'

  /** Call it with the first character, a minus or a digit, which counts as read. */
  start(first: string): void {
    this.#text = first
    this.#part = first === '-' ? 'sign' : first === '0' ? 'zero' : 'digits'
  }

  /** Reads from `from` as long as the characters belong to the number; returns the index of the first that does not. */
  read(piece: string, from: number): number {
    let at = from
    for (; at < piece.length; at += 1) {
      const next = partAfter(this.#part, piece.charCodeAt(at))
      if (next === undefined) break
      this.#part = next
    }
    this.#text += piece.slice(from, at)
    return at
  }

  /** Whether what has been read is a number as it stands; `-`, `1.` and `1e+` are not. */
  get whole(): boolean {
    return this.#part === 'zero' || this.#part === 'digits' || this.#part === 'fraction' || this.#part === 'power'
  }

  /** The number, rounded and overflowing as in `JSON.parse`. */
  get value(): number {
    return Number(this.#text)
  }
}

/** Which part of a number the next character belongs to; `undefined` when it cannot follow. */
function partAfter(part: Part, code: number): Part | undefined {
  if (code >= 0x30 && code <= 0x39) return partAfterDigit(part, code === 0x30)
  if (code === 0x2e) return part === 'zero' || part === 'digits' ? 'point' : undefined
  if (code === 0x65 || code === 0x45)
    return part === 'zero' || part === 'digits' || part === 'fraction' ? 'exponent' : undefined
  if (code === 0x2b || code === 0x2d) return part === 'exponent' ? 'exponent-sign' : undefined
  return undefined
}

function partAfterDigit(part: Part, isZero: boolean): Part | undefined {
  if (part === 'zero') return undefined
  if (part === 'sign') return isZero ? 'zero' : 'digits'
  if (part === 'point') return 'fraction'
  if (part === 'exponent' || part === 'exponent-sign') return 'power'
  return part
}
