// CRC-32 of a text's UTF-8 bytes (the polynomial of zip and PNG), without making those bytes.

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

const replacement = 0xfffd

/** Takes a text in pieces cut anywhere, also inside a character. Half a character alone counts as U+FFFD, as in UTF-8. */
export class Crc32 {
  #crc = 0xffffffff
  /** A high surrogate whose other half may come with the next piece. */
  #high = 0

  add(text: string): this {
    for (let at = 0; at < text.length; at += 1) this.#unit(text.charCodeAt(at))
    return this
  }

  /** Of everything so far, as an unsigned number. */
  get value(): number {
    if (this.#high === 0) return ~this.#crc >>> 0
    const sofar = this.#crc
    this.#character(replacement)
    const value = ~this.#crc >>> 0
    this.#crc = sofar
    return value
  }

  #unit(unit: number): void {
    if (unit < 0x80 && this.#high === 0) return this.#byte(unit)
    const high = this.#high
    this.#high = 0
    const isLow = unit >= 0xdc00 && unit <= 0xdfff
    if (high !== 0) {
      if (isLow) return this.#character(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00))
      this.#character(replacement)
    }
    if (unit >= 0xd800 && unit <= 0xdbff) this.#high = unit
    else this.#character(isLow ? replacement : unit)
  }

  #character(code: number): void {
    if (code < 0x80) return this.#byte(code)
    if (code < 0x800) this.#byte(0xc0 | (code >> 6))
    else {
      if (code < 0x10000) this.#byte(0xe0 | (code >> 12))
      else {
        this.#byte(0xf0 | (code >> 18))
        this.#byte(0x80 | ((code >> 12) & 0x3f))
      }
      this.#byte(0x80 | ((code >> 6) & 0x3f))
    }
    this.#byte(0x80 | (code & 0x3f))
  }

  #byte(byte: number): void {
    this.#crc = (this.#crc >>> 8) ^ (table[(this.#crc ^ byte) & 0xff] as number)
  }
}

export function crc32(text: string): number {
  return new Crc32().add(text).value
}
