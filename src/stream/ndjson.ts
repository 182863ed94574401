// Newline-delimited JSON: one value a line; blank lines mean nothing.
import { type FrameSink, noContext } from './frames.ts'
import { Lines } from './lines.ts'
import type { SkippableReader } from './repeated-frames.ts'
import { decodeText } from './text.ts'

export class NdjsonReader implements SkippableReader {
  readonly #sink: FrameSink
  readonly #lines: Lines
  /** The lines of one value that is written over many, begun by a brace alone on its line. */
  #spread: string[] | undefined
  #ending = false

  constructor(sink: FrameSink) {
    this.#sink = sink
    this.#lines = new Lines((bytes, start, end, offset) => this.#line(decodeText(bytes, start, end).trim(), offset))
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  /** A last line without its line end is delivered, marked unterminated. */
  end(): void {
    this.#ending = true
    this.#lines.end()
    if (this.#spread !== undefined) this.#sink.frame(this.#spread.join('\n'), noContext, 0, true)
  }

  get isBetweenFrames(): boolean {
    return this.#lines.isBetween && this.#spread === undefined
  }

  skip(bytes: number): void {
    this.#lines.skip(bytes)
  }

  #line(line: string, offset: number): void {
    if (line === '') return
    if (line === '{') this.#spread ??= []
    if (this.#spread !== undefined) this.#spread.push(line)
    else this.#sink.frame(line, noContext, offset, this.#ending)
  }
}
