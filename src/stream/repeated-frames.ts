// The fast lane of a body: whole frames of one known shape are taken from a read in one pass, without splitting lines.
import type { JsonTemplate } from '../core/json-template.ts'
import type { FrameReader } from './frames.ts'
import { byteLength, decodeText } from './text.ts'

const lineFeed = 10
/** What stands before the JSON of one frame is never longer. Characters. */
const longestLead = 512
/** A read with more frames of other shapes between is left to the reader. */
const maxTurns = 16
/** So often the lines around a shape are looked for. */
const maxTries = 8
const aroundSse = /^(?:(?:id|event)?:[^\r\n{]*\r?\n)*data: ?$/

/** Frames of one shape, as long as their decoder knows what they do. */
export interface FrameShape {
  readonly template: JsonTemplate
  /** The SSE event name that they come under. */
  readonly event: string | undefined
  /** Takes the words of one, which begins there. */
  say(words: string, source: string, start: number): void
}

/** A reader that frames can be taken away from while it stands between two. */
export interface SkippableReader extends FrameReader {
  readonly isBetweenFrames: boolean
  /** Counts bytes of whole frames that were taken. */
  skip(bytes: number): void
}

/** Stands before a reader. `shape` tells what is known at the moment; whatever is not of that shape is the reader's. */
export class RepeatedFrames implements FrameReader {
  readonly #reader: SkippableReader
  readonly #shape: () => FrameShape | undefined
  #known: FrameShape | undefined
  /** The known shape with the lines around it. */
  #framed: JsonTemplate | undefined
  #tries = 0
  readonly #isSse: boolean

  constructor(reader: SkippableReader, framing: 'sse' | 'ndjson', shape: () => FrameShape | undefined) {
    this.#reader = reader
    this.#shape = shape
    this.#isSse = framing === 'sse'
  }

  push(chunk: Uint8Array): void {
    let at = 0
    const end = this.#shape() === undefined ? 0 : chunk.lastIndexOf(lineFeed) + 1
    for (let turn = 0; at < end && turn < maxTurns && this.#shape() !== undefined; turn += 1) {
      if (this.#reader.isBetweenFrames) at += this.#take(chunk, at, end)
      if (at < end) at = this.#giveLine(chunk, at)
    }
    if (at < chunk.length) this.#reader.push(at === 0 ? chunk : chunk.subarray(at))
  }

  end(): void {
    this.#reader.end()
  }

  #giveLine(chunk: Uint8Array, at: number): number {
    const next = chunk.indexOf(lineFeed, at) + 1
    this.#reader.push(chunk.subarray(at, next))
    return next
  }

  /** Takes frames while they are of the shape; returns how many bytes. Broken UTF-8 is left to the reader. */
  #take(chunk: Uint8Array, start: number, end: number): number {
    const shape = this.#shape() as FrameShape
    const source = decodeText(chunk, start, end)
    const isAscii = source.length === end - start
    if (!isAscii && source.includes('\uFFFD')) return 0
    const template = this.#framedBy(shape, source)
    if (template === undefined) return 0
    let at = 0
    for (let words = template.match(source); words; words = template.match(source, at)) {
      shape.say(words, source, at)
      at = template.end
    }
    const bytes = isAscii || at === 0 ? at : byteLength(source.slice(0, at))
    if (bytes > 0) this.#reader.skip(bytes)
    return bytes
  }

  #framedBy(shape: FrameShape, source: string): JsonTemplate | undefined {
    if (this.#known !== shape) {
      this.#known = shape
      this.#framed = undefined
      this.#tries = 0
    }
    if (this.#framed === undefined && this.#tries++ < maxTries) this.#framed = this.#learn(shape, source)
    return this.#framed
  }

  /** The first frame of the shape that stands at the beginning shows what the lines around it are. */
  #learn({ template, event }: FrameShape, source: string): JsonTemplate | undefined {
    const start = source.indexOf(template.begin)
    if (start < 0 || start > longestLead || template.match(source, start) === undefined) return undefined
    const lead = source.slice(0, start)
    const tail = endOfFrame(source, template.end, this.#isSse)
    if (tail === undefined || (this.#isSse ? !leadsTo(lead, event) : lead !== '')) return undefined
    return template.within(lead, tail)
  }
}

function endOfFrame(source: string, at: number, isSse: boolean): string | undefined {
  const ends = isSse ? ['\n\n', '\r\n\r\n'] : ['\n', '\r\n']
  return ends.find((end) => source.startsWith(end, at))
}

/** Whether these lines, then `data:`, begin an event of that name and nothing else that matters. */
function leadsTo(lead: string, event: string | undefined): boolean {
  const names = [...lead.matchAll(/^event:([^\r\n]*)/gm)].map(([, name]) => name?.trim())
  return aroundSse.test(lead) && names.length <= 1 && names[0] === event
}
