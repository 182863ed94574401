// Server-sent events by the WHATWG rules, as model providers bend them.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
import type { FrameContext, FrameSink } from './frames.ts'
import { Lines } from './lines.ts'
import type { SkippableReader } from './repeated-frames.ts'
import { decodeText } from './text.ts'

const colon = 58
const space = 32
/** Stray lines kept: enough for a whole reply that came under the wrong content type. Characters. */
const maxStray = 4 * 1024 * 1024

/**
 * Reads events. Beyond the rules: a last event without its blank line is delivered (marked unterminated), comments are
 * handed on as context (DashScope writes the HTTP status there), and lines that are no field at all are collected.
 */
export class SseReader implements SkippableReader {
  readonly #sink: FrameSink
  readonly #lines: Lines
  readonly #context = new SseContext()
  #eventLine = ''
  #eventName = ''
  #data: string | undefined
  #offset = 0
  #stray = ''
  /** A line of the next frame has been read. */
  #begun = false

  constructor(sink: FrameSink) {
    this.#sink = sink
    this.#lines = new Lines((bytes, start, end, offset) => this.#line(bytes, start, end, offset))
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): void {
    this.#lines.end()
    this.#dispatch(true)
    if (this.#stray !== '') this.#sink.stray(this.#stray)
  }

  get isBetweenFrames(): boolean {
    return this.#lines.isBetween && !this.#begun
  }

  skip(bytes: number): void {
    this.#lines.skip(bytes)
    this.#context.dropComment()
  }

  #line(bytes: Uint8Array, start: number, end: number, offset: number): void {
    this.#begun = start !== end
    if (start === end) this.#dispatch(false)
    else if (isData(bytes, start, end)) this.#gather(bytes, start + 5, end, offset)
    else if (bytes[start] === colon) this.#context.keepComment(bytes, start + 1, end)
    // `id` is for reconnecting, which a model's reply cannot do.
    else if (!isId(bytes, start)) this.#field(decodeText(bytes, start, end))
  }

  #gather(bytes: Uint8Array, from: number, end: number, offset: number): void {
    const start = bytes[from] === space ? from + 1 : from
    const text = start < end ? decodeText(bytes, start, end) : ''
    if (this.#data === undefined) {
      this.#data = text
      this.#offset = offset
    } else this.#data += `\n${text}`
  }

  /** Only `event` matters here, and it is mostly the one before. */
  #field(line: string): void {
    if (line === this.#eventLine) this.#context.event = this.#eventName
    else if (line === 'event' || line.startsWith('event:')) {
      this.#eventLine = line
      this.#eventName = line.slice('event:'.length).trim()
      this.#context.event = this.#eventName
    } else if (!/^(id|retry)(:|$)/.test(line) && this.#stray.length < maxStray) this.#stray += `${line}\n`
  }

  #dispatch(unterminated: boolean): void {
    const data = this.#data
    if (data !== undefined) {
      this.#data = undefined
      this.#sink.frame(data, this.#context, this.#offset, unterminated)
      this.#context.dropComment()
    }
    this.#context.event = undefined
  }
}

/** Comments without a frame go on for hours; so much of them is kept. Characters. */
const longestComment = 1024

/** What came with a frame. A comment is decoded only when somebody asks: DashScope sends one with every frame. */
class SseContext implements FrameContext {
  event: string | undefined
  #bytes: Uint8Array | undefined
  #start = 0
  #end = 0
  /** Comments before the last one, a line each. */
  #before = ''

  keepComment(bytes: Uint8Array, start: number, end: number): void {
    if (this.#bytes !== undefined) this.#keepBefore()
    this.#bytes = bytes
    this.#start = start
    this.#end = end
  }

  dropComment(): void {
    this.#bytes = undefined
    this.#before = ''
  }

  get comment(): string | undefined {
    return this.#bytes && this.#before + decodeText(this.#bytes, this.#start, this.#end).trim()
  }

  /** A proxy's ping must not hide what the server said. */
  #keepBefore(): void {
    if (this.#before.length < longestComment) this.#before = `${this.comment}\n`
  }
}

/** Whether the line is `data`, with or without a colon and a value. */
function isData(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== 100 || bytes[at + 1] !== 97 || bytes[at + 2] !== 116 || bytes[at + 3] !== 97) return false
  return end === at + 4 || (end > at + 4 && bytes[at + 4] === colon)
}

/** Whether `id:` stands there; DashScope counts its frames so. */
function isId(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 105 && bytes[at + 1] === 100 && bytes[at + 2] === colon
}
