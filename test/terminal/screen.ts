// A small terminal: what is written becomes rows and a scrollback, so that a test sees what a person sees.
import { EventEmitter } from 'node:events'

interface Row {
  /** One entry a column; the second column of a wide grapheme is ''. */
  cells: string[]
  /** The line goes on in the next row. */
  goesOn: boolean
}

const segmenter = new Intl.Segmenter()
const wide =
  /^(?:\p{Emoji_Presentation}|\p{RI}|\p{scx=Han}|\p{scx=Hira}|\p{scx=Kana}|\p{scx=Hang}|[\u3000-\u303f\uff01-\uff60])/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a sequence begins with.
const known = /^\u001b(?:\[(?<mode>\?)?(?<counts>[\d;]*)(?<final>[A-Za-z])|(?<plain>[78D]))/

const emptyRow = (): Row => ({ cells: [], goesOn: false })

/** Takes the sequences that the terminal writes, and throws for any other. */
export class Screen extends EventEmitter {
  readonly isTTY = true
  columns: number
  rows: number
  /** Everything that was written. */
  readonly writes: string[] = []
  cursorIsVisible = true
  readonly #modes = new Set<string>()
  #past: Row[] = []
  #grid: Row[]
  #x = 0
  #y = 0
  /** The last column was written; the next grapheme wraps. */
  #full = false
  #saved = { x: 0, y: 0 }

  constructor(columns = 80, rows = 24) {
    super()
    this.columns = columns
    this.rows = rows
    this.#grid = Array.from({ length: rows }, emptyRow)
  }

  write(text: string): boolean {
    this.writes.push(text)
    for (let rest = text; rest !== ''; ) rest = rest.slice(this.#take(rest))
    return true
  }

  /** The rows on the screen, without what is empty at the end. */
  get visible(): string[] {
    return trimmed(this.#grid.map(textOfRow))
  }

  /** All lines since the beginning; rows that the terminal wrapped are one line again. */
  get lines(): string[] {
    const lines: string[] = []
    let open = false
    for (const row of [...this.#past, ...this.#grid]) {
      const text = row.goesOn ? row.cells.join('') : textOfRow(row)
      if (open) lines[lines.length - 1] += text
      else lines.push(text)
      open = row.goesOn
    }
    return trimmed(lines)
  }

  /** Whether whatever was switched on has been switched off again. */
  get isAtRest(): boolean {
    return this.cursorIsVisible && this.#modes.size === 0
  }

  /** As tmux does: rows are wrapped anew, and the cursor stays where it was in the text. */
  resize(columns: number, rows: number): void {
    const [before, after] = [this.#past.length + this.#y, { row: 0, x: 0 }]
    const wrapped: Row[] = []
    let line: string[] = []
    let cursorAt: number | undefined
    for (const [index, row] of [...this.#past, ...this.#grid].entries()) {
      if (index === before) cursorAt = line.length + this.#x + (this.#full ? 1 : 0)
      line.push(...row.cells)
      if (row.goesOn) continue
      if (cursorAt !== undefined) Object.assign(after, place(line, cursorAt, columns, wrapped.length))
      cursorAt = undefined
      wrapped.push(...cut(line, columns))
      line = []
    }
    while (wrapped.length > after.row + 1 && wrapped.at(-1)?.cells.length === 0) wrapped.pop()
    // What is below the cursor is lost before anything moves out at the top.
    const first = Math.min(this.#past.length, wrapped.length)
    wrapped.length = Math.max(after.row + 1, Math.min(wrapped.length, first + rows))
    ;(wrapped.at(-1) as Row).goesOn = false
    const top = Math.max(0, wrapped.length - rows)
    this.#past = wrapped.slice(0, top)
    this.#grid = [...wrapped.slice(top), ...Array.from({ length: rows - (wrapped.length - top) }, emptyRow)]
    this.columns = columns
    this.rows = rows
    this.#y = Math.max(0, after.row - top)
    this.#x = Math.min(after.x, columns - 1)
    this.#full = after.x >= columns
    this.emit('resize')
  }

  #take(text: string): number {
    if (text[0] === '\u001b') return this.#sequence(text)
    const char = String.fromCodePoint(text.codePointAt(0) as number)
    if (char === '\r') this.#move(0, this.#y)
    else if (char === '\n') this.#newline(0)
    else if (char < ' ' || char === '\u007f') throw new Error(`The control character ${JSON.stringify(char)}`)
    else this.#print(char)
    return char.length
  }

  #sequence(text: string): number {
    const found = known.exec(text)
    if (found === null) throw new Error(`An unknown sequence: ${JSON.stringify(text.slice(0, 20))}`)
    const { mode, counts = '', final, plain } = found.groups as Record<string, string | undefined>
    const count = Number(counts) || 1
    if (plain === '7') this.#saved = { x: this.#x, y: this.#y }
    else if (plain === '8') this.#move(this.#saved.x, this.#saved.y)
    else if (plain === 'D') this.#newline(this.#x)
    else if (mode !== undefined) this.#switch(counts, final === 'h')
    else if (final === 'A') this.#move(this.#x, Math.max(0, this.#y - count))
    else if (final === 'D') this.#move(Math.max(0, this.#x - count), this.#y)
    else if (final === 'C') this.#move(Math.min(this.columns - 1, this.#x + count), this.#y)
    else if (final === 'G') this.#move(count - 1, this.#y)
    else if (final === 'J' && (counts === '' || counts === '0')) this.#eraseBelow()
    else if (final !== 'm') throw new Error(`An unknown sequence: ${JSON.stringify(found[0])}`)
    return found[0].length
  }

  #switch(mode: string, on: boolean): void {
    if (mode === '25') this.cursorIsVisible = on
    else if (on) this.#modes.add(mode)
    else this.#modes.delete(mode)
  }

  #move(x: number, y: number): void {
    this.#x = x
    this.#y = y
    this.#full = false
  }

  #newline(x: number): void {
    if (this.#y === this.rows - 1) {
      this.#past.push(this.#grid.shift() as Row)
      this.#grid.push(emptyRow())
    } else this.#y += 1
    this.#x = x
    this.#full = false
  }

  #eraseBelow(): void {
    // tmux takes that for a screen that is left behind.
    if (this.#x === 0 && this.#y === 0) this.#past.push(...this.#grid.filter(({ cells }) => cells.length > 0))
    const row = this.#grid[this.#y] as Row
    row.cells.length = Math.min(row.cells.length, this.#x)
    row.goesOn = false
    for (let y = this.#y + 1; y < this.rows; y++) this.#grid[y] = emptyRow()
  }

  #print(char: string): void {
    if (this.#joins(char)) return
    const width = widthOf(char)
    if (this.#full || this.#x + width > this.columns) {
      ;(this.#grid[this.#y] as Row).goesOn = true
      this.#newline(0)
    }
    const { cells } = this.#grid[this.#y] as Row
    while (cells.length < this.#x) cells.push(' ')
    cells.splice(this.#x, width, char, ...(width === 2 ? [''] : []))
    this.#full = this.#x + width >= this.columns
    this.#x = Math.min(this.#x + width, this.columns - 1)
  }

  /** A mark, or the next picture of an emoji family, belongs to the grapheme before the cursor. */
  #joins(char: string): boolean {
    const { cells } = this.#grid[this.#y] as Row
    let at = this.#full ? this.columns - 1 : this.#x - 1
    if (cells[at] === '') at -= 1
    const last = cells[at]
    if (last === undefined || [...segmenter.segment(last + char)].length > 1) return false
    cells[at] = last + char
    return true
  }
}

function widthOf(char: string): number {
  return wide.test(char) ? 2 : 1
}

function textOfRow({ cells }: Row): string {
  return cells.join('').trimEnd()
}

function trimmed(lines: string[]): string[] {
  const last = lines.findLastIndex((line) => line !== '')
  return lines.slice(0, last + 1)
}

/** Where in the rows made of it a place in a line is. */
function place(line: readonly string[], at: number, columns: number, firstRow: number): { row: number; x: number } {
  const before = cut(line.slice(0, at), columns)
  const x = Math.max(at, before.at(-1)?.cells.length ?? 0)
  const used = before.slice(0, -1).reduce((sum, { cells }) => sum + cells.length, 0)
  return { row: firstRow + before.length - 1, x: Math.max(0, x - used) }
}

/** A line as rows; a wide grapheme is not cut in two. */
function cut(line: readonly string[], columns: number): Row[] {
  const rows: Row[] = [emptyRow()]
  for (let at = 0; at < line.length; at++) {
    const width = line[at + 1] === '' ? 2 : 1
    let row = rows.at(-1) as Row
    if (row.cells.length + width > columns) {
      row.goesOn = true
      row = emptyRow()
      rows.push(row)
    }
    row.cells.push(line[at] as string, ...(width === 2 ? [''] : []))
    at += width - 1
  }
  return rows
}
