// When the screen is drawn again: at most 30 times a second, and never for a reader that is behind.
import type { TerminalClock } from './clock.ts'
import type { Output } from './output.ts'

/** About 30 a second. */
const frameMs = 33

/** Asks for `draw` at the right moment; `draw` calls `drawn`. */
export class Frames {
  readonly #clock: TerminalClock
  readonly #output: Output
  readonly #draw: () => void
  #drawnAt = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(output: Output, clock: TerminalClock, draw: () => void) {
    this.#output = output
    this.#clock = clock
    this.#draw = draw
  }

  /** A frame as soon as there may be one, which can be at once. */
  want(): void {
    if (this.#cancel !== undefined) return
    const wait = this.#drawnAt + frameMs - this.#clock.now()
    if (this.#output.waiting !== undefined) this.#afterwards(this.#output.waiting)
    else if (wait <= 0) this.#draw()
    else this.#cancel = this.#clock.after(wait, () => this.#due())
  }

  /** The screen has been drawn: nothing is wanted any more. `isFrame` says whether it was more than text that flows. */
  drawn(isFrame: boolean): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (isFrame) this.#drawnAt = this.#clock.now()
  }

  /** It would only have to catch up with frames that nobody sees. */
  #afterwards(room: Promise<void>): void {
    let isWanted = true
    this.#cancel = () => {
      isWanted = false
    }
    void room.then(() => isWanted && this.#due())
  }

  #due(): void {
    this.#cancel = undefined
    if (this.#output.waiting !== undefined) this.#afterwards(this.#output.waiting)
    else this.#draw()
  }
}
