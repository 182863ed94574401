// Text that has come and is not on the page yet: a long one is taken down in steps, so that no frame is long.
import { isHighSurrogate } from './surrogates.ts'

/** UTF-16 units that are lexed and shown within a few milliseconds. */
const stepLength = 8_000

export class Backlog {
  #text = ''

  get isEmpty(): boolean {
    return this.#text === ''
  }

  add(text: string): void {
    this.#text += text
  }

  /**
   * The next step, cut between paragraphs where that is possible. Behind an unsettled tail that is long already it is as
   * long as the tail, which is lexed again with it: all steps together then cost as much as twice the whole.
   */
  next(tailLength: number): string {
    const most = Math.max(stepLength, tailLength)
    if (this.#text.length <= most) return this.clear()
    const blank = this.#text.lastIndexOf('\n\n', most - 2)
    let end = blank > most / 2 ? blank + 2 : most
    if (isHighSurrogate(this.#text.charCodeAt(end - 1))) end += 1
    const step = this.#text.slice(0, end)
    this.#text = this.#text.slice(end)
    return step
  }

  clear(): string {
    const all = this.#text
    this.#text = ''
    return all
  }
}
