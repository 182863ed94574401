// A process of its own, so that its memory is that of one call: reads one event of a flood and tells how much it grew.
import { once } from 'node:events'
import { answerOf } from '../suites/wire-words.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

const [, , wire, url] = process.argv as unknown as [string, string, Wire, string]
const question = [{ role: 'user', content: 'Hi' }]

function memory(): number {
  for (let at = 0; at < 4; at += 1) globalThis.gc?.()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  // Array buffers are a part of what is external.
  return heapUsed + external + 0 * arrayBuffers
}

const model = wrapperFor(wire, { baseUrl: url })
for (let at = 0; at < 3; at += 1) await (await model.call(question)).getText()
const before = memory()
const response = await model.call(question, { flood: true })
await response.stream!.next()
process.send!({ reading: true })
// The server says when it cannot get rid of more.
await once(process, 'message')
const grown = memory() - before
const held = response.text?.length
process.send!({ grown, held, left: performance.timeOrigin + performance.now() })
await response.cancel()
await once(process, 'message')
process.disconnect()
void answerOf
