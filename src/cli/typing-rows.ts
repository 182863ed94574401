// What is typed while somebody speaks, in rows at the bottom of the screen.
import { cleanLine } from '../terminal/sanitize.ts'
import { stageOf } from '../terminal/stage.ts'
import { canRedraw, wantsColor } from '../terminal/style.ts'

/** On a screen that cannot be redrawn they are not shown, and what is typed is seen when it has been taken in. */
export class TypingRows {
  readonly #isShown = wantsColor(process.stdout, process.env) && canRedraw(process.env)
  #draft = ''
  #waiting: readonly string[] = []

  /** The line that is being typed. */
  draft(text: string): void {
    if (text === this.#draft) return
    this.#draft = text
    this.#show()
  }

  /** Lines that the agent has not taken in yet. */
  waiting(lines: readonly string[]): void {
    this.#waiting = lines
    this.#show()
  }

  #show(): void {
    if (!this.#isShown) return
    const waiting = this.#waiting.map((line) => `› ${cleanLine(line)} [waits]`)
    stageOf(process.stdout).below(this.#draft === '' ? waiting : [...waiting, `› ${cleanLine(this.#draft)}`])
  }
}
