// Takes secrets out of a body while it comes, also those that two pieces share.
import type { RecordedPiece } from './cassette.ts'
import type { FormIndex, Searchable } from './known-secrets.ts'
import { plainLetters } from './plain-letters.ts'

const hidden = Buffer.from('[redacted]')
/** The beginning of a secret at the very end of a body is taken out too, unless it is as short as a word. */
const leastBeginning = 6
const backslash = 92

export interface Span {
  from: number
  to: number
  /** What stands on both sides of the mark: quotes, where there were none. */
  around?: string
}

/** Where secrets stand, and up to where the bytes are known to be in none that goes on. */
export interface Searched {
  spans: readonly Span[]
  clearTo: number
}

/** Pieces stay as they were cut. Those behind `clearTo` wait, and with them those in which one of their secrets begins. */
export function parted(
  waiting: readonly RecordedPiece[],
  bytes: Buffer,
  { spans, clearTo }: Searched,
): { clean: RecordedPiece[]; waiting: RecordedPiece[] } {
  const places = placesOf(waiting)
  // The end of a secret must not wait without its beginning: it would no longer be known.
  const last = places.findLastIndex(({ to }) => to <= clearTo && !spans.some((span) => span.from < to && to < span.to))
  const clean = waiting.slice(0, last + 1).flatMap(({ atMs }, index) => {
    const kept = without(bytes, places[index] as Span, spans)
    return kept.length === 0 ? [] : [{ atMs, bytes: kept }]
  })
  return { clean, waiting: waiting.slice(last + 1) }
}

export function joined(pieces: readonly RecordedPiece[]): Buffer {
  const [first] = pieces
  return pieces.length === 1 && first !== undefined
    ? Buffer.from(first.bytes)
    : Buffer.concat(pieces.map((each) => each.bytes))
}

/**
 * Takes out known secrets. A piece that ends in what may be the beginning of one waits for the next; all others go on at
 * once.
 */
export class CleanPieces {
  readonly #known: Searchable
  #waiting: RecordedPiece[] = []

  /** What is learned later is heeded from then on. */
  constructor(known: Searchable) {
    this.#known = known
  }

  /** The pieces that are clean now. */
  push(piece: RecordedPiece): RecordedPiece[] {
    if (this.#known.forms.length === 0) return [piece]
    this.#waiting.push(piece)
    return this.#release(false)
  }

  /** The body is over: what was waiting. */
  end(): RecordedPiece[] {
    return this.#waiting.length === 0 ? [] : this.#release(true)
  }

  #release(isOver: boolean): RecordedPiece[] {
    const bytes = joined(this.#waiting)
    const { clean, waiting } = parted(this.#waiting, bytes, secretsIn(bytes, this.#known.index, isOver))
    this.#waiting = waiting
    return clean
  }
}

/** As they stand, and behind the escapes of JSON. */
export function secretsIn(bytes: Buffer, index: FormIndex, isOver: boolean): Searched {
  const found = formsIn(bytes, index, isOver)
  if (!bytes.includes(backslash)) return found
  const { bytes: plain, from, to, cutAt } = plainLetters(bytes.toString('latin1'))
  const behind = formsIn(plain, index, isOver)
  const spans = behind.spans.map((span) => ({ from: from[span.from] as number, to: to[span.to - 1] as number }))
  const clearTo = Math.min(found.clearTo, from[behind.clearTo] ?? bytes.length, isOver ? bytes.length : cutAt)
  return { spans: merged([...found.spans, ...spans]), clearTo }
}

function formsIn(bytes: Buffer, index: FormIndex, isOver: boolean): Searched {
  const spans: Span[] = []
  let at = 0
  while (at < bytes.length) {
    const length = index.at(bytes, at)
    if (length === 'begun' && !isOver) return { spans, clearTo: at }
    const span = length === 'begun' ? begunAtEnd(bytes, at) : length
    if (span > 0) spans.push({ from: at, to: at + span })
    at += Math.max(1, span)
  }
  return { spans, clearTo: bytes.length }
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
    if (span.from >= from) parts.push(bytes.subarray(at, span.from), markFor(span))
    at = Math.min(span.to, to)
  }
  return new Uint8Array(Buffer.concat([...parts, bytes.subarray(at, to)]))
}

function markFor({ around }: Span): Buffer {
  return around === undefined ? hidden : Buffer.from(around + hidden + around)
}

/** In order, none inside another. */
export function merged(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((one, other) => one.from - other.from || other.to - one.to)
  const apart: Span[] = []
  for (const span of sorted) {
    const last = apart.at(-1)
    if (last === undefined || span.from >= last.to) apart.push({ ...span })
    else last.to = Math.max(last.to, span.to)
  }
  return apart
}
