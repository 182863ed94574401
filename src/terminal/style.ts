// Colours in the terminal: when to use them, and which one a name has.
import { createHash } from 'node:crypto'

export interface Style {
  readonly color: boolean
  /** A speaker's name, in that speaker's own colour. */
  name(text: string, of?: string): string
  dim(text: string): string
  alert(text: string): string
}

/** The ANSI foreground colour (90 to 97) that AgentScope gives this name: its SHA-256 as a number, modulo 8. */
export function colorOf(name: string): number {
  const digest = createHash('sha256').update(name).digest()
  return 90 + (digest[digest.length - 1]! & 7)
}

export function style(color: boolean): Style {
  const paint = (code: number) => (text: string) => (color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text)
  const cache = new Map<string, number>()
  const codeOf = (name: string) => {
    const code = cache.get(name) ?? colorOf(name)
    cache.set(name, code)
    return code
  }
  return { color, name: (text, of = text) => paint(codeOf(of))(text), dim: paint(2), alert: paint(31) }
}

/**
 * Whether to colour by default. `NO_COLOR` (not empty) forbids it, `FORCE_COLOR` demands it (`0` and `false` forbid it),
 * else it takes a terminal that is not dumb.
 */
export function wantsColor(output: { isTTY?: boolean }, environment: Record<string, string | undefined>): boolean {
  if (environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return output.isTTY === true && environment['TERM'] !== 'dumb'
}

/** Whether the cursor can be moved about: not in a dumb terminal, and a CI's log is no screen though it may say so. */
export function canRedraw(environment: Record<string, string | undefined>): boolean {
  const { CI: ci = '' } = environment
  return environment['TERM'] !== 'dumb' && (ci === '' || ci === '0' || ci === 'false')
}
