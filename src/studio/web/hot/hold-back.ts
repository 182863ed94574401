// The tail of a text that is still being written: what to show of it, so that no half marker flashes up.
import { showOpenFormula } from './open-formula.ts'
import { closeInline } from './open-inline.ts'

export interface Shown {
  /** What to lex: the tail without its unfinished marker, with what is open closed. */
  text: string
  /** So many characters of the text stand unchanged in the tail. */
  intact: number
  /** Whether something that arrived is not shown. */
  held: boolean
  /** The tail without its unfinished marker and with nothing closed: for a block of code, where marks are text. */
  asWritten: string
}

const container = String.raw`^(?:[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]?))*[ \t]*`
/** A last line that may yet become a heading, a bullet, a rule, a task, a number, an underline. */
const markerLine = new RegExp(`${container}(?:#{1,6}|[-+*_=]+(?:[ \\t]+[-*_]+)*|\\d{1,9}[.)]?|\\[[ xX]?\\]?)?[ \\t]*$`)
/** Until its line ends, nobody knows what the words behind a fence say. */
const fenceLine = new RegExp(`${container}(?:\`{1,2}|\`{3,}[^\`]*|~{1,2}|~{3,}.*)$`)
const tableLine = /^[ \t]*\|/
const delimiterStart = /^[ \t]*[|:-][ \t|:-]*$/
const delimiterLine = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/

/** `patient` says that a marker may still be held back; otherwise all is shown, and what is open is only closed. */
export function showTail(tail: string, patient: boolean): Shown {
  const cut = patient ? startOfMarker(tail) : tail.length
  const shown = tail.slice(0, cut)
  const inline = showOpenFormula(shown, patient) ?? closeInline(shown, patient && cut === tail.length)
  return { ...inline, held: cut < tail.length || inline.held, asWritten: tail.slice(0, cut) }
}

/** Where the unfinished marker of a line begins; the end of the tail when there is none. */
function startOfMarker(tail: string): number {
  const lineStart = tail.lastIndexOf('\n') + 1
  const line = tail.slice(lineStart)
  const header = startOfTableHeader(tail, lineStart, line)
  if (header !== undefined) return header
  if (line.trim() === '') return tail.length
  return markerLine.test(line) || fenceLine.test(line) ? lineStart : tail.length
}

/** A line of cells is a table only when the line behind it draws one. */
function startOfTableHeader(tail: string, lineStart: number, line: string): number | undefined {
  const before = tail.lastIndexOf('\n', lineStart - 2) + 1
  const previous = lineStart > 0 ? tail.slice(before, lineStart - 1) : ''
  if (tableLine.test(previous) && !delimiterLine.test(previous) && !followsTable(tail, before)) {
    if (line === '' || delimiterStart.test(line)) return before
  }
  return tableLine.test(line) && !tableLine.test(previous) ? lineStart : undefined
}

function followsTable(tail: string, lineStart: number): boolean {
  if (lineStart === 0) return false
  const before = tail.lastIndexOf('\n', lineStart - 2) + 1
  return tableLine.test(tail.slice(before, lineStart - 1))
}
