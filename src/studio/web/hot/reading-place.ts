// Where somebody reads: the block at the top of the view, and how far it has moved because what is above it changed.

interface Place {
  block: Element
  /** Of the block's top within all that scrolls, which no scrolling changes. Pixels. */
  top: number
}

/** From a row down to a paragraph; what lies deeper moves with it. */
const deepest = 8

export class ReadingPlace {
  readonly #scroller: HTMLElement
  #place: Place | undefined

  constructor(scroller: HTMLElement) {
    this.#scroller = scroller
  }

  /** Takes the block that reaches over the upper edge of the view, or begins below it, out of these rows. */
  note(rows: Iterable<Element>): void {
    const edge = this.#scroller.getBoundingClientRect().top
    const block = firstSeen(rows, edge, 0)
    this.#place = block && { block, top: this.#topOf(block) }
  }

  forget(): void {
    this.#place = undefined
  }

  /** Pixels by which the block has moved since then; 0 when it is not there any more. */
  moved(): number {
    if (this.#place === undefined || this.#place.block.getClientRects().length === 0) return 0
    return this.#topOf(this.#place.block) - this.#place.top
  }

  #topOf(block: Element): number {
    return block.getBoundingClientRect().top + this.#scroller.scrollTop
  }
}

/** A section that is not laid out has the height of a guess: what stands in it is nowhere yet. */
function firstSeen(elements: Iterable<Element>, edge: number, depth: number): Element | undefined {
  for (const element of elements) {
    const { bottom, height } = element.getBoundingClientRect()
    if (height === 0 || bottom <= edge + 1) continue
    if (element.firstElementChild?.checkVisibility({ contentVisibilityAuto: true }) === false) continue
    if (depth === deepest) return element
    return firstSeen(element.children, edge, depth + 1) ?? element
  }
  return undefined
}
