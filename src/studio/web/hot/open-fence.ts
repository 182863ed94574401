// A code block that is still open: its text is appended part by part, and nothing is lexed until its fence closes.
import { codeShape, endOfPart, languageOf } from './code-shape.ts'
import { showHidden } from './hidden-marks.ts'
import { createNode } from './patch.ts'
import type { Words } from './safe-link.ts'
import { isHighSurrogate } from './surrogates.ts'

const pieceLength = 2_000
/** Blank lines, then a fence at the start of its line. An indented one takes the ordinary way. */
const opening = /^(?:[ \t]*\n)*(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n/

export class OpenFence {
  readonly node: HTMLElement
  readonly #code: HTMLElement
  readonly #fence: string
  readonly #closing: RegExp
  #part: HTMLElement | undefined
  #partLength = 0
  /** A line end is shown when something follows it: the one before the closing fence belongs to the fence. */
  #lineEnd = false
  #atLineStart = true

  constructor(fence: string, info: string, words: Words) {
    this.#fence = fence
    this.#closing = new RegExp(`^ {0,3}${fence}${fence[0]}* *$`)
    this.node = createNode(codeShape('', languageOf(info), words))
    this.#code = this.node.querySelector('code') as HTMLElement
  }

  /** The fence that the text begins with, and how long its line is; undefined when it begins otherwise. */
  static at(text: string, words: Words): { fence: OpenFence; length: number } | undefined {
    const found = opening.exec(text)
    if (found === null) return undefined
    return { fence: new OpenFence(found[1]!, found[2]!, words), length: found[0].length }
  }

  get code(): HTMLElement {
    return this.#code
  }

  /** Shows what has come since, and says how much of it is done with and whether the fence closed with it. */
  take(text: string, last: boolean): { taken: number; closed: boolean } {
    let at = 0
    while (at < text.length) {
      const end = text.indexOf('\n', at)
      const line = text.slice(at, end < 0 ? text.length : end)
      if (this.#startsLine(at) && this.#closing.test(line) && (end >= 0 || last)) {
        this.#append(text.slice(0, at))
        return { taken: end < 0 ? text.length : end, closed: true }
      }
      if (end < 0) return this.#openLine(text, at, line, last)
      at = end + 1
    }
    this.#append(text)
    return { taken: text.length, closed: last }
  }

  #startsLine(at: number): boolean {
    return at > 0 || this.#atLineStart
  }

  /** The last line is still being written: it may become the closing fence. */
  #openLine(text: string, at: number, line: string, last: boolean): { taken: number; closed: boolean } {
    const undecided = !last && this.#startsLine(at) && this.#mayClose(line)
    this.#append(undecided ? text.slice(0, at) : text)
    return { taken: undecided ? at : text.length, closed: last }
  }

  #mayClose(line: string): boolean {
    const mark = line.replace(/^ {0,3}/, '')
    return this.#fence.startsWith(mark) || this.#closing.test(line)
  }

  #append(text: string): void {
    if (text === '') return
    const ends = text.endsWith('\n')
    this.#write((this.#lineEnd ? '\n' : '') + (ends ? text.slice(0, -1) : text))
    this.#lineEnd = ends
    this.#atLineStart = ends
  }

  #write(text: string): void {
    let rest = text
    while (rest !== '') {
      const part = this.#part ?? this.#newPart()
      const end = endOfPart(this.#partLength, rest)
      const piece = end === undefined ? rest : rest.slice(0, end)
      appendTo(part, piece)
      this.#partLength += piece.length
      if (end !== undefined) this.#part = undefined
      rest = rest.slice(piece.length)
    }
  }

  #newPart(): HTMLElement {
    const part = createNode({ tag: 'span', attributes: { class: 'code-part' }, children: [] })
    this.#code.append(part)
    this.#part = part
    this.#partLength = 0
    return part
  }
}

function appendTo(part: HTMLElement, text: string): void {
  for (const child of showHidden(text)) {
    if (typeof child === 'string') appendText(part, child)
    else part.append(createNode(child))
  }
}

/** Fills the last text node, then begins new ones: a growing node is laid out whole each time. */
function appendText(part: HTMLElement, text: string): void {
  let rest = text
  const last = part.lastChild
  if (last instanceof Text && last.length < pieceLength) {
    const fill = cutAt(rest, pieceLength - last.length)
    last.appendData(fill)
    rest = rest.slice(fill.length)
  }
  while (rest !== '') {
    const piece = cutAt(rest, pieceLength)
    part.append(document.createTextNode(piece))
    rest = rest.slice(piece.length)
  }
}

function cutAt(text: string, length: number): string {
  if (text.length <= length) return text
  return text.slice(0, isHighSurrogate(text.charCodeAt(length - 1)) ? length + 1 : length)
}
