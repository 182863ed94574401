// What a drawn formula may consist of: no element that loads or leads away, no style, no length out of bounds.

const elements: ReadonlySet<string> = new Set(
  'math semantics mrow mi mn mo ms mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mstyle mpadded mphantom menclose'.split(
    ' ',
  ),
)
const lengths: ReadonlySet<string> = new Set(
  'width height depth voffset lspace rspace minsize maxsize linethickness'.split(' '),
)
const words: ReadonlySet<string> = new Set(
  'accent accentunder fence stretchy largeop separator movablelimits displaystyle scriptlevel'.split(' '),
)
const enclosures: ReadonlySet<string> = new Set(['box', 'updiagonalstrike', 'downdiagonalstrike', 'horizontalstrike'])

export function isAllowed(element: string): boolean {
  return elements.has(element)
}

/** The attribute as it may be set; undefined for one that is left out. Lengths are in em, from -2 to 20. */
export function allowedAttribute(name: string, value: string): [name: string, value: string] | undefined {
  if (lengths.has(name)) return bounded(name, value)
  if (words.has(name)) return /^(?:true|false|\+?-?\d)$/.test(value) ? [name, value] : undefined
  if (name === 'mathcolor') return /^(?:#[\da-f]{3,8}|[a-z]{3,20})$/i.test(value) ? [name, value] : undefined
  if (name === 'mathvariant') return value === 'normal' ? [name, value] : undefined
  if (name === 'notation') return classOf(value)
  return undefined
}

function bounded(name: string, value: string): [string, string] | undefined {
  const size = /^(-?\d+(?:\.\d+)?)em$/.exec(value)?.[1]
  if (size === undefined) return value === '0' || value === '0px' ? [name, '0'] : undefined
  return [name, `${Math.min(20, Math.max(-2, Number(size)))}em`]
}

/** Chromium draws no enclosures of its own; the page's style does. */
function classOf(notation: string): [string, string] | undefined {
  const known = notation.split(' ').filter((each) => enclosures.has(each))
  return known.length === 0 ? undefined : ['class', known.join(' ')]
}
