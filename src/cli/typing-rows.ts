// What is typed while somebody speaks, in rows at the bottom of the screen.
import { cleanLine } from '../terminal/sanitize.ts'
import { stageOf } from '../terminal/stage.ts'
import { canRedraw, wantsColor } from '../terminal/style.ts'

/** On a screen that cannot be redrawn they are not shown, and what is typed is seen when it has been taken in. */
export class TypingRows {
  readonly #isShown = wantsColor(process.stdout, process.env) && canRedraw(process.env)
  #draft = ''
  #waiting: readonly string[] = []
  #isStopping = false

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

  /** Whether a reply is being stopped, which may take a moment. */
  stopping(isStopping: boolean): void {
    if (isStopping === this.#isStopping) return
    this.#isStopping = isStopping
    this.#show()
  }

  #show(): void {
    if (!this.#isShown) return
    const rows = this.#waiting.map((line) => `› ${cleanLine(line)} [waits]`)
    if (this.#isStopping) rows.push('Stopping; Ctrl-C once more leaves.')
    if (this.#draft !== '') rows.push(`› ${cleanLine(this.#draft)}`)
    stageOf(process.stdout).below(rows)
  }
}
