// What messages were made from that a wrapper has formatted, so that they can be said on another wire.
import type { Perspective } from '../dialects/dialect.ts'
import type { PlainMessage } from './prompt.ts'

/** What `format` was given for messages that it made. */
export interface Origin {
  formatted: readonly PlainMessage[]
  source: unknown
  perspective: Perspective
}

const origins = new WeakMap<object, Origin>()

/** Remembers what messages were made from, for as long as somebody holds them. */
export function rememberOrigin(origin: Origin): void {
  const [first] = origin.formatted
  if (first !== undefined) origins.set(first, origin)
}

/** What a message that begins such a list was made from. */
export function originOf(first: object): Origin | undefined {
  return origins.get(first)
}
