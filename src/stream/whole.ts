// A body that is one JSON value: collected to its end, then handed on as a single frame.
import { WireError } from '../core/error.ts'
import { type FrameReader, type FrameSink, noContext } from './frames.ts'
import { decodeText, joined } from './text.ts'

/** A whole reply may hold images and sound in base64; what is larger than this is not a reply. Bytes. */
const maxBodyBytes = 256 * 1024 * 1024

export class WholeReader implements FrameReader {
  readonly #sink: FrameSink
  #chunks: Uint8Array[] = []
  #length = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** @throws WireError when the body grows beyond 256 MiB. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length <= maxBodyBytes) return
    this.#chunks = []
    throw new WireError(`The reply is larger than ${maxBodyBytes} bytes.`, { offset: this.#length })
  }

  end(): void {
    const body = joined(this.#chunks, this.#length)
    const text = decodeText(body, 0, body.length)
      .replace(/^\uFEFF/, '')
      .trim()
    if (text !== '') this.#sink.frame(text, noContext, 0, true)
  }
}
