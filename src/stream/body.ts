// Picks how a body is framed: by its content type when that is decisive, else by how it begins.
import type { FrameReader, FrameSink } from './frames.ts'
import { NdjsonReader } from './ndjson.ts'
import { type FrameShape, RepeatedFrames } from './repeated-frames.ts'
import { SseReader } from './sse.ts'
import { WholeReader } from './whole.ts'

/** Beyond so many chunks without a character the rest is read as one value. */
const maxBlankChunks = 1024

export type Framing = 'sse' | 'ndjson' | 'whole'

/**
 * A reader for one body. `expected` is what the wire should send; servers that answer otherwise (a whole JSON reply to a
 * streaming request, lines instead of events, a login page) are read as what they sent.
 */
export class BodyReader implements FrameReader {
  readonly #expected: Framing
  readonly #contentType: string
  readonly #sink: FrameSink
  readonly #shape: () => FrameShape | undefined
  #reader: FrameReader | undefined
  /** Chunks that tell nothing yet: white space, a byte-order mark. */
  #blank: Uint8Array[] = []
  /** How the body is framed; undefined before its first character. */
  framing: Framing | undefined

  constructor(expected: Framing, contentType: string, sink: FrameSink, shape: () => FrameShape | undefined) {
    this.#expected = expected
    this.#contentType = contentType
    this.#sink = sink
    this.#shape = shape
  }

  push(chunk: Uint8Array): void {
    if (this.#reader !== undefined) return this.#reader.push(chunk)
    const first = firstCharacter(chunk)
    this.#blank.push(chunk)
    if (first === '' && this.#blank.length < maxBlankChunks) return
    this.#reader = this.#pick(first)
    for (const each of this.#blank) this.#reader.push(each)
    this.#blank = []
  }

  end(): void {
    this.#reader?.end()
  }

  #pick(first: string): FrameReader {
    this.framing = framingOf(this.#expected, this.#contentType, first)
    switch (this.framing) {
      case 'sse':
        return new RepeatedFrames(new SseReader(this.#sink), 'sse', this.#shape)
      case 'ndjson':
        return new RepeatedFrames(new NdjsonReader(this.#sink), 'ndjson', this.#shape)
      case 'whole':
        return new WholeReader(this.#sink)
    }
  }
}

function framingOf(expected: Framing, contentType: string, first: string): Framing {
  if (/event-stream/i.test(contentType)) return 'sse'
  if (/ndjson|jsonl|json-seq/i.test(contentType)) return 'ndjson'
  if (expected === 'ndjson' && first === '{') return 'ndjson'
  if (first !== '' && 'dei:r'.includes(first)) return 'sse'
  return 'whole'
}

/** The first character that is no white space and no byte-order mark; '' when the chunk holds none. */
function firstCharacter(chunk: Uint8Array): string {
  for (const byte of chunk) {
    if (byte > 32 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) return String.fromCharCode(byte)
  }
  return ''
}
