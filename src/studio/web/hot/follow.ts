// The one owner of the scroll position: at the end it stays at the end, and a reader who moves up is left in peace.
import type { Painter } from './painter.ts'

export interface FollowOptions {
  painter: Painter
  /** Runs when following starts or stops: to show or hide the button that leads back to the end. */
  onChange?: (following: boolean) => void
}

/** Pixels that fractions of a pixel may leave between the position and the end. */
const atEnd = 1

/** The browser may still be moving upwards, softly, when somebody asks for the end. Milliseconds. */
const softMs = 400

const upKeys: ReadonlySet<string> = new Set(['ArrowUp', 'PageUp', 'Home'])

/**
 * Follows the growing content of a scrolling element, always in one step. It starts following.
 * Any wheel, key, finger or drag upwards stops it; only reaching the end again, the End key or `resume` starts it.
 */
export class Follow {
  readonly #scroller: HTMLElement
  readonly #painter: Painter
  readonly #onChange: ((following: boolean) => void) | undefined
  readonly #sizes: ResizeObserver
  readonly #listeners = new AbortController()
  #following = true
  #top = 0
  #resumedAt = Number.NEGATIVE_INFINITY
  #touchY: number | undefined

  /** `content` is what grows within the scroller. */
  constructor(scroller: HTMLElement, content: HTMLElement, options: FollowOptions) {
    this.#scroller = scroller
    this.#painter = options.painter
    this.#onChange = options.onChange
    this.#sizes = new ResizeObserver(this.#toEnd)
    this.#sizes.observe(content)
    this.#sizes.observe(scroller)
    this.#listen()
    this.#painter.request(this.#toEnd, 'scroll')
  }

  get following(): boolean {
    return this.#following
  }

  /** Goes to the end at once and stays there. */
  resume(): void {
    this.#resumedAt = performance.now()
    this.#set(true)
    this.#toEnd()
  }

  /** Leaves the position to the reader. */
  stop(): void {
    this.#set(false)
  }

  /** Shifts the position because content above the reader changed its height; it is no movement of the reader's. */
  shift(pixels: number): void {
    if (this.#following) return this.#toEnd()
    this.#scroller.scrollTop += pixels
    this.#top = this.#scroller.scrollTop
  }

  /** Goes to a place in the content, and leaves the reader there. */
  goTo(top: number): void {
    this.stop()
    this.#scroller.scrollTop = top
    this.#top = this.#scroller.scrollTop
  }

  close(): void {
    this.#listeners.abort()
    this.#sizes.disconnect()
    this.#painter.cancel(this.#toEnd)
  }

  readonly #toEnd = (): void => {
    if (!this.#following) return
    this.#scroller.scrollTop = this.#scroller.scrollHeight
    this.#top = this.#scroller.scrollTop
  }

  #set(following: boolean): void {
    if (following === this.#following) return
    this.#following = following
    this.#onChange?.(following)
  }

  #listen(): void {
    const options = { passive: true, signal: this.#listeners.signal }
    const on = this.#scroller
    on.addEventListener('wheel', (event) => event.deltaY < 0 && this.#up(), options)
    on.addEventListener('keydown', (event) => this.#key(event), { signal: this.#listeners.signal })
    on.addEventListener('touchstart', (event) => this.#touch(event), options)
    on.addEventListener('touchmove', (event) => this.#touch(event), options)
    on.addEventListener('scroll', () => this.#scrolled(), options)
  }

  /** Where nothing can scroll, there is nowhere to go up to and no way back down. */
  #up(): void {
    if (this.#scroller.scrollHeight > this.#scroller.clientHeight) this.stop()
  }

  #key(event: KeyboardEvent): void {
    if (isTyping(event)) return
    if (event.key === 'End') {
      // The browser would go there softly, to where the end was.
      event.preventDefault()
      this.resume()
    } else if (upKeys.has(event.key) || (event.key === ' ' && event.shiftKey)) this.#up()
  }

  #touch(event: TouchEvent): void {
    const y = event.touches[0]?.clientY
    if (event.type === 'touchmove' && y !== undefined && this.#touchY !== undefined && y > this.#touchY) this.#up()
    this.#touchY = y
  }

  /** The scroll bar tells nothing but the new position. Content that shrank moves it as well, and leaves it at the end. */
  #scrolled(): void {
    const top = this.#scroller.scrollTop
    const left = this.#scroller.scrollHeight - this.#scroller.clientHeight - top
    if (top < this.#top && left > atEnd) {
      if (this.#following && performance.now() - this.#resumedAt < softMs) return this.#toEnd()
      this.stop()
    } else if (top > this.#top && left <= atEnd) this.#set(true)
    this.#top = top
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/.test(target.localName))
  )
}
