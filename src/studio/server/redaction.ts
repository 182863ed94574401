// What a person wants kept out of the store: patterns of the settings, taken out of records before they are written.

/** Fields by which records are put together again; they hold no words of anybody. */
const structure = new Set(['type', 'id', 'index', 'role', 'kind', 'replyId', 'agentId', 'traceId', 'spanId'])
for (const name of ['parentSpanId', 'reason', 'status', 'mime', 'mediaType']) structure.add(name)

const mostPatterns = 50
const longestPattern = 200
/** So many characters besides stars: fewer would take out half of every text. */
const leastLetters = 3

export const redactTakes = `up to ${mostPatterns} patterns of up to ${longestPattern} characters, each with ${leastLetters} characters besides stars and spaces or more, and 3 stars or fewer`

export interface Redaction {
  clean(value: unknown): unknown
}

export function arePatterns(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= mostPatterns && value.every(isPattern)
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > longestPattern) return false
  return value.replaceAll(/[*\s]/g, '').length >= leastLetters && (value.match(/\*/g) ?? []).length <= 3
}

/**
 * A pattern is plain text in which `*` stands for any characters but spaces, quotes, commas and semicolons; upper and
 * lower case are the same. A field whose whole name fits loses its value; in every text, what fits is replaced. Of a text
 * that comes in pieces each piece is looked at alone.
 */
export function redactionOf(patterns: readonly string[]): Redaction | undefined {
  if (patterns.length === 0) return undefined
  const any = patterns.map(expressionOf).join('|')
  const name = new RegExp(`^(?:${any})$`, 'i')
  const text = new RegExp(any, 'gi')
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(text, '[redacted]')
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(clean)
    const entries = Object.entries(value).map(([field, each]) => {
      if (structure.has(field)) return [field, each]
      return [field, name.test(field) && each !== null ? '[redacted]' : clean(each)]
    })
    return Object.fromEntries(entries)
  }
  return { clean }
}

function expressionOf(pattern: string): string {
  const escaped = pattern.trim().replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
  return escaped.replaceAll(/\*+/g, '[^\\s"`,;\']*')
}
