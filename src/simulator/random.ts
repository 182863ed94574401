// Numbers by a seed: the same seed gives the same numbers on every machine.

/** A source of numbers in [0, 1). */
export type Random = () => number

/** mulberry32: small, quick, and good enough to choose damage. Only the low 32 bits of the seed count. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A whole number from 0 to below `limit`. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}

/** One of a list that is not empty. */
export function oneOf<Value>(random: Random, list: readonly Value[]): Value {
  return list[below(random, list.length)] as Value
}

/** A seed for the n-th of many things that come from one seed; neighbours share nothing. */
export function seedFor(seed: number, count: number): number {
  return Math.floor(randomFrom((seed ^ Math.imul(count + 1, 0x9e3779b1)) >>> 0)() * 4294967296)
}
