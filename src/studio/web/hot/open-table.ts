// A table that is still open: each row is lexed once, when its line is there, and the line being written is shown live.
import type { Tokens } from 'marked'
import { blockShape, longTable, rowShape, rowsPerBody } from './block-shapes.ts'
import { showTail } from './hold-back.ts'
import { type Links, lexBlocks } from './lex-blocks.ts'
import { closeInline } from './open-inline.ts'
import { createNode, patch } from './patch.ts'
import type { Words } from './safe-link.ts'

/** Blank lines, a line of cells, and the line that draws the table, all complete. */
const opening = /^(?:[ \t]*\n)*([^\n]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\n)/

export class OpenTable {
  readonly node: HTMLElement
  readonly #table: HTMLElement
  readonly #head: string
  readonly #words: Words
  readonly #links: Links
  /** The row of the line being written. */
  #open: HTMLElement | undefined
  #body: HTMLElement | undefined
  #count = 0

  constructor(head: string, token: Tokens.Table, links: Links, words: Words) {
    this.#head = head
    this.#links = links
    this.#words = words
    this.node = createNode(blockShape(token, words)!)
    this.#table = this.node.querySelector('table') as HTMLElement
  }

  static at(text: string, links: Links, words: Words): { table: OpenTable; length: number } | undefined {
    const found = opening.exec(text)
    if (found === null) return undefined
    const tokens = lexBlocks(found[1]!, links)
    const table = tokens[0]
    if (table?.type !== 'table' || tokens.length > 1) return undefined
    return { table: new OpenTable(found[1]!, table as Tokens.Table, links, words), length: found[0].length }
  }

  /** Shows what has come since, and says how much of it is done with and whether the table ended before the rest. */
  take(text: string, last: boolean, patient: boolean): { taken: number; closed: boolean } {
    const complete = last ? text.length : text.lastIndexOf('\n') + 1
    const lines = text.slice(0, complete)
    const rows = lines === '' ? [] : this.#lex(lines)
    for (const row of rows) this.#show(row, true)
    const taken = lengthOfLines(text, rows.length)
    if (taken < complete || last) return { taken, closed: this.#closeOpen() }
    this.#showOpenLine(text.slice(complete), patient)
    return { taken, closed: false }
  }

  #lex(lines: string): readonly Tokens.TableCell[][] {
    const token = lexBlocks(this.#head + lines, this.#links)[0]
    return token?.type === 'table' ? (token as Tokens.Table).rows : []
  }

  #showOpenLine(line: string, patient: boolean): void {
    const shown = line.includes('|') ? closeInline(line, patient).text : showTail(line, patient).text
    const row = /^[ \t|]*$/.test(shown) ? undefined : this.#lex(shown)[0]
    if (row !== undefined) this.#show(row, false)
  }

  #show(row: readonly Tokens.TableCell[], done: boolean): void {
    const shape = rowShape(row, this.#words)
    if (this.#open === undefined) this.#append(createNode(shape))
    else patch(this.#open, shape)
    if (done) this.#open = undefined
  }

  #append(row: HTMLElement): void {
    if (this.#count === longTable) this.#becomeLong()
    if (this.#body === undefined || this.#count % rowsPerBody === 0) {
      this.#body = createNode({ tag: 'tbody', children: [] })
      this.#body.append(row)
      this.#table.append(this.#body)
    } else this.#body.append(row)
    this.#open = row
    this.#count += 1
  }

  /** From here on the columns keep their widths: the browser need not look at every row for each new one. */
  #becomeLong(): void {
    const widths = [...this.#table.querySelectorAll('th')].map((cell) => cell.getBoundingClientRect().width)
    this.node.classList.add('long')
    if (widths.every((width) => width > 0)) {
      this.#table.style.setProperty('--columns', widths.map((width) => `${width}px`).join(' '))
    }
  }

  /** What was shown as a row turned out to be the next block, and everything made for it goes. */
  #closeOpen(): true {
    if (this.#open === undefined) return true
    this.#open.remove()
    this.#open = undefined
    this.#count -= 1
    if (this.#count % rowsPerBody === 0) this.#body?.remove()
    if (this.#count === longTable) this.node.classList.remove('long')
    return true
  }
}

function lengthOfLines(text: string, count: number): number {
  let at = 0
  for (let line = 0; line < count; line += 1) {
    const end = text.indexOf('\n', at)
    at = end < 0 ? text.length : end + 1
  }
  return at
}
