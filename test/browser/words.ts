// Texts for the browser tests, the same for the same seed: prose to measure with, and markdown that is hard to cut.
import { randomFrom } from '../suites/mutate.ts'

const syllables = [
  'ka',
  'lo',
  'mi',
  'ner',
  'su',
  'ta',
  've',
  'dor',
  'pin',
  'gra',
  'hel',
  'ush',
  'wen',
  'zo',
  'qui',
  'ex',
]

/** Prose of words, in pieces of exactly five characters. */
export function pieces(count: number, seed = 1): string[] {
  const random = randomFrom(seed)
  let text = ''
  while (text.length < count * 5) {
    const word = Array.from({ length: 1 + Math.floor(random() * 3) }, () => syllables[Math.floor(random() * 16)]).join(
      '',
    )
    text += `${word} `
  }
  return Array.from({ length: count }, (_, index) => text.slice(index * 5, index * 5 + 5))
}

const hard = [
  'Plain words, and 中文的字。',
  '**bold** and *leaning* and `code`',
  '👩‍👩‍👧‍👦 family, 🇫🇷 flag, e\u0301 accent',
  '\r\n\r\n',
  '\n',
  '\n\n```ts\r\nconst a = `x` // 😀\r\n```\n\n',
  '\n\n- one\n- two\n  - three\n\n',
  '\n\n| a | b |\n|---|---|\n| 1 | **2** |\n\n',
  '\n\n## A heading 🎉\n\n',
  ' [a link](https://example.com/?q=a_b) ',
  '\n\n> quoted\n> twice\n\n',
  ' 2 * 3 * 4 and snake_case_name ',
  ' ~~gone~~ &amp; <b>not html</b> ',
]

/** One markdown text made of hard parts. */
export function hardText(seed: number): string {
  const random = randomFrom(seed)
  const parts = Array.from({ length: 3 + Math.floor(random() * 8) }, () => hard[Math.floor(random() * hard.length)])
  return parts.join('')
}

/** The text cut anywhere, also inside a character of two units and between CR and LF. */
export function cutAnywhere(text: string, seed: number): string[] {
  const random = randomFrom(seed * 7919)
  const cuts: string[] = []
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * (random() < 0.5 ? 3 : 20))
    cuts.push(text.slice(at, at + length))
    at += length
  }
  return cuts
}

/** A picture of one colour, 40 by 300 pixels. */
export const image =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACgAAAEsCAIAAAA+emaYAAAAmUlEQVR42u3NMQ0AAAgDsEmcbGThgYenSf9m2hcRi8VisVgsFovFYrFYLBaLxWKxWCwWi8VisVgsFovFYrFYLBaLxWKxWCwWi8VisVgsFovFYrFYLBaLxWKxWCwWi8VisVgsFovFYrFYLBaLxWKxWCwWi8VisVgsFovFYrFYLBaLxWKxWCwWi8VisVgsFovFYrFYLBaLxeK7BZBZ7tDYhwVaAAAAAElFTkSuQmCC'
