// Tags in a text that comes in pieces, cut anywhere: what stands between them, and what may still become one.

/** How many characters at the end of the text may be the beginning of the tag; fewer than `shortest` count as none. */
export function beginningAtEnd(text: string, tag: string, shortest = 1): number {
  for (let length = Math.min(tag.length - 1, text.length); length >= shortest; length -= 1) {
    if (text.endsWith(tag.slice(0, length))) return length
  }
  return 0
}

export interface TagPiece {
  text: string
  inside: boolean
  /** The closing tag came right behind it. */
  closes: boolean
}

/** Tells text outside a pair of tags from text inside. Holds back only what may be the beginning of the next tag. */
export class TagSplitter {
  readonly #tags: { open: string; close: string }
  #held = ''
  inside: boolean

  /** `inside`: the text begins between the tags. */
  constructor(tags: { open: string; close: string }, inside = false) {
    this.#tags = tags
    this.inside = inside
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
    const kept = beginningAtEnd(text, this.inside ? this.#tags.close : this.#tags.open)
    this.#held = text.slice(text.length - kept)
    const free = text.slice(0, text.length - kept)
    if (free !== '') pieces.push({ text: free, inside: this.inside, closes: false })
    return pieces
  }

  /** What was still held back: it was no tag after all. */
  end(): TagPiece[] {
    const text = this.#held
    this.#held = ''
    return text === '' ? [] : [{ text, inside: this.inside, closes: false }]
  }
}
