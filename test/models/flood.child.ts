// A process of its own, so that its memory is that of one call: reads one event of a flood and tells how much it grew.
import { once } from 'node:events'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

const [, , wire, baseUrl] = process.argv as unknown as [string, string, Wire, string]
const question = [{ role: 'user', content: 'Hi' }]

/** Bytes in use, after everything that can be freed has been; `external` counts array buffers too. */
function memory(): number {
  for (let at = 0; at < 4; at += 1) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const model = wrapperFor(wire, { baseUrl })
for (let at = 0; at < 3; at += 1) await (await model.call(question)).getText()
const before = memory()
const response = await model.call(question)
await response.stream!.next()
process.send!('reading')
// The server says when it cannot get rid of more.
await once(process, 'message')
const grown = memory() - before
process.send!({ grown, held: response.text?.length, left: performance.timeOrigin + performance.now() })
await response.cancel()
await once(process, 'message')
process.disconnect()
