// Splits reasoning that a server writes into the text between tags, cut anywhere.
import { type TagPiece, TagSplitter } from '../core/tags.ts'
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
  readonly #splitter: TagSplitter

  constructor(writer: EventWriter, tags: ThinkTags) {
    this.#writer = writer
    this.#splitter = new TagSplitter(tags, tags.opened)
  }

  text(delta: string): void {
    this.#write(this.#splitter.push(delta))
  }

  /** The end: what was held was no tag after all. */
  finish(): void {
    this.#write(this.#splitter.end())
  }

  #write(pieces: readonly TagPiece[]): void {
    for (const { text, inside } of pieces) {
      if (inside) this.#writer.thinking(text)
      else this.#writer.text(text)
    }
  }
}
