// Turns good wire values into hostile ones, by a seed: the same seed gives the same damage.

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** What no type would allow, as JSON text so that `__proto__` is a key and not a prototype. */
const hostile = [
  'null',
  '0',
  '-1',
  '1e9',
  '1.5',
  'true',
  '""',
  '"x"',
  '"7"',
  '"null"',
  '"\\ud83d"',
  '[]',
  '[null]',
  '[[]]',
  '[{}]',
  '{}',
  '{"toString":1,"valueOf":2}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"text":{}}',
  '{"length":5}',
  '{"toJSON":1}',
  '["a",{"text":"b"},3]',
  '"{\\"a\\":"',
]

type Random = () => number

function pick<Value>(random: Random, from: readonly Value[]): Value {
  return from[Math.floor(random() * from.length)] as Value
}

/** A copy of the values with one to four damages: a node replaced, or a value dropped, doubled or moved. */
export function mutated(values: readonly unknown[], random: Random): unknown[] {
  const copy: unknown[] = structuredClone([...values])
  const damages = 1 + Math.floor(random() * 4)
  for (let at = 0; at < damages && copy.length > 0; at += 1) damage(copy, random)
  return copy
}

function damage(values: unknown[], random: Random): void {
  const at = Math.floor(random() * values.length)
  const kind = random()
  if (kind < 0.06) values.splice(at, 1)
  else if (kind < 0.12) values.splice(at, 0, structuredClone(values[at]))
  else if (kind < 0.18) values.splice(Math.floor(random() * values.length), 0, ...values.splice(at, 1))
  else values[at] = replaced(values[at], random)
}

/** One node of the tree replaced, or a hostile key added to it. */
function replaced(value: unknown, random: Random): unknown {
  const children = typeof value === 'object' && value !== null ? Object.keys(value) : []
  if (children.length === 0 || random() < 0.15) return JSON.parse(pick(random, hostile))
  const node = value as Record<string, unknown>
  const key = pick(random, children)
  const kind = random()
  if (kind < 0.1) delete node[key]
  else if (kind < 0.2) set(node, '__proto__', { polluted: true })
  else set(node, key, replaced(node[key], random))
  return node
}

/** Also a key like `__proto__` becomes a field of its own. */
function set(node: object, key: string, value: unknown): void {
  Object.defineProperty(node, key, { value, enumerable: true, writable: true, configurable: true })
}
