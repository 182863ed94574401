// What a tab has been sent and has not said that it has read, for tabs that say so.

/** A tab that never acknowledges is not held to it; of one that does, so many batches are remembered. */
const remembered = 4096

export class Unread {
  #sizes: number[] = []
  #read = 0
  #total = 0
  #acknowledges = false

  /** In UTF-16 units; 0 for a tab that has never acknowledged anything. */
  get units(): number {
    return this.#acknowledges ? this.#total : 0
  }

  sent(units: number): void {
    this.#sizes.push(units)
    this.#total += units
    if (this.#sizes.length > remembered) this.#take()
  }

  /** So many batches have been read since the beginning. */
  read(count: number): void {
    this.#acknowledges = true
    while (this.#read < count && this.#sizes.length > 0) this.#take()
  }

  #take(): void {
    this.#total -= this.#sizes.shift() ?? 0
    this.#read += 1
  }
}
