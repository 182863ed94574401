// Text that comes in pieces cut anywhere, as pieces that hold whole characters only.

/** Stands for half a character whose other half never came: the half alone could be neither shown nor sent back. */
const orphan = '\uFFFD'

/** A high surrogate at the end of a piece waits for the next one, so that nobody ever sees half a character. */
export class WholeCharacters {
  #half = ''

  /** What may be shown now: the piece, with the half that waited before it, without a half at its end. */
  take(piece: string): string {
    if (piece === '') return ''
    let whole = piece
    if (this.#half !== '') {
      const next = piece.charCodeAt(0)
      whole = (next >= 0xdc00 && next <= 0xdfff ? this.#half : orphan) + piece
      this.#half = ''
    }
    const last = whole.charCodeAt(whole.length - 1)
    if (last < 0xd800 || last > 0xdbff) return whole
    this.#half = whole.slice(-1)
    return whole.slice(0, -1)
  }

  /** Nothing follows: what stands for the half that still waits, if one does. */
  end(): string {
    if (this.#half === '') return ''
    this.#half = ''
    return orphan
  }
}
