// Formulas as tokens of the Markdown lexer: read before emphasis, escapes and lists are.
import { Hooks, type MarkedOptions, type Token } from 'marked'
import { type Formula, formulaAt, formulaBlockAt, maskFormulas } from './formula.ts'

export interface FormulaToken extends Formula {
  type: 'formula'
  raw: string
  isBlock: boolean
}

export function isFormula(token: Token): token is Token & FormulaToken {
  return token.type === 'formula'
}

/** What the lexer needs for them. `sawOpen` is told of a formula whose end is still to come. */
export function formulaOptions(sawOpen: () => void): Pick<MarkedOptions, 'extensions' | 'hooks'> {
  const made = (raw: string, formula: Formula, isBlock: boolean): FormulaToken => {
    if (formula.isOpen) sawOpen()
    return { type: 'formula', raw, isBlock, ...formula }
  }
  const inline = (text: string) => {
    const formula = text[0] === '$' || text[0] === '\\' ? formulaAt(text) : undefined
    return formula && made(formula.source, formula, false)
  }
  const block = (text: string) => {
    const found = formulaBlockAt(text)
    return found && made(found.raw, found.formula, true)
  }
  const startInline = (text: string) => indexOf(text, /\$|\\[([]/)
  const startBlock = (text: string) => lineWithFormula(text)
  return {
    extensions: {
      inline: [inline],
      block: [block],
      startInline: [startInline],
      startBlock: [startBlock],
      renderers: {},
      childTokens: {},
    },
    hooks: new Mask(),
  }
}

class Mask extends Hooks {
  override emStrongMask(text: string): string {
    return text.includes('$') || text.includes('\\') ? maskFormulas(text) : text
  }
}

/** The lexer's own marks end a text anyway; the first place that may be a formula is all it asks for. */
function indexOf(text: string, mark: RegExp): number | undefined {
  const at = text.search(mark)
  return at < 0 ? undefined : at
}

/** The first line in this paragraph that a formula begins. */
function lineWithFormula(text: string): number | undefined {
  const end = text.search(/\n[ \t]*\n/)
  const paragraph = end < 0 ? text : text.slice(0, end)
  for (const { index } of paragraph.matchAll(/\n(?= {0,3}(?:\$\$|\\\[))/g)) {
    if (formulaBlockAt(paragraph.slice(index + 1)) !== undefined) return index + 1
  }
  return undefined
}
