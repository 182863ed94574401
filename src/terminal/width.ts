// How wide text is in a terminal, and how it is cut to a width: by whole graphemes, wide ones counted as two columns.
import stringWidth from 'string-width'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** More UTF-16 units than nearly all graphemes have; only so much of a long text need be looked at. */
const unitsPerColumn = 16

/** In columns. Colour codes count nothing. */
export function widthOf(text: string): number {
  return stringWidth(text)
}

/** What a person calls characters: an emoji family is one, a letter with its accents is one. */
export function graphemesOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** As much of the beginning as fits, and `…` when that is not all. */
export function fitStart(text: string, columns: number): string {
  const head = text.slice(0, Math.max(columns, 0) * unitsPerColumn)
  if (head.length === text.length && widthOf(head) <= columns) return text
  return columns < 1 ? '' : `${taken(graphemesOf(head), columns - 1).join('')}…`
}

/** As much of the end as fits, and `…` before it when that is not all. */
export function fitEnd(text: string, columns: number): string {
  const tail = text.slice(-Math.max(columns, 1) * unitsPerColumn)
  if (tail.length === text.length && widthOf(tail) <= columns) return text
  return columns < 1
    ? ''
    : `…${taken(graphemesOf(tail).reverse(), columns - 1)
        .reverse()
        .join('')}`
}

function taken(graphemes: readonly string[], columns: number): string[] {
  const fitting: string[] = []
  let width = 0
  for (const grapheme of graphemes) {
    width += widthOf(grapheme)
    if (width > columns) break
    fitting.push(grapheme)
  }
  return fitting
}

/** Spaces behind the text until it is so many columns wide. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}
