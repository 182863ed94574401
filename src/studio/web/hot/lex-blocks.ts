// The lexer of Markdown, started in the middle of a text: with the link definitions that came before.
import { Lexer, type Token } from 'marked'
import { EmphasisTokenizer } from './emphasis.ts'

/** Targets by name, as the lexer keeps them: the first definition of a name counts. */
export type Links = Record<string, { href: string; title: string }>

/** The blocks of the text; definitions found in it count for this text only. Text that no lexer bears is one paragraph. */
export function lexBlocks(text: string, links: Links): Token[] {
  const lexer = new Lexer({ gfm: true, tokenizer: new EmphasisTokenizer() })
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
