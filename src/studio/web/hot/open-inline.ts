// Bold, code and links that have begun and not ended: shown as what they are about to be.
import { stillOpen } from './formula.ts'
import { closedFormula, isPlausible } from './open-formula.ts'

// Longer than a file should be: one walk over one segment, and its state is one.
export interface Inline {
  text: string
  intact: number
  held: boolean
}

interface Opener {
  mark: string
  at: number
}

/** Nobody writes the words of a link that long: such a bracket is a bracket. */
const longestLink = 200
const word = /[\p{L}\p{N}]/u

/** Closes what is open behind the last blank line; `patient` holds a half marker at the very end back. */
export function closeInline(tail: string, patient: boolean): Inline {
  const from = startOfSegment(tail)
  const scan = new InlineScan(tail, from, patient)
  return scan.result()
}

/** Inline marks do not reach over blank lines, list items and headings. */
function startOfSegment(tail: string): number {
  const last = tail.trimEnd().length
  const blank = /\n[ \t]*\n(?![\s\S]*\n[ \t]*\n)/.exec(tail.slice(Math.max(0, last - 4_000), last))
  const from = blank === null ? Math.max(0, last - 4_000) : Math.max(0, last - 4_000) + blank.index
  const line = tail.lastIndexOf('\n', last - 1) + 1
  return /^[ \t]*(?:[-+*]|\d{1,9}[.)]|#{1,6}|>|\|)/.test(tail.slice(line)) ? line : from
}

/** One walk over the segment, with what is open on a stack. */
class InlineScan {
  readonly #tail: string
  readonly #patient: boolean
  readonly #openers: Opener[] = []
  readonly #brackets: number[] = []
  /** The end of what is shown. */
  #end: number
  #code = ''
  #isFormula = false
  /** A bracket whose mark is left out: its place, and how long the mark is. */
  #link: { at: number; length: number } | undefined

  constructor(tail: string, from: number, patient: boolean) {
    this.#tail = tail
    this.#patient = patient
    this.#end = tail.length
    let at = from
    while (at < this.#end) at = this.#step(at)
    if (this.#link === undefined && this.#patient) this.#leaveOpenBracket()
  }

  result(): Inline {
    let text = this.#tail.slice(0, this.#end)
    const closers = (this.#isFormula ? stillOpen : '') + this.#code + this.#closers()
    let intact = this.#end
    if (this.#link !== undefined) {
      text = text.slice(0, this.#link.at) + text.slice(this.#link.at + this.#link.length)
      intact = this.#link.at
    }
    if (closers !== '') {
      const trimmed = text.trimEnd()
      intact = Math.min(intact, trimmed.length)
      text = trimmed + closers
    }
    return { text, intact, held: this.#link !== undefined || this.#end < this.#tail.length }
  }

  #step(at: number): number {
    const char = this.#tail[at]!
    const formula = char === '\\' || char === '$' ? this.#formula(at) : undefined
    if (formula !== undefined) return formula
    if (char === '\\') return this.#escape(at)
    if (char === '`') return this.#backticks(at)
    if (char === '[') this.#brackets.push(at)
    if (char === ']') return this.#bracketEnd(at)
    if (char === '<' || char === '!' || char === '&') return this.#atTheEnd(at)
    if (char === '*' || char === '_' || char === '~') return this.#emphasis(at, char)
    return at + 1
  }

  /** Behind the formula that begins here, or at the end of the text when it is open; undefined for other text. */
  #formula(at: number): number | undefined {
    const end = closedFormula(this.#tail, at)
    // What closes it may be money when a digit comes next.
    const isSure = !this.#patient || end !== this.#tail.length || !/^\$[^$]/.test(this.#tail.slice(at, at + 2))
    if (end !== undefined && isSure) return end
    if (end !== undefined) this.#end = end - 1
    else if (this.#patient && this.#tail.slice(at) === '$') this.#end = at
    if (end === undefined && !isPlausible(this.#tail.slice(at))) return this.#end === at ? at + 1 : undefined
    this.#isFormula = true
    if (this.#patient && this.#end === this.#tail.length && /[\\$]$/.test(this.#tail)) this.#end -= 1
    return this.#tail.length
  }

  #escape(at: number): number {
    if (this.#patient && at === this.#tail.length - 1) this.#end = at
    return at + 2
  }

  /** One character that may begin something, and nothing behind it yet. */
  #atTheEnd(at: number): number {
    if (!this.#patient) return at + 1
    const rest = this.#tail.slice(at)
    if (rest.length === 1 || /^&#?\w{1,8}$/.test(rest)) this.#end = at
    const address = /^<(?:https?:|mailto:)[^\s<>]*$/.test(rest)
    if (address && this.#link === undefined) this.#link = { at, length: 1 }
    return at + 1
  }

  #backticks(at: number): number {
    const run = runAt(this.#tail, at)
    const behind = at + run.length
    const close = closingRun(this.#tail, behind, run)
    if (close !== undefined) return close + run.length
    if (run.length >= 3 && startsFence(this.#tail, at)) return this.#insideFence()
    if (behind >= this.#tail.length) {
      if (this.#patient) this.#end = at
      return behind
    }
    const inside = this.#tail.slice(behind).replace(/`+$/, '')
    if (inside.trim() === '' || inside.length > 2_000) return behind
    this.#end = behind + inside.length
    this.#code = run
    return this.#end
  }

  /** Everything behind is code, where no mark means anything, and what was open before it ended with its block. */
  #insideFence(): number {
    this.#openers.length = 0
    this.#brackets.length = 0
    return this.#tail.length
  }

  #emphasis(at: number, char: string): number {
    const run = runAt(this.#tail, at)
    const next = this.#tail[at + run.length]
    const before = this.#tail[at - 1] ?? ' '
    if (next === undefined) return this.#lastRun(at, run, before)
    const opens = next.trim() !== '' && !(char === '_' && word.test(before))
    const closes = before.trim() !== '' && !(char === '_' && word.test(next))
    if (closes && this.#close(run)) return at + run.length
    if (opens && run.length <= 3 && !(char === '~' && run.length > 2)) this.#openers.push({ mark: run, at })
    return at + run.length
  }

  /** A run at the very end: it closes what is open, or nobody knows yet what it does. */
  #lastRun(at: number, run: string, before: string): number {
    const closed = before.trim() !== '' && this.#close(run)
    if (!closed && this.#patient) this.#end = at
    return at + run.length
  }

  #close(run: string): boolean {
    const index = this.#openers.findLastIndex((opener) => opener.mark === run)
    if (index < 0) return false
    this.#openers.length = index
    return true
  }

  #bracketEnd(at: number): number {
    const open = this.#brackets.pop()
    if (open === undefined || !this.#patient) return at + 1
    const next = this.#tail[at + 1]
    if (next === undefined) return this.#unfinished(open, at)
    if (next !== '(' && next !== '[') return at + 1
    const end = next === '(' ? endOfTarget(this.#tail, at + 1) : this.#tail.indexOf(']', at + 2)
    return end === undefined || end < 0 ? this.#unfinished(open, at) : end + 1
  }

  /** A link whose address is still coming: its words are shown, its marks are not. */
  #unfinished(open: number, close: number): number {
    const image = this.#tail[open - 1] === '!'
    this.#link = { at: image ? open - 1 : open, length: image ? 2 : 1 }
    this.#end = close
    return this.#end
  }

  #leaveOpenBracket(): void {
    const open = this.#brackets[0]
    if (open === undefined || this.#end - open > longestLink) return
    const image = this.#tail[open - 1] === '!'
    this.#link = { at: image ? open - 1 : open, length: image ? 2 : 1 }
  }

  #closers(): string {
    const inside = this.#openers.filter((opener) => this.#tail.slice(opener.at + opener.mark.length, this.#end).trim())
    return inside.map((opener) => opener.mark).reduceRight((all, mark) => all + mark, '')
  }
}

/** Only a container's marks stand before it on its line, and the line is complete. */
function startsFence(text: string, at: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  return /^(?:[ \t]*(?:[-+*]|\d{1,9}[.)]|>))*[ \t]*$/.test(before) && text.includes('\n', at)
}

function runAt(text: string, at: number): string {
  let end = at + 1
  while (text[end] === text[at]) end += 1
  return text.slice(at, end)
}

function closingRun(text: string, from: number, run: string): number | undefined {
  let at = text.indexOf(run, from)
  while (at >= 0) {
    const found = runAt(text, at)
    if (found.length === run.length) return at
    at = text.indexOf(run, at + found.length)
  }
  return undefined
}

/** The bracket that closes a link's address; addresses hold pairs of brackets and no line end in the middle. */
function endOfTarget(text: string, open: number): number | undefined {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '(') depth += 1
    else if (text[at] === ')') depth -= 1
    if (depth === 0) return at
  }
  return undefined
}
