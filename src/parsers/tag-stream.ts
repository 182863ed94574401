// What stands between two tags of an answer that a model is still writing.
import { beginningAtEnd } from '../core/tags.ts'
import type { FieldReader } from './field-stream.ts'

/**
 * Tells the text between the first `begin` and the first `end` after it, without the space around it. What may turn out
 * to be the end tag, and space that may turn out to be the last, is held back.
 */
export class TagStream implements FieldReader {
  readonly #end: string
  readonly #scan: TagScan
  #inside = false
  #closed = false
  #started = false
  /** Space that belongs to the text only if more of it follows. */
  #space = ''

  constructor(begin: string, end: string) {
    this.#end = end
    this.#scan = new TagScan(begin)
  }

  /** Whether the end tag has come. */
  get closed(): boolean {
    return this.#closed
  }

  push(text: string): string {
    let rest = text
    if (!this.#inside) {
      const { found, after } = this.#scan.push(rest)
      if (!found) return ''
      this.#inside = true
      this.#scan.seek(this.#end)
      rest = after
    }
    if (this.#closed) return ''
    const { before, found } = this.#scan.push(rest)
    this.#closed = found
    return this.#told(before)
  }

  end(): string {
    return this.#inside && !this.#closed ? this.#told(this.#scan.held()) : ''
  }

  #told(text: string): string {
    const known = this.#started ? text : text.trimStart()
    if (known === '') return ''
    this.#started = true
    const end = known.trimEnd()
    if (end === '') {
      this.#space += known
      return ''
    }
    const told = this.#space + end
    this.#space = known.slice(end.length)
    return told
  }
}

interface Scanned {
  /** What certainly comes before the tag. */
  before: string
  found: boolean
  /** What comes after the tag. */
  after: string
}

/** Looks for a tag that may be cut anywhere; keeps no more than what the tag itself could begin with. */
class TagScan {
  #tag: string
  #held = ''

  constructor(tag: string) {
    this.#tag = tag
  }

  /** From now on looks for this tag. */
  seek(tag: string): void {
    this.#tag = tag
    this.#held = ''
  }

  push(text: string): Scanned {
    const all = this.#held + text
    const at = all.indexOf(this.#tag)
    if (at >= 0) {
      this.#held = ''
      return { before: all.slice(0, at), found: true, after: all.slice(at + this.#tag.length) }
    }
    const cut = all.length - beginningAtEnd(all, this.#tag)
    this.#held = all.slice(cut)
    return { before: all.slice(0, cut), found: false, after: '' }
  }

  held(): string {
    const held = this.#held
    this.#held = ''
    return held
  }
}
