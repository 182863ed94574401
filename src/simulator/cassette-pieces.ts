// Takes secrets out of a body while it comes, also those that two pieces share.
import type { RecordedPiece } from './cassette.ts'

const hidden = Buffer.from('[redacted]')
/** The beginning of a secret at the very end of a body is taken out too, unless it is as short as a word. */
const leastBeginning = 6

export interface Span {
  from: number
  to: number
}

/**
 * Pieces stay as they were cut. One that ends in what may be the beginning of a secret waits for the next; all others go
 * on at once.
 */
export class CleanPieces {
  readonly #forms: readonly Buffer[]
  readonly #starts = new Uint8Array(256)
  #waiting: RecordedPiece[] = []

  /** `forms`: every form of every secret, see `secretForms`. */
  constructor(forms: readonly string[]) {
    this.#forms = forms.map((form) => Buffer.from(form, 'utf8')).sort((a, b) => b.length - a.length)
    for (const [first] of this.#forms) if (first !== undefined) this.#starts[first] = 1
  }

  /** The pieces that are clean now. */
  push(piece: RecordedPiece): RecordedPiece[] {
    if (this.#forms.length === 0) return [piece]
    this.#waiting.push(piece)
    return this.#release(false)
  }

  /** The body is over: what was waiting. */
  end(): RecordedPiece[] {
    return this.#waiting.length === 0 ? [] : this.#release(true)
  }

  #release(isOver: boolean): RecordedPiece[] {
    const waiting = this.#waiting
    const bytes =
      waiting.length === 1 ? Buffer.from(waiting[0]!.bytes) : Buffer.concat(waiting.map((each) => each.bytes))
    const { spans, clearTo } = this.#search(bytes, isOver)
    const places = placesOf(waiting)
    // The end of a secret must not wait without its beginning: it would no longer be known.
    const count = places.findLastIndex(
      ({ to }) => to <= clearTo && !spans.some((span) => span.from < to && to < span.to),
    )
    this.#waiting = waiting.slice(count + 1)
    return waiting.slice(0, count + 1).flatMap(({ atMs }, index) => {
      const kept = without(bytes, places[index] as Span, spans)
      return kept.length === 0 ? [] : [{ atMs, bytes: kept }]
    })
  }

  /** Where secrets stand, and up to where the bytes are known to be in none that goes on. */
  #search(bytes: Buffer, isOver: boolean): { spans: Span[]; clearTo: number } {
    const spans: Span[] = []
    let at = 0
    while (at < bytes.length) {
      const length = this.#starts[bytes[at] as number] === 1 ? this.#secretAt(bytes, at) : 0
      if (length === 'begun' && !isOver) return { spans, clearTo: at }
      const span = length === 'begun' ? begunAtEnd(bytes, at) : length
      if (span > 0) spans.push({ from: at, to: at + span })
      at += Math.max(1, span)
    }
    return { spans, clearTo: bytes.length }
  }

  /** How long the longest secret at this place is; `begun` when the bytes end inside one. */
  #secretAt(bytes: Buffer, at: number): number | 'begun' {
    const left = bytes.length - at
    const isBegun = this.#forms.some(
      (form) => form.length > left && form.compare(bytes, at, bytes.length, 0, left) === 0,
    )
    if (isBegun) return 'begun'
    const found = this.#forms.find((form) => form.length <= left && form.compare(bytes, at, at + form.length) === 0)
    return found?.length ?? 0
  }
}

export function placesOf(pieces: readonly RecordedPiece[]): Span[] {
  let to = 0
  return pieces.map(({ bytes }) => {
    const from = to
    to += bytes.length
    return { from, to }
  })
}

function begunAtEnd(bytes: Buffer, at: number): number {
  const length = bytes.length - at
  return length >= leastBeginning ? length : 0
}

/** The bytes of one piece; a secret stands as `[redacted]` in the piece in which it begins. */
export function without(bytes: Buffer, { from, to }: Span, spans: readonly Span[]): Uint8Array {
  const parts: Buffer[] = []
  let at = from
  for (const span of spans) {
    if (span.to <= from || span.from >= to) continue
    if (span.from >= from) parts.push(bytes.subarray(at, span.from), hidden)
    at = Math.min(span.to, to)
  }
  return new Uint8Array(Buffer.concat([...parts, bytes.subarray(at, to)]))
}
