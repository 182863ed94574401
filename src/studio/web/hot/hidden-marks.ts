// Marks that nobody sees and that change what a line of code says: shown by their number instead.
import { type Child, shape } from './shape.ts'

/** Bidi controls, zero-width marks, the soft hyphen, the byte order mark, and the invisible tag characters. */
const hidden = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\udb40[\udc00-\udc7f]/g

/** The text with every hidden mark as an element that says its code point, for instance `U+202E`. */
export function showHidden(text: string): Child[] {
  if (text.search(hidden) < 0) return text === '' ? [] : [text]
  const out: Child[] = []
  let from = 0
  for (const found of text.matchAll(hidden)) {
    if (found.index > from) out.push(text.slice(from, found.index))
    out.push(shape('span', [codePoint(found[0])], { class: 'hidden-mark' }))
    from = found.index + found[0].length
  }
  if (from < text.length) out.push(text.slice(from))
  return out
}

function codePoint(mark: string): string {
  return `U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
