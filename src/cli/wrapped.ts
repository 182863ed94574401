// Text broken between words to a width in columns; a word that is longer than a line is cut.
import { graphemesOf, widthOf } from '../terminal/width.ts'

/** At least one line, none wider than `columns` (as long as one character fits). */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((each) => cut(each, columns))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= columns) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function cut(word: string, columns: number): string[] {
  if (widthOf(word) <= columns) return [word]
  const pieces = ['']
  for (const grapheme of graphemesOf(word)) {
    if (pieces.at(-1) !== '' && widthOf(pieces.at(-1) + grapheme) > columns) pieces.push('')
    pieces[pieces.length - 1] += grapheme
  }
  return pieces
}
