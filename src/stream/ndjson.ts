// Newline-delimited JSON: one value a line; blank lines mean nothing.
import type { FrameContext, FrameReader, FrameSink } from './frames.ts'
import { Lines } from './lines.ts'
import { decodeText } from './text.ts'

const noContext: FrameContext = { event: undefined, comment: undefined }

export class NdjsonReader implements FrameReader {
  readonly #sink: FrameSink
  readonly #lines: Lines
  #ending = false

  constructor(sink: FrameSink) {
    this.#sink = sink
    this.#lines = new Lines((bytes, start, end, offset) => {
      const line = decodeText(bytes, start, end).trim()
      if (line !== '') this.#sink.frame(line, noContext, offset, this.#ending)
    })
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  /** A last line without its line end is delivered, marked unterminated. */
  end(): void {
    this.#ending = true
    this.#lines.end()
  }
}
