// The part of the screen that is drawn again and again: rows below the place where the text flows on.
import { OpenLine } from './line-end.ts'

const esc = '\u001b'
const begin = `${esc}[?2026h${esc}[?25l`
const end = `${esc}[?25h${esc}[?2026l`
const eraseBelow = `${esc}[J`
const save = `${esc}7`
const restore = `${esc}8`
/** One row down in the same column; at the bottom the screen scrolls. */
const down = `${esc}D`

/**
 * Makes the characters for one frame. Between frames the cursor stands where the text goes on, *above* the rows: so
 * whatever a terminal does to its lines when it is resized, and whatever somebody else writes, the cursor stays with
 * the text, and erasing what is below it leaves no trace of the rows. A frame is drawn whole (synchronized output, where a
 * terminal knows it) and with the cursor hidden.
 */
export class LiveArea {
  readonly #line = new OpenLine()
  #shown = false
  /** The row that the text ends in is full: the cursor stands on its last grapheme, which is written once more. */
  #again: { back: string; last: string } | undefined

  /** Whether rows stand on the screen. */
  get isShown(): boolean {
    return this.#shown
  }

  /** Whether the text ends in the middle of a line. */
  get isInLine(): boolean {
    return !this.#line.isEmpty
  }

  /** Somebody else has had the screen and has left a fresh line. */
  freshLine(): void {
    this.#line.reset()
  }

  /** The screen has another width. Where the text now ends in a full row, the cursor cannot stand behind it. */
  resized(columns: number): void {
    if (this.#shown) this.#again ??= this.#lastOfFullRow(columns)
  }

  /** Text that flows on, and the rows that shall stand below it then. Each row is narrower than the screen. */
  frame(text: string, rows: readonly string[], columns: number): string {
    if (!this.#shown && rows.length === 0) {
      this.#line.add(text)
      return text
    }
    const erased = this.#shown ? this.#erased() : ''
    this.#line.add(text)
    this.#again = undefined
    this.#shown = rows.length > 0
    return begin + erased + text + (this.#shown ? this.#drawn(rows, columns) : '') + end
  }

  #erased(): string {
    // tmux keeps what is erased from the very first cell on, as if it had scrolled away; a space avoids that cell.
    if (this.#line.isEmpty) return ` ${eraseBelow}\r`
    const { back = '', last = '' } = this.#again ?? {}
    return back + eraseBelow + last
  }

  #drawn(rows: readonly string[], columns: number): string {
    // Behind a full row a terminal remembers to wrap before the next character, and forgets it when the cursor moves.
    this.#again = this.#lastOfFullRow(columns)
    const isFresh = this.#line.end(columns).column === 0
    const below = isFresh ? rows.length - 1 : rows.length
    const room = below > 0 ? `${down.repeat(below)}${esc}[${below}A` : ''
    return `${room}${save}${isFresh ? '' : '\r\n'}${rows.join('\r\n')}${restore}`
  }

  #lastOfFullRow(columns: number): { back: string; last: string } | undefined {
    const { column, last, width } = this.#line.end(columns)
    if (column < columns) return undefined
    return { back: width > 1 ? `${esc}[${width - 1}D` : '', last }
  }
}
