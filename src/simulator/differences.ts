// In what two requests differ, in words.
import { isFields, kindOf } from './value.ts'

interface Comparable {
  method: string
  path: string
  /** JSON as a rule. */
  body: string
}

const most = 8

/** At most eight; each names its place: `body.messages[1].content: recorded "Hello", asked "Hi"`. */
export function differencesBetween(recorded: Comparable, asked: Comparable): string[] {
  const found: string[] = []
  compare('method', recorded.method, asked.method, found)
  compare('path', recorded.path, asked.path, found)
  compare('body', readAs(recorded.body), readAs(asked.body), found)
  if (found.length === 0) found.push('body: the same values, written in another way')
  return found.length > most ? [...found.slice(0, most), `and ${found.length - most} more`] : found
}

function compare(place: string, recorded: unknown, asked: unknown, found: string[]): void {
  if (Array.isArray(recorded) && Array.isArray(asked)) {
    for (let at = 0; at < Math.max(recorded.length, asked.length); at += 1) {
      compare(`${place}[${at}]`, recorded[at], asked[at], found)
    }
  } else if (isFields(recorded) && isFields(asked)) {
    const names = new Set([...Object.keys(recorded), ...Object.keys(asked)])
    for (const name of names) compare(`${place}.${name}`, recorded[name], asked[name], found)
  } else if (JSON.stringify(recorded) !== JSON.stringify(asked)) {
    found.push(`${place}: recorded ${shown(recorded, asked)}, asked ${shown(asked, recorded)}`)
  }
}

/** A text from shortly before the place at which it differs; a list or an object by its kind. */
function shown(value: unknown, other: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'object' && value !== null) return kindOf(value)
  if (typeof value !== 'string') return String(value)
  const from = typeof other === 'string' && value.length > 60 ? Math.max(0, sameLength(value, other) - 20) : 0
  const part = value.slice(from, from + 60)
  return `${from > 0 ? '…' : ''}${JSON.stringify(part)}${from + 60 < value.length ? '…' : ''}`
}

function sameLength(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

function readAs(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
