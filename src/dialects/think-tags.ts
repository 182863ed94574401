// Splits reasoning that a server writes into the text between tags, cut anywhere.
import type { EventWriter } from '../core/writer.ts'

export interface ThinkTags {
  open: string
  close: string
  /** The reply begins inside the tags, as with chat templates that write the opening one into the prompt. */
  opened?: boolean
}

/**
 * Writes text as text and what stands between the tags as thinking. What may be the beginning of a tag waits until the
 * next piece shows whether it is one; the tags themselves are never shown.
 */
export class ThinkTagSplitter {
  readonly #writer: EventWriter
  readonly #tags: ThinkTags
  #thinking: boolean
  #held = ''

  constructor(writer: EventWriter, tags: ThinkTags) {
    this.#writer = writer
    this.#tags = tags
    this.#thinking = tags.opened === true
  }

  text(delta: string): void {
    let rest = this.#held + delta
    this.#held = ''
    while (rest !== '') {
      const tag = this.#thinking ? this.#tags.close : this.#tags.open
      const at = rest.indexOf(tag)
      if (at === -1) {
        const kept = overlap(rest, tag)
        this.#held = rest.slice(rest.length - kept)
        this.#write(rest.slice(0, rest.length - kept))
        return
      }
      this.#write(rest.slice(0, at))
      this.#thinking = !this.#thinking
      rest = rest.slice(at + tag.length)
    }
  }

  /** The end: what was held was no tag after all. */
  finish(): void {
    const held = this.#held
    this.#held = ''
    this.#write(held)
  }

  #write(piece: string): void {
    if (this.#thinking) this.#writer.thinking(piece)
    else this.#writer.text(piece)
  }
}

/** How many characters at the end of `text` are the beginning of `tag`. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length -= 1) {
    if (tag.startsWith(text.slice(text.length - length))) return length
  }
  return 0
}
