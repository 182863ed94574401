// The blocks on the page: sections of settled ones that the browser may skip, and at the end the few that may change.
import { createNode, fits, patch } from './patch.ts'
import type { Shape } from './shape.ts'

/** A section holds about so many characters of text; the browser does not lay out the sections nobody sees. */
const sectionLength = 4_000

export class BlockList {
  readonly #element: HTMLElement
  #section: HTMLElement | undefined
  #sectionLength = 0
  /** Blocks that may still change, in order; always the last on the page. */
  #open: HTMLElement[] = []

  constructor(element: HTMLElement) {
    this.#element = element
  }

  /** Makes the open blocks what the shapes say; a block that stays what it was keeps its node. */
  show(shapes: readonly Shape[]): void {
    for (const [index, shape] of shapes.entries()) this.#showAt(index, shape)
    for (const node of this.#open.splice(shapes.length)) node.remove()
  }

  /** Puts a block that fills itself behind the settled ones, in place of what was open. */
  place(node: HTMLElement): void {
    const [first, ...others] = this.#open
    for (const other of others) other.remove()
    if (first === undefined) this.#append(node)
    else first.replaceWith(node)
    this.#open = [node]
  }

  /** The first open blocks are as they will stay; they stood for so many characters. */
  settle(count: number, length: number): HTMLElement[] {
    this.#sectionLength += length
    return this.#open.splice(0, count)
  }

  get open(): readonly HTMLElement[] {
    return this.#open
  }

  clear(): void {
    this.#element.replaceChildren()
    this.#section = undefined
    this.#sectionLength = 0
    this.#open = []
  }

  #showAt(index: number, shape: Shape): void {
    const node = this.#open[index]
    if (node !== undefined && fits(node, shape)) return patch(node, shape)
    const made = createNode(shape)
    if (node === undefined) this.#append(made)
    else node.replaceWith(made)
    this.#open[index] = made
  }

  #append(node: HTMLElement): void {
    if (this.#section === undefined || this.#sectionLength > sectionLength) {
      this.#section = document.createElement('div')
      this.#section.className = 'markdown-section'
      this.#sectionLength = 0
      this.#section.append(node)
      this.#element.append(this.#section)
    } else this.#section.append(node)
  }
}
