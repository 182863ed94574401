// Emphasis beside Chinese, Japanese and Korean: `**词：**后` is bold, though Markdown's rule wants a space there.
import { Tokenizer, type Tokens } from 'marked'

/** Scripts without spaces between words, and their punctuation. */
const script = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\u3000-\u303f\uff00-\uffef]/u
const space = /^\s?$/u
const punctuation = /[\p{P}\p{S}]/u

/** What a run of stars stands between. */
interface Run {
  before: string
  behind: string
}

/** The lexer's own rule, and beside those scripts the rule without spaces: punctuation within does not undo a mark. */
export class EmphasisTokenizer extends Tokenizer {
  override emStrong(src: string, maskedSrc: string, before = ''): Tokens.Em | Tokens.Strong | undefined {
    const found = src[0] === '*' ? besideScript(src, maskedSrc.slice(-src.length), before) : undefined
    if (found === undefined) return super.emStrong(src, maskedSrc, before)
    const { end, length } = found
    const text = src.slice(length, end)
    const token = { raw: src.slice(0, end + length), text, tokens: this.lexer.inlineTokens(text) }
    return length === 1 ? { type: 'em', ...token } : { type: 'strong', ...token }
  }
}

/** Where the closing run begins, when the marks around this text mean something only by the wider rule. */
function besideScript(src: string, masked: string, before: string): { end: number; length: number } | undefined {
  const length = runLength(masked, 0)
  const opening = { before, behind: src[length] ?? '' }
  if (length > 2 || before === '*' || !opens(opening, true)) return undefined
  for (let at = masked.indexOf('*', length); at >= 0; ) {
    const run = runLength(masked, at)
    const closing = { before: src[at - 1] ?? '', behind: src[at + run] ?? '' }
    if (run === length && at > length && closes(closing, true)) {
      const isOrdinary = opens(opening, false) && closes(closing, false)
      return isOrdinary ? undefined : { end: at, length }
    }
    // Stars of another kind within bold words are their own; anything else is left to the lexer.
    if (run >= length) return undefined
    at = masked.indexOf('*', at + run)
  }
  return undefined
}

function runLength(text: string, at: number): number {
  let end = at
  while (text[end] === '*') end += 1
  return end - at
}

function opens({ before, behind }: Run, wide: boolean): boolean {
  return flanks(behind, before, wide)
}

function closes({ before, behind }: Run, wide: boolean): boolean {
  return flanks(before, behind, wide)
}

/** CommonMark's flanking, which `wide` lets a letter of such a script satisfy as a space would. */
function flanks(inner: string, outer: string, wide: boolean): boolean {
  if (space.test(inner)) return false
  return !punctuation.test(inner) || space.test(outer) || punctuation.test(outer) || (wide && script.test(outer))
}
