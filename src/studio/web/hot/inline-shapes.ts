// Inline tokens of Markdown as shapes: bold, code, links, and raw HTML as the text it is.
import type { MarkedToken, Token } from 'marked'
import { decodeEntities } from './entities.ts'
import { formulaShape } from './formula-shape.ts'
import { isFormula } from './formula-tokens.ts'
import { showHidden } from './hidden-marks.ts'
import { imageShape, linkShape, type Words } from './safe-link.ts'
import { type Child, joined, shape } from './shape.ts'

/** Deeper than anybody writes; what lies deeper is shown as it was written. */
export const deepest = 40

export function inlineShapes(tokens: readonly Token[], words: Words, depth = 0): Child[] {
  if (depth > deepest) return joined(tokens.map((token) => token.raw))
  return joined(
    tokens.flatMap((token) =>
      isFormula(token) ? formulaShape(token) : inlineShape(token as MarkedToken, words, depth + 1),
    ),
  )
}

function inlineShape(token: MarkedToken, words: Words, depth: number): Child[] {
  const inside = (tokens: readonly Token[]) => inlineShapes(tokens, words, depth)
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? [decodeEntities(unspaced(token.text))] : inside(token.tokens)
    case 'escape':
      return [token.text]
    case 'strong':
    case 'em':
    case 'del':
      return [shape(token.type, inside(token.tokens))]
    case 'codespan':
      return [shape('code', showHidden(token.text))]
    case 'br':
      return [shape('br')]
    case 'link':
      return [linkShape(token.href, token.autolink ? [token.text] : inside(token.tokens))]
    case 'image':
      return [imageShape(token.href, plainText(token.tokens), words)]
    case 'checkbox':
      return [shape('span', [token.checked ? '☑ ' : '☐ '], { class: 'task' })]
    default:
      return [token.raw]
  }
}

/** Between these, the end of a line of the source is no space. Korean has spaces between words. */
const unspacedEnd =
  /(?<=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\u3000-\u303f\uff00-\uffef])\n(?=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\u3000-\u303f\uff00-\uffef])/gu

function unspaced(text: string): string {
  return text.includes('\n') ? text.replace(unspacedEnd, '') : text
}

/** What is left of tokens when only their text counts: the words under an image. */
function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => ('tokens' in token && token.tokens ? plainText(token.tokens) : textOf(token))).join('')
}

function textOf(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? decodeEntities(token.text) : token.raw
}
