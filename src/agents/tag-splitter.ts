// Tells text outside a pair of tags from text inside, in a stream that may be cut anywhere.

export interface TagPiece {
  text: string
  inside: boolean
  /** The closing tag came right behind it. */
  closes: boolean
}

/** Holds back only what may be the beginning of the next tag. */
export class TagSplitter {
  readonly #tags: { open: string; close: string }
  #held = ''
  inside = false

  constructor(tags: { open: string; close: string }) {
    this.#tags = tags
  }

  push(delta: string): TagPiece[] {
    const pieces: TagPiece[] = []
    let text = this.#held + delta
    for (;;) {
      const tag = this.inside ? this.#tags.close : this.#tags.open
      const at = text.indexOf(tag)
      if (at === -1) break
      pieces.push({ text: text.slice(0, at), inside: this.inside, closes: this.inside })
      text = text.slice(at + tag.length)
      this.inside = !this.inside
    }
    const kept = beginningOf(this.inside ? this.#tags.close : this.#tags.open, text)
    this.#held = text.slice(text.length - kept)
    const free = text.slice(0, text.length - kept)
    if (free !== '') pieces.push({ text: free, inside: this.inside, closes: false })
    return pieces
  }

  /** What was still held back. */
  end(): TagPiece[] {
    const text = this.#held
    this.#held = ''
    return text === '' ? [] : [{ text, inside: this.inside, closes: false }]
  }
}

/** How many characters at the end of the text may be the beginning of the tag. */
function beginningOf(tag: string, text: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(tag.slice(0, length))) return length
  }
  return 0
}
