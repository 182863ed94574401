// Where a formula stands in a text: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, with the guards that keep money and names text.

/** Stands behind a formula whose end is still to come; the intake lets none through, so no text holds one. */
export const stillOpen = '\uffff'

/** Nobody writes a longer formula; what is longer is text. */
const longest = 4_000
const closers: Readonly<Record<string, string>> = { $$: '$$', '\\(': '\\)', '\\[': '\\]' }
/** One dollar: nothing but a mark stands directly inside, no digit behind, no code within, on one line. */
const oneDollar = /^\$(?=[^\s$])(?:\\[^\n]|[^\\$`\n\uffff]){1,1000}(?:(?<!\s)\$(?!\d)|\uffff)/

export interface Formula {
  /** With its marks. */
  source: string
  isDisplay: boolean
  isOpen: boolean
}

/** The formula that begins at this place of the text. No formula reaches over a blank line. */
export function formulaAt(text: string, at = 0): Formula | undefined {
  const mark = text.slice(at, at + 2)
  const closer = closers[mark]
  if (closer === undefined) return mark[0] === '$' ? dollarAt(text, at) : undefined
  const all = text.slice(at + 2, at + 2 + longest)
  const close = all.indexOf(closer)
  const open = all.indexOf(stillOpen)
  const isOpen = open >= 0 && (close < 0 || open < close)
  const length = isOpen ? open : close
  if (length < 0 || /^\s*$|\n[ \t]*\n/.test(all.slice(0, length))) return undefined
  const source = text.slice(at, at + 2 + length + (isOpen ? 1 : 2))
  return { source, isDisplay: mark !== '\\(', isOpen }
}

function dollarAt(text: string, at: number): Formula | undefined {
  const source = oneDollar.exec(text.slice(at, at + 1_010))?.[0]
  return source === undefined ? undefined : { source, isDisplay: false, isOpen: source.endsWith(stillOpen) }
}

/** A formula in lines of its own: nothing but spaces stands around it. */
export function formulaBlockAt(text: string): { raw: string; formula: Formula } | undefined {
  const indent = /^ {0,3}(?=\$\$|\\\[)/.exec(text)?.[0].length
  const formula = indent === undefined ? undefined : formulaAt(text, indent)
  if (indent === undefined || formula === undefined) return undefined
  const end = indent + formula.source.length
  const behind = /^[ \t]*(?=\n|$)/.exec(text.slice(end))
  return behind === null ? undefined : { raw: text.slice(0, end + behind[0].length), formula }
}

/** The text with every formula as letters: stars within one mean nothing outside. */
export function maskFormulas(text: string): string {
  let out = ''
  for (let at = 0; at < text.length; ) {
    const char = text[at]!
    const formula = char === '$' || char === '\\' ? formulaAt(text, at) : undefined
    const length = formula?.source.length ?? (char === '\\' ? 2 : 1)
    out += formula === undefined ? text.slice(at, at + length) : 'a'.repeat(length)
    at += length
  }
  return out
}
