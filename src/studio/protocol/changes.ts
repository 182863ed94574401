// Things in the order in which they last changed, so that whoever is behind finds what is new without looking at the rest.

/** Something that changes. It stands in one list of changes only. */
export interface Changing {
  /** When it came into being, for the order of telling. */
  readonly born: number
  /** The journal offset of its last change. */
  changed: number
  /** Who changed just before and just after it. */
  before: Changing | undefined
  after: Changing | undefined
}

export class Changes<Thing extends Changing> {
  #last: Changing | undefined

  /** Moves it to the end; it need not be in the list yet. */
  touch(thing: Thing, offset: number): void {
    thing.changed = offset
    if (this.#last === thing) return
    this.remove(thing)
    thing.before = this.#last
    if (this.#last !== undefined) this.#last.after = thing
    this.#last = thing
  }

  remove(thing: Thing): void {
    if (thing.before !== undefined) thing.before.after = thing.after
    if (thing.after !== undefined) thing.after.before = thing.before
    if (this.#last === thing) this.#last = thing.before
    thing.before = undefined
    thing.after = undefined
  }

  /** What changed strictly after that offset, oldest first by birth. Costs as much as it finds. */
  since(offset: number): Thing[] {
    const found: Thing[] = []
    for (let thing = this.#last; thing !== undefined && thing.changed > offset; thing = thing.before)
      found.push(thing as Thing)
    return found.sort((a, b) => a.born - b.born)
  }
}
