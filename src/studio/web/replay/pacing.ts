// When each entry of a run is shown again: at its own pace, with long pauses shortened.

/** A pause that is longer than it is shown. Places are milliseconds of replay; `realMs` is how long it was. */
export interface ShortenedPause {
  from: number
  to: number
  realMs: number
}

/** Pauses longer than this are shortened to it. Milliseconds. */
export const longestPauseMs = 2000

/**
 * The times of a run's entries, laid on one line that begins at 0. Entries may be told late (a span is told when it is
 * over): the line never goes back, and an entry is shown with those it came with.
 */
export class Pacing {
  readonly pauses: ShortenedPause[] = []
  /** Where each entry stands on the line, and when that was; both never fall. */
  readonly #places: number[] = []
  readonly #times: number[] = []

  /** How many entries there are. */
  get count(): number {
    return this.#places.length
  }

  /** How long the replay takes at real speed, in milliseconds. */
  get length(): number {
    return this.#places.at(-1) ?? 0
  }

  /** The next entry, which happened at that time (milliseconds since 1970). */
  add(at: number): void {
    const before = this.#times.at(-1)
    const time = Math.max(at, before ?? at)
    const gap = before === undefined ? 0 : time - before
    const place = this.length + Math.min(gap, longestPauseMs)
    if (gap > longestPauseMs) this.pauses.push({ from: this.length, to: place, realMs: gap })
    this.#places.push(place)
    this.#times.push(time)
  }

  /** How many entries have been heard at that place of the line. */
  countAt(place: number): number {
    return firstAbove(this.#places, place)
  }

  /** What time it was then, in milliseconds since 1970; within a shortened pause it runs faster. */
  timeAt(place: number): number {
    const next = this.countAt(place)
    const from = Math.max(0, next - 1)
    const [start = 0, time = 0] = [this.#places[from], this.#times[from]]
    const [end, after] = [this.#places[next], this.#times[next]]
    if (end === undefined || after === undefined || end <= start) return time
    return time + (Math.max(place - start, 0) / (end - start)) * (after - time)
  }

  /** The place at which it was that time; the inverse of `timeAt`. */
  placeOf(time: number): number {
    const next = firstAbove(this.#times, time)
    const from = Math.max(0, next - 1)
    const [start = 0, before = 0] = [this.#places[from], this.#times[from]]
    const [end, after] = [this.#places[next], this.#times[next]]
    if (end === undefined || after === undefined || after <= before) return start
    return start + (Math.max(time - before, 0) / (after - before)) * (end - start)
  }

  /** The shortened pause that this place lies in. */
  pauseAt(place: number): ShortenedPause | undefined {
    return this.pauses.findLast(({ from, to }) => place > from && place < to)
  }
}

/** How many of the sorted values are not above `limit`. */
function firstAbove(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] as number) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
