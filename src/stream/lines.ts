// Bytes to lines: LF, CRLF and bare CR, cut anywhere, in time linear in what arrives.
import { WireError } from '../core/error.ts'
import { joined } from './text.ts'

const LF = 10
const CR = 13
/** A longer line is no line of any wire; Gemini sends whole images in one, so the bound is generous. Bytes. */
const maxLineBytes = 64 * 1024 * 1024

/** Sees each line as a range of bytes without its end; `offset` counts from the start of the body. Must not keep the bytes. */
export type LineVisitor = (bytes: Uint8Array, start: number, end: number, offset: number) => void

/** Splits a body into lines as it arrives. A leading byte-order mark is dropped. */
export class Lines {
  readonly #visit: LineVisitor
  /** Pieces of a line whose end has not come; joined once, when it does. */
  #pieces: Uint8Array[] = []
  #piecesLength = 0
  /** Bytes before the chunk that is being read. */
  #base = 0
  #skipLineFeed = false
  #first = true
  /** Where the chunk's next LF and CR stand, its length when it has none; searched again once they lie behind. */
  #nextLineFeed = -1
  #nextReturn = -1

  constructor(visit: LineVisitor) {
    this.#visit = visit
  }

  /** @throws WireError when a line grows beyond 64 MiB. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    let start = this.#skipLineFeed && chunk[0] === LF ? 1 : 0
    this.#skipLineFeed = false
    this.#nextLineFeed = -1
    this.#nextReturn = -1
    while (start < chunk.length) start = this.#step(chunk, start)
    this.#base += chunk.length
  }

  /** Whether no line has been begun. */
  get isBetween(): boolean {
    return this.#piecesLength === 0 && !this.#skipLineFeed
  }

  /** Whole lines were read in another way. */
  skip(bytes: number): void {
    this.#base += bytes
  }

  /** The body is over: what stands without a line end is the last line. */
  end(): void {
    if (this.#piecesLength > 0) this.#line(new Uint8Array(0), 0, 0)
  }

  /** Hands on the line that begins there, or keeps what has come of it; returns where the next one begins. */
  #step(chunk: Uint8Array, start: number): number {
    if (this.#nextLineFeed < start) this.#nextLineFeed = find(chunk, LF, start)
    if (this.#nextReturn < start) this.#nextReturn = find(chunk, CR, start)
    const end = Math.min(this.#nextLineFeed, this.#nextReturn)
    if (end === chunk.length) this.#keep(chunk.subarray(start))
    else this.#line(chunk, start, end)
    if (chunk[end] !== CR) return end + 1
    this.#skipLineFeed = end + 1 === chunk.length
    return chunk[end + 1] === LF ? end + 2 : end + 1
  }

  #line(chunk: Uint8Array, start: number, end: number): void {
    if (this.#piecesLength === 0) return this.#hand(chunk, start, end, this.#base + start)
    const offset = this.#base - this.#piecesLength
    this.#keep(chunk.subarray(start, end))
    const line = joined(this.#pieces, this.#piecesLength)
    this.#pieces = []
    this.#piecesLength = 0
    this.#hand(line, 0, line.length, offset)
  }

  #hand(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const from = this.#first && hasMark(bytes, start, end) ? start + 3 : start
    this.#first = false
    this.#visit(bytes, from, end, offset)
  }

  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#piecesLength += piece.length
    if (this.#piecesLength <= maxLineBytes) return
    // Whoever holds the reply that ends here does not hold these bytes.
    this.#pieces = []
    throw new WireError(`A line of the reply is longer than ${maxLineBytes} bytes.`, {
      offset: this.#base,
      advice: 'No known provider sends such lines. Check what the base URL points at.',
    })
  }
}

/** Where the byte stands next; the length when it does not come. Between frames stand empty lines. */
function find(chunk: Uint8Array, byte: number, start: number): number {
  if (chunk[start] === byte) return start
  const at = chunk.indexOf(byte, start)
  return at === -1 ? chunk.length : at
}

/** Whether a byte-order mark stands there. */
function hasMark(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
}
