// Draws formulas when the means to do so, loaded with the first of them, are there; until then their source stands.
import type { Painter } from './painter.ts'

type Draw = (formula: HTMLElement) => void

/** Drawing takes no more of a frame, in milliseconds. */
const frameMs = 4

/** Each formula is drawn once, in its own place. One that cannot be drawn stays as it was written. */
export class Formulas {
  readonly #painter: Painter
  readonly #waiting = new Set<HTMLElement>()
  #draw: Draw | undefined
  #loading = false

  constructor(painter: Painter) {
    this.#painter = painter
  }

  /** Draws the formula with the next frame, or with the first one behind the loading. */
  readonly add = (formula: HTMLElement): void => {
    this.#waiting.add(formula)
    if (this.#draw !== undefined) this.#painter.request(this.#drawSome)
    else this.#load()
  }

  /** When Studio is away, the source stays, and the next formula is another try. */
  #load(): void {
    if (this.#loading) return
    this.#loading = true
    Promise.all([import('katex'), import('../maths/draw.ts')]).then(
      ([{ default: katex }, { drawFormula }]) => {
        this.#draw = (formula) => drawFormula(formula, katex)
        this.#painter.request(this.#drawSome)
      },
      () => {
        this.#loading = false
      },
    )
  }

  readonly #drawSome = (): void => {
    const start = performance.now()
    for (const formula of this.#waiting) {
      if (performance.now() - start > frameMs) return this.#painter.request(this.#drawSome)
      this.#waiting.delete(formula)
      if (formula.isConnected && !('drawn' in formula.dataset)) this.#draw?.(formula)
    }
  }
}
