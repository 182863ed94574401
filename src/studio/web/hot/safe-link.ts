// Which addresses in a model's text may be opened, and what is shown of them.
import { decodeEntities } from './entities.ts'
import { type Attributes, type Child, type Shape, shape } from './shape.ts'

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])
const titleLength = 2_000

/** Words beside what the model wrote, in the reader's language. */
export interface Words {
  /** On the link beside an image that was not loaded. */
  open: string
  /** For an image without a text of its own. */
  image: string
  /** On the button of a code block too long to be coloured unasked. */
  highlight: string
  /** The name of a code block for those who hear the page. */
  code: string
}

export const englishWords: Words = { open: 'open', image: 'Image', highlight: 'Colour this code', code: 'Code' }

/** The absolute address, or undefined for a scheme that could run something and for what leads back into Studio. */
export function safeAddress(href: string): URL | undefined {
  const address = URL.parse(decodeEntities(href))
  return address !== null && schemes.has(address.protocol) ? address : undefined
}

/** A link that may not be opened keeps its words and shows where it would have led. */
export function linkShape(href: string, children: readonly Child[]): Shape {
  const address = safeAddress(href)
  if (address !== undefined) return shape('a', children, opening(address))
  return shape('span', children, { class: 'dead-link', title: href.slice(0, titleLength) })
}

/** An image is never loaded: whoever reads a message must not be told on. */
export function imageShape(href: string, alt: string, words: Words): Shape {
  const address = safeAddress(href)
  const about = `${alt === '' ? words.image : alt} · ${address?.host || schemeOf(href)}`
  const link = address === undefined ? [] : [' ', shape('a', [words.open], opening(address))]
  return shape('span', [shape('span', [about], { class: 'image-about' }), ...link], { class: 'image-kept-out' })
}

function opening(address: URL): Attributes {
  const title = address.href.slice(0, titleLength)
  return { href: address.href, title, target: '_blank', rel: 'noopener noreferrer nofollow' }
}

function schemeOf(href: string): string {
  return /^[a-z][a-z\d+.-]*:/i.exec(href)?.[0] ?? '/'
}
