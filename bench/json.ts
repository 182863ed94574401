// CPU of the incremental JSON parser: tool arguments in deltas of 12 characters, the value read after every delta.
import { IncrementalJson } from '../src/core/json-incremental.ts'

const shapes = {
  'one long string': (length: number) =>
    JSON.stringify({ path: 'src/main.ts', content: 'const greeting = "hello 你好 😀"\n'.repeat(length / 30) }),
  'many small fields': (length: number) =>
    JSON.stringify(Array.from({ length: length / 40 }, (_, id) => ({ id, name: `item ${id}`, done: id % 2 === 0 }))),
  'one flat object': (length: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: length / 24 }, (_, id) => [`field-${id}`, [id, 'x']]))),
}

/** CPU milliseconds for that many deltas, the least of five runs. */
function measure(text: string, count: number): number {
  const deltas = Array.from({ length: count }, (_, index) => text.slice(index * 12, index * 12 + 12))
  return Math.min(...Array.from({ length: 5 }, () => run(deltas)))
}

function run(deltas: string[]): number {
  const before = process.cpuUsage()
  const json = new IncrementalJson()
  let shown = 0
  for (const delta of deltas) {
    json.push(delta)
    if (json.value !== undefined) shown += 1
  }
  const { user, system } = process.cpuUsage(before)
  if (json.failed !== undefined || shown !== deltas.length)
    throw new Error(json.failed?.message ?? 'no value was shown')
  return (user + system) / 1000
}

const counts = [500, 2_000, 8_000, 32_000]
for (const [name, shape] of Object.entries(shapes)) {
  const text = shape(counts.at(-1)! * 12 * 2)
  const times = counts.map((count) => measure(text, count))
  const row = counts.map((count, index) => `${count} deltas ${perDelta(times[index]!, count)}`).join(' · ')
  console.log(`${name}: ${row}`)
}

function perDelta(ms: number, count: number): string {
  return `${ms.toFixed(2)} ms (${((ms * 1000) / count).toFixed(2)} µs each)`
}
