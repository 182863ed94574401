// A code block as parts of about 2 KB, cut behind line ends: the same parts however the text arrived.
import { showHidden } from './hidden-marks.ts'
import type { Words } from './safe-link.ts'
import { type Shape, shape } from './shape.ts'

/** A part ends with the first line that ends behind so many characters. */
const partLength = 2_000

export function codeShape(text: string, language: string, words: Words): Shape {
  const parts = codeParts(text).map((part) => shape('span', showHidden(part), { class: 'code-part' }))
  const name = language === '' ? words.code : `${words.code}: ${language}`
  const code = shape('code', parts, language === '' ? undefined : { 'data-language': language })
  // A code block may scroll sideways, so the keyboard must reach it.
  const pre = shape('pre', [code], { tabindex: '0', role: 'group', 'aria-label': name })
  const caption = language === '' ? [] : [shape('figcaption', [language])]
  return shape('figure', [...caption, pre], { class: 'code', dir: 'ltr' })
}

export function codeParts(text: string): string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from + partLength)
    const to = end < 0 ? text.length : end + 1
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}

/** Where a part that holds `length` characters ends within the text behind it; undefined when it goes on. */
export function endOfPart(length: number, text: string): number | undefined {
  const end = text.indexOf('\n', Math.max(0, partLength - length))
  return end < 0 ? undefined : end + 1
}

/** The first word behind the fence, cut to what a language's name can be. */
export function languageOf(info: string | undefined): string {
  return /^[\w+#.-]{1,40}/.exec((info ?? '').trim())?.[0] ?? ''
}
