// Foreign text in a terminal: nothing in it moves the cursor, and nothing readable is lost.
import { describe, expect, it } from 'vitest'
import { cleanLine, Sanitizer } from '../../src/terminal/sanitize.ts'

function cleaned(text: string, size: number): string {
  const sanitizer = new Sanitizer()
  let out = ''
  for (let at = 0; at < text.length; at += size) out += sanitizer.clean(text.slice(at, at + size))
  return out + sanitizer.end()
}

const texts: [what: string, text: string, clean: string][] = [
  ['plain text', 'Hello, 你好 🌍\n\tend\n', 'Hello, 你好 🌍\n\tend\n'],
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a cursor movement', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
  ['a clipboard write that ends in BEL', 'a\u001b]52;c;SGk=\u0007b', 'ab'],
  ['a title that ends in ST', 'a\u001b]0;title\u001b\\b', 'ab'],
  ['a device control string', 'a\u001bP1$r0m\u001b\\b', 'ab'],
  ['C1 controls', 'a\u009b31mb\u009d0;t\u009cc\u0085d', 'abcd'],
  ['a charset switch', 'a\u001b(Bb', 'a(Bb'],
  ['an escape character alone', 'a\u001bb', 'ab'],
  ['an escape character at the end', 'a\u001b', 'a'],
  ['an escape in an escape', 'a\u001b[3\u001b[31mb', 'a[3b'],
  ['a sequence that never ends', `a\u001b]52;c;${'x'.repeat(300)}`, `a]52;c;${'x'.repeat(300)}`],
  ['a sequence that the line ends', 'a\u001b]0;title\nb', 'a]0;title\nb'],
  ['CRLF', 'a\r\nb\r\n', 'a\nb\n'],
  ['CR alone', 'over\rwritten', 'over\nwritten'],
  ['two CRs', 'a\r\r\nb', 'a\n\nb'],
  ['backspace, bell, delete and null', 'a\b\u0007\u007f\u0000b', 'ab'],
  ['a lone high surrogate', 'a\ud83cb', 'a\ufffdb'],
  ['a lone low surrogate', 'a\udf0db', 'a\ufffdb'],
  ['half a character at the end', 'a\ud83c', 'a\ufffd'],
]

describe('clean', () => {
  it.each(texts)('%s', (_, text, clean) => {
    expect(cleaned(text, text.length || 1)).toBe(clean)
  })

  it.each(texts)('%s, cut anywhere', (_, text, clean) => {
    for (const size of [1, 2, 3, 7]) expect(cleaned(text, size)).toBe(clean)
  })

  it('holds plain text back for no time at all', () => {
    const sanitizer = new Sanitizer()
    expect(['a', 'b\r', 'c'].map((chunk) => sanitizer.clean(chunk))).toEqual(['a', 'b\n', 'c'])
  })
})

it('a name or a message becomes one line', () => {
  expect(cleanLine('Evil\u001b[2J\r\n  name\tof\nmine')).toBe('Evil name of mine')
})
