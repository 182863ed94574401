// When the time for something is over.

/** The latest time that a date can say, in milliseconds: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const latest = 8.64e15

/** When so many milliseconds are over, as ISO 8601; `undefined` without a limit, and for one beyond all dates. */
export function deadlineAfter(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined
  const at = Date.now() + ms
  return at <= latest ? new Date(at).toISOString() : undefined
}
