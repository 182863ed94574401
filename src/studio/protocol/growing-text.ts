// A text that grows at its end and is read from any place, without ever being copied as a whole.
import { Crc32 } from './crc.ts'

/** Units of one settled piece. Only the last, unfinished one is copied when somebody reads. */
export const pieceLength = 1 << 15

/** Where settled pieces of long texts go when they shall not stay in memory. Both are synchronous. */
export interface Spill {
  write(text: string): number
  read(place: number): string
}

/** Which pieces of a run's texts are in memory: the oldest leave it when there are too many. */
export class PieceShelf {
  readonly #spill: Spill | undefined
  readonly #most: number
  readonly #held: { pieces: (string | number)[]; index: number }[] = []
  #next = 0

  /** `most`: how many units may stay in memory; default one mebi. Without a spill all do. */
  constructor(spill?: Spill, most = 1 << 20) {
    this.#spill = spill
    this.#most = most
  }

  settled(pieces: (string | number)[], index: number): void {
    if (this.#spill === undefined) return
    this.#held.push({ pieces, index })
    while ((this.#held.length - this.#next) * pieceLength > this.#most) this.#putAway(this.#spill)
  }

  read(piece: string | number): string {
    return typeof piece === 'string' ? piece : (this.#spill as Spill).read(piece)
  }

  #putAway(spill: Spill): void {
    const { pieces, index } = this.#held[this.#next] as { pieces: (string | number)[]; index: number }
    const piece = pieces[index]
    try {
      if (typeof piece === 'string') pieces[index] = spill.write(piece)
    } catch {
      // There is no room for it: it stays where it is.
    }
    this.#next += 1
    if (this.#next < 1024) return
    this.#held.splice(0, this.#next)
    this.#next = 0
  }
}

export class GrowingText {
  readonly #shelf: PieceShelf
  #pieces: (string | number)[] = []
  #tail = ''

  constructor(shelf: PieceShelf) {
    this.#shelf = shelf
  }

  /** In UTF-16 units. */
  get length(): number {
    return this.#pieces.length * pieceLength + this.#tail.length
  }

  append(text: string): void {
    this.#tail += text
    if (this.#tail.length < pieceLength) return
    let from = 0
    for (; this.#tail.length - from >= pieceLength; from += pieceLength) {
      this.#pieces.push(this.#tail.slice(from, from + pieceLength))
      this.#shelf.settled(this.#pieces, this.#pieces.length - 1)
    }
    this.#tail = this.#tail.slice(from)
  }

  /** At most `most` units from that place on. */
  from(offset: number, most = Number.POSITIVE_INFINITY): string {
    let text = ''
    let at = Math.max(0, offset)
    while (at < this.length && text.length < most) {
      const index = Math.floor(at / pieceLength)
      const piece = this.#pieces[index]
      const whole = piece === undefined ? this.#tail : this.#shelf.read(piece)
      const inside = at - index * pieceLength
      const taken = whole.slice(inside, inside + most - text.length)
      text += taken
      at += taken.length
    }
    return text
  }

  crc(): number {
    const crc = new Crc32()
    for (const piece of this.#pieces) crc.add(this.#shelf.read(piece))
    return crc.add(this.#tail).value
  }

  toString(): string {
    return this.from(0)
  }
}
