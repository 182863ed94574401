// The lexer of Markdown, started in the middle of a text: with the link definitions that came before.
import { Lexer, type MarkedOptions, type Token } from 'marked'
import { EmphasisTokenizer } from './emphasis.ts'
import { stillOpen } from './formula.ts'
import { formulaOptions } from './formula-tokens.ts'

/** Targets by name, as the lexer keeps them: the first definition of a name counts. */
export type Links = Record<string, { href: string; title: string }>

/** The blocks of the text; definitions found in it count for this text only. Text that no lexer bears is one paragraph. */
export function lexBlocks(text: string, links: Links): Token[] {
  let sawOpen = false
  const sees = () => {
    sawOpen = true
  }
  const formulas = /[$\\]/.test(text) ? formulaOptions(sees) : undefined
  const tokens = lexWith({ gfm: true, tokenizer: new EmphasisTokenizer(), ...formulas }, text, links)
  // The mark of an open formula that the lexer did not find is no part of the text.
  return sawOpen || !text.includes(stillOpen) ? tokens : lexBlocks(text.replaceAll(stillOpen, ''), links)
}

function lexWith(options: MarkedOptions, text: string, links: Links): Token[] {
  const lexer = new Lexer(options)
  lexer.tokens.links = Object.create(links) as Links
  try {
    return lexer.lex(text)
  } catch {
    // A hostile depth of nesting ends the lexer's stack: the words are still shown.
    return [{ type: 'html', block: true, pre: false, raw: text, text }]
  }
}

export function noLinks(): Links {
  return Object.create(null) as Links
}

/** Keeps the definition for the blocks that follow. */
export function keepLink(links: Links, token: Token): boolean {
  if (token.type !== 'def' || links[token['tag'] as string] !== undefined) return false
  links[token['tag'] as string] = { href: token['href'] as string, title: token['title'] as string }
  return true
}
