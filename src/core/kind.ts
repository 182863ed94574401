// What came in the place of something else, in words for an error.

/** Never the value of a string: it may be a key that went into the wrong place. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return `a string of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'without a prototype'})`
  return value === undefined ? 'nothing' : `a ${typeof value}`
}

/** A word that was to be one of a few: as it came when it is short, else its kind. */
export function wordOrKind(value: unknown): string {
  return typeof value === 'string' && value.length <= 40 ? JSON.stringify(value) : kindOf(value)
}
