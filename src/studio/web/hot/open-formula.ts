// Formulas that have begun and not ended: shown as they were written, so that no star in them leans a word.
import { formulaAt, stillOpen } from './formula.ts'
import type { Inline } from './open-inline.ts'

/** Behind the formula that begins at this place, when it is complete. */
export function closedFormula(text: string, at: number): number | undefined {
  const formula = formulaAt(text, at)
  return formula === undefined ? undefined : at + formula.source.length
}

/** So much of an open formula is believed. */
const longestOpen = 200
const money = /^\$\d[\d.,]*(?:\s|$)/
/** What words have and formulas have not: marks of bold and of code, and a mark that only opens. */
const prose = /\*\*|~~|`|\n|\s[*_](?=\S)|\]\(/

/** Whether this text, which nothing closes yet, looks like the beginning of a formula. */
export function isPlausible(text: string): boolean {
  if (text.startsWith('\\(') || text.startsWith('\\[') || text.startsWith('$$')) return /^..\s*\S/s.test(text)
  if (!/^\$[^\s$]/.test(text) || text.length > longestOpen) return false
  return !money.test(text) && !prose.test(text) && !text.slice(1).replace(/\\./g, '').slice(0, -1).includes('$')
}

/** When the last lines are a formula that is still open: the text with a mark behind it. Nothing of them is settled. */
export function showOpenFormula(tail: string, patient: boolean): Inline | undefined {
  const from = lastParagraph(tail)
  if (!tail.includes('$$', from) && !tail.includes('\\[', from)) return undefined
  let at = from
  while (at < tail.length) {
    const line = /^(?:[ \t]*(?:[-+*]|\d{1,9}[.)]|>))*[ \t]*(?=\$\$|\\\[)/.exec(tail.slice(at, at + 200))
    const begin = line === null ? undefined : at + line[0].length
    const end = begin === undefined ? undefined : closedFormula(tail, begin)
    if (begin !== undefined && end === undefined && /\S/.test(tail.slice(begin + 2))) return opened(tail, from, patient)
    const next = tail.indexOf('\n', end ?? at)
    if (next < 0) return undefined
    at = next + 1
  }
  return undefined
}

function opened(tail: string, from: number, patient: boolean): Inline {
  const held = patient && /[\\$]$/.test(tail)
  return { text: (held ? tail.slice(0, -1) : tail) + stillOpen, intact: from, held }
}

/** Behind the last blank line. */
function lastParagraph(tail: string): number {
  let at = tail.length
  for (;;) {
    at = tail.lastIndexOf('\n', at - 1)
    if (at <= 0) return 0
    const before = tail.lastIndexOf('\n', at - 1)
    if (before >= 0 && tail.slice(before, at).trim() === '') return at + 1
  }
}
