// From cumulative pairs to increments: what is new in a text that contains everything so far.

/** One step of a stream as the tutorial reads it: whether it is the last, and all the text so far. */
export type Pair = readonly [last: boolean, text: string]

export function isPair(item: unknown): item is Pair {
  return Array.isArray(item) && typeof item[0] === 'boolean' && typeof item[1] === 'string'
}

/**
 * What `pair` adds to the text before it; `undefined` when it does not continue that text but replaces it. A pair that
 * carries its own `delta` is believed when the lengths agree: then nothing has to be compared, and the cost of a step
 * does not grow with the text.
 */
export function increment(previous: string, pair: Pair): string | undefined {
  const text = pair[1]
  const { delta } = pair as Pair & { delta?: unknown }
  if (typeof delta === 'string' && previous.length + delta.length === text.length) return delta
  // Comparing slices costs a twentieth of startsWith() on texts that were put together piece by piece.
  return text.slice(0, previous.length) === previous ? text.slice(previous.length) : undefined
}
