// Any value as JSON text that may be written to a file or sent.
import { redactJson } from './redact.ts'

/**
 * JSON without secrets; the shape stays. What JSON cannot hold (a bigint, a ring of objects), and what a program has put
 * into its messages or options all the same, becomes a word, so that it does not cost the rest.
 */
export function safeJson(value: unknown, secrets: readonly string[], indent?: number): string {
  const text = JSON.stringify(value, plainly(), indent)
  if (!secrets.some((secret) => text.includes(secret))) return text
  return JSON.stringify(redactJson(JSON.parse(text), secrets), null, indent)
}

function plainly(): (this: unknown, name: string, value: unknown) => unknown {
  /** The objects inside which the current one stands. */
  const outer: unknown[] = []
  return function (_name, value) {
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return value
    // JSON.stringify calls with the object that holds the value as `this`; whatever is not on the way there is done.
    while (outer.length > 0 && outer.at(-1) !== this) outer.pop()
    if (outer.includes(value)) return '[circular]'
    outer.push(value)
    return value
  }
}
