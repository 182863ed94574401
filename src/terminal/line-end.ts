// Where the text that flows down the screen ends: in which column, behind which grapheme.
import { graphemesOf, widthOf } from './width.ts'

/** A longer line is measured and let go, so that one without end takes no memory. */
const longestLine = 65_536
const tabStop = 8
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one.
const colourCode = /\u001b\[[\d;]*m/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const lastColoured = /(\u001b\[[\d;]+m)[^\u001b]*(\u001b\[0m)$/

export interface LineEnd {
  /** Columns taken in the last row: 0 to the width of the screen, which is a row that is full. */
  column: number
  /** The last grapheme as it was written, with its colour. */
  last: string
  /** Its width in columns. */
  width: number
}

/**
 * Keeps the line that has no newline yet, and measures it when that is asked for. A terminal wraps by itself, so the
 * column follows from the widths of all that stands in the line.
 */
export class OpenLine {
  #line = ''
  /** How much of the line has been measured. */
  #measured = 0
  #columns = 80
  /** Columns before the last grapheme. */
  #before = 0
  #last = ''
  /** The beginning of the line has been let go. */
  #cut = false

  get isEmpty(): boolean {
    return this.#line === '' && !this.#cut
  }

  add(text: string): void {
    const newline = text.lastIndexOf('\n')
    if (newline >= 0) this.reset()
    this.#line += text.slice(newline + 1)
    if (this.#line.length > longestLine) this.#letGo()
  }

  reset(): void {
    this.#line = ''
    this.#cut = false
    this.#startOver()
  }

  /** Where the line ends on a screen of that width. Linear in what came since it was last asked. */
  end(columns: number): LineEnd {
    if (columns !== this.#columns && !this.#cut) this.#startOver()
    this.#columns = columns
    this.#measure()
    const width = widthOf(this.#last)
    return { column: this.#before + width, last: this.#coloured(), width }
  }

  #measure(): void {
    const fresh = this.#line.slice(this.#measured).replace(colourCode, '')
    this.#measured = this.#line.length
    let column = this.#before
    // The last grapheme comes along once more: what follows may have become a part of it.
    for (const grapheme of graphemesOf(this.#last + fresh)) {
      const isTab = grapheme === '\t'
      const width = widthOf(grapheme)
      if (isTab) column = Math.min(this.#columns - 1, (Math.floor(column / tabStop) + 1) * tabStop)
      else if (column + width > this.#columns) column = 0
      this.#before = column
      this.#last = isTab ? '' : grapheme
      column += width
    }
  }

  #coloured(): string {
    const [, on = '', off = ''] = lastColoured.exec(this.#line.slice(-longestLine)) ?? []
    return on + this.#last + off
  }

  #letGo(): void {
    this.#measure()
    this.#line = ''
    this.#measured = 0
    this.#cut = true
  }

  #startOver(): void {
    this.#measured = 0
    this.#before = 0
    this.#last = ''
  }
}
