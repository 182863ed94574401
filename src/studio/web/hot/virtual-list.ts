// A long list of messages: some sixty are on the page, the others are empty space of the height they have or may have.
// Longer than a file should be: the window, its rows and the place of the reader change together.
import type { Follow } from './follow.ts'
import type { Painter } from './painter.ts'
import { ReadingPlace } from './reading-place.ts'
import { RowHeights, type RowRange } from './row-heights.ts'

export interface VirtualListOptions {
  /** What scrolls. */
  scroller: HTMLElement
  /** Where the rows go: its children belong to the list. Rows bear padding, no margins. */
  element: HTMLElement
  painter: Painter
  /** Owns the scroll position: the list moves it only through this. */
  follow: Follow
  /** Makes the row of a message. It is called again when a row comes back. */
  mount(key: string): HTMLElement
  /** The row leaves the page. */
  unmount?(key: string, row: HTMLElement): void
  /** Whether somebody may be reading that row: what stands before others come in front of it is not. Default: all are. */
  isRead?(key: string): boolean
  /** Rows on the page, besides the tail. Default: 60. */
  mounted?: number
}

/** The window moves when fewer rows than these are left before its edge. */
const margin = 12

export class VirtualList {
  readonly #options: VirtualListOptions
  readonly #mounted: number
  readonly #above = space()
  readonly #below = space()
  readonly #rows = new Map<string, HTMLElement>()
  readonly #heights = new RowHeights()
  readonly #place: ReadingPlace
  readonly #sizes = new ResizeObserver((entries) => this.#measured(entries))
  readonly #keyOf = new WeakMap<Element, string>()
  readonly #listeners = new AbortController()
  #keys: readonly string[] = []
  /** Rows from here on are always on the page: somebody writes in them. */
  #tail = 0
  #window: RowRange = { from: 0, to: 0 }

  constructor(options: VirtualListOptions) {
    this.#options = options
    this.#mounted = options.mounted ?? 60
    this.#place = new ReadingPlace(options.scroller)
    options.element.replaceChildren(this.#above, this.#below)
    const onScroll = { passive: true, signal: this.#listeners.signal }
    options.scroller.addEventListener('scroll', () => options.painter.request(this.#update, 'scroll'), onScroll)
  }

  /** All rows in order; the last `tailCount` of them are kept out of the window and stay on the page. Default: 1. */
  setRows(keys: readonly string[], tailCount = 1): void {
    this.#keys = keys
    this.#tail = Math.max(0, keys.length - tailCount)
    const known = new Set(keys)
    this.#keepingPlace(() => {
      for (const key of [...this.#rows.keys()]) if (!known.has(key)) this.#unmount(key)
      this.#move(this.#wanted())
    })
  }

  /** Brings a row to the top of the view, and stops following. False when there is no such row. */
  goTo(key: string): boolean {
    const index = this.#keys.indexOf(key)
    if (index < 0) return false
    this.#options.follow.stop()
    this.#move(this.#around(index, index + 1))
    const row = this.#rows.get(key)!
    const offset = row.getBoundingClientRect().top - this.#options.scroller.getBoundingClientRect().top
    this.#options.follow.goTo(this.#options.scroller.scrollTop + offset)
    this.#place.note([row])
    return true
  }

  /** The row of a message, when it is on the page. */
  row(key: string): HTMLElement | undefined {
    return this.#rows.get(key)
  }

  close(): void {
    this.#listeners.abort()
    this.#sizes.disconnect()
    this.#options.painter.cancel(this.#update)
    for (const key of [...this.#rows.keys()]) this.#unmount(key)
    this.#options.element.replaceChildren()
  }

  readonly #update = (): void => {
    this.#hold()
    const seen = this.#seen()
    const { from, to } = this.#window
    const enoughAbove = from === 0 || seen.from - from >= margin
    const enoughBelow = to >= this.#tail || to - seen.to >= margin
    if (!enoughAbove || !enoughBelow) this.#keepingPlace(() => this.#move(this.#around(seen.from, seen.to)))
  }

  #wanted(): RowRange {
    if (this.#options.follow.following) return this.#around(this.#tail, this.#tail)
    const anchor = this.#anchor()
    if (anchor === undefined) return this.#around(0, 0)
    const index = this.#keys.indexOf(anchor.key)
    return this.#around(index, index + 1)
  }

  /** The window with the rows from..to in its middle, as far as the ends of the list allow. */
  #around(from: number, to: number): RowRange {
    const spare = Math.max(0, this.#mounted - (to - from)) >> 1
    const start = Math.max(0, Math.min(from - spare, this.#tail - this.#mounted))
    return { from: start, to: Math.min(this.#tail, Math.max(start + this.#mounted, to)) }
  }

  #seen(): RowRange {
    const { scroller, element } = this.#options
    const top = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top
    return this.#heights.range(this.#keys.slice(0, this.#tail), top, top + scroller.clientHeight)
  }

  /** Mounts what is in the window, lets go of what is not, and sets the space for the others. */
  #move(window: RowRange): void {
    this.#window = window
    const wanted = new Set([...this.#keys.slice(window.from, window.to), ...this.#keys.slice(this.#tail)])
    for (const key of [...this.#rows.keys()]) if (!wanted.has(key)) this.#unmount(key)
    this.#arrange(window.from, window.to, this.#above)
    // The space moves and the rows stay: a row that leaves the tail keeps its node, its focus and its selection.
    const last = window.to > window.from ? this.#rows.get(this.#keys[window.to - 1]!)! : this.#above
    if (last.nextElementSibling !== this.#below) last.after(this.#below)
    this.#arrange(this.#tail, this.#keys.length, this.#below)
    setHeight(this.#above, this.#heights.sum(this.#keys, 0, window.from))
    setHeight(this.#below, this.#heights.sum(this.#keys, window.to, this.#tail))
  }

  #arrange(from: number, to: number, behind: HTMLElement): void {
    let last: Element = behind
    for (const key of this.#keys.slice(from, to)) {
      const row = this.#rows.get(key) ?? this.#mount(key)
      if (last.nextElementSibling === this.#below && last !== this.#below && row.parentNode !== null) {
        // The space below stands between two rows that stay: it is put right when the rows are.
        if (this.#below.nextElementSibling === row) {
          last = row
          continue
        }
      }
      if (last.nextElementSibling !== row) last.after(row)
      last = row
    }
  }

  #mount(key: string): HTMLElement {
    const row = this.#options.mount(key)
    this.#rows.set(key, row)
    this.#keyOf.set(row, key)
    this.#sizes.observe(row)
    return row
  }

  #unmount(key: string): void {
    const row = this.#rows.get(key)!
    this.#rows.delete(key)
    this.#sizes.unobserve(row)
    row.remove()
    this.#options.unmount?.(key, row)
  }

  #measured(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, borderBoxSize } of entries) {
      const key = this.#keyOf.get(target)
      if (key !== undefined && target.isConnected) this.#heights.set(key, borderBoxSize[0]!.blockSize)
    }
    this.#hold()
    this.#options.painter.request(this.#update, 'scroll')
  }

  /** What is read stays where it is on the screen when something above it grew: an image, a fold, a text. */
  #hold(): void {
    const { follow, scroller } = this.#options
    if (follow.following) return this.#place.forget()
    const moved = this.#place.moved()
    if (Math.abs(moved) >= 0.5 && scroller.scrollTop > 0) follow.shift(moved)
    this.#notePlace()
  }

  #notePlace(): void {
    const rows = this.#keys.filter((key) => this.#isRead(key)).map((key) => this.#rows.get(key))
    this.#place.note(rows.filter((row) => row !== undefined))
  }

  #isRead(key: string): boolean {
    return this.#options.isRead?.(key) ?? true
  }

  /** The row being read stays where it is on the screen, whatever is mounted above it. */
  #keepingPlace(change: () => void): void {
    this.#hold()
    const anchor = this.#anchor()
    change()
    if (this.#options.follow.following) return this.#options.follow.shift(0)
    const row = anchor && this.#rows.get(anchor.key)
    if (anchor === undefined || row === undefined) return
    const moved = row.getBoundingClientRect().top - anchor.top
    if (Math.abs(moved) >= 0.5) this.#options.follow.shift(moved)
    this.#notePlace()
  }

  /** The first row that reaches into the view, and where its top is on the screen. */
  #anchor(): { key: string; top: number } | undefined {
    const edge = this.#options.scroller.getBoundingClientRect().top
    for (const key of this.#keys) {
      const box = this.#rows.get(key)?.getBoundingClientRect()
      if (box !== undefined && box.bottom > edge && this.#isRead(key)) return { key, top: box.top }
    }
    return undefined
  }
}

function space(): HTMLElement {
  const element = document.createElement('div')
  element.className = 'virtual-list-space'
  element.setAttribute('aria-hidden', 'true')
  return element
}

function setHeight(element: HTMLElement, pixels: number): void {
  // Whole pixels: the scroll position has no others, and the row being read must not creep.
  const height = `${Math.round(pixels)}px`
  if (element.style.blockSize !== height) element.style.blockSize = height
}
