// A slow second opinion on JSON: random documents, and the value of a prefix found without the incremental parser.

/** Random numbers from 0 up to 1 that depend on the seed only (mulberry32). */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)]!
}

const numbers = ['0', '-0', '7', '-12', '3.25', '1e999', '-1E-400', '6.02e+23', '12345678901234567890', '0.1e1']
const characters = [
  'a',
  'Z',
  ' ',
  '1',
  'é',
  '你',
  '😀',
  '\ud83d',
  '\ude00',
  '\u007f',
  '\u2028',
  '/',
  ',',
  ':',
  '[',
  '}',
]
const escapes = [
  '\\n',
  '\\"',
  '\\\\',
  '\\/',
  '\\t',
  '\\b',
  '\\u0041',
  '\\ud83d\\ude00',
  '\\uD83D',
  '\\ude00',
  '\\u0000',
]
const keys = ['"a"', '"b"', '"key"', '""', '"0"', '"10"', '"__proto__"', '"constructor"', '"\\u0061"', '"é\\n"']

/** A JSON text: any kind of value, random spelling, whitespace anywhere it may stand. */
export function randomJson(random: () => number, depth = 4): string {
  const space = () => (random() < 0.8 ? '' : pick(random, [' ', '\n  ', '\t', '\r\n']))
  const many = (item: () => string) => Array.from({ length: Math.floor(random() * 5) }, item).join(',')
  const kind = depth === 0 ? pick(random, [0, 1, 2]) : pick(random, [0, 1, 2, 3, 3, 3, 4, 4, 4])
  const value = [
    () => pick(random, ['true', 'false', 'null']),
    () => pick(random, numbers),
    () => randomString(random),
    () => `[${many(() => randomJson(random, depth - 1)) || space()}]`,
    () => `{${many(() => `${space()}${pick(random, keys)}${space()}:${randomJson(random, depth - 1)}`) || space()}}`,
  ][kind]!
  return space() + value() + space()
}

function randomString(random: () => number): string {
  const length = Math.floor(random() * 6)
  return `"${Array.from({ length }, () => pick(random, random() < 0.7 ? characters : escapes)).join('')}"`
}

const token = /"(?:[^"\\]|\\.)*"|".*|[{}[\],:]|[^\s{}[\],:"]+/gs

/**
 * What the incremental parser has to show after this prefix of a JSON text: the prefix completed, then JSON.parse.
 * Throws when no JSON text begins like this.
 */
export function valueOfPrefix(prefix: string): unknown {
  const tokens = prefix.match(token) ?? []
  const numberMayGoOn = /[-\d.eE+]$/.test(prefix)
  const last = tokens.at(-1) ?? ''
  if (last.startsWith('"') && !isWholeString(last)) tokens[tokens.length - 1] = completedString(last)
  else if (/^[-\d]/.test(last) ? numberMayGoOn : /^[a-z]/.test(last) && !/^(true|false|null)$/.test(last)) tokens.pop()
  const open = openContainers(tokens)
  if (tokens.at(-1)?.startsWith('"') && isKey(tokens, open.at(-1))) tokens.pop()
  if (tokens.at(-1) === ':') tokens.splice(-2)
  if (tokens.at(-1) === ',') tokens.pop()
  const closing = open.reverse().map((bracket) => (bracket === '[' ? ']' : '}'))
  return tokens.length === 0 ? undefined : JSON.parse([...tokens, ...closing].join(' '))
}

function isWholeString(text: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/s.test(text)
}

/** An open string without the escape, or the half of a surrogate pair, that it ends in, and closed. */
function completedString(text: string): string {
  const whole = text.replace(/(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, '$1')
  const half = /[\ud800-\udbff]$|(?<!\\)(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2})$/.exec(whole)
  return `${half === null ? whole : whole.slice(0, -(half[1] ?? half[0]).length)}"`
}

function openContainers(tokens: string[]): string[] {
  const open: string[] = []
  for (const each of tokens) {
    if (each === '[' || each === '{') open.push(each)
    else if (each === ']' || each === '}') open.pop()
  }
  return open
}

function isKey(tokens: string[], container: string | undefined): boolean {
  return container === '{' && (tokens.at(-2) === '{' || tokens.at(-2) === ',')
}
