// How high rows are: what was measured, and for the others what the measured ones are on average.
export interface RowRange {
  from: number
  to: number
}

/** Pixels of a message nobody has measured yet. */
const guess = 120

export class RowHeights {
  readonly #heights = new Map<string, number>()
  #total = 0

  set(key: string, pixels: number): void {
    this.#total += pixels - (this.#heights.get(key) ?? 0)
    this.#heights.set(key, pixels)
  }

  get(key: string): number {
    return this.#heights.get(key) ?? this.#average()
  }

  sum(keys: readonly string[], from: number, to: number): number {
    let sum = 0
    for (let index = from; index < to; index += 1) sum += this.get(keys[index]!)
    return sum
  }

  /** The rows that reach into top..bottom, in pixels from the first row; behind the last row it is empty. */
  range(keys: readonly string[], top: number, bottom: number): RowRange {
    let at = 0
    let from = 0
    while (from < keys.length && at + this.get(keys[from]!) <= top) at += this.get(keys[from++]!)
    let to = from
    while (to < keys.length && at < bottom) at += this.get(keys[to++]!)
    return { from, to }
  }

  #average(): number {
    return this.#heights.size === 0 ? guess : this.#total / this.#heights.size
  }
}
