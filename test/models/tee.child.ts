// A process of its own, so that its memory is that of one reply: one listener reads it all, nine others nothing.
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { wrapperFor } from '../suites/wrappers.ts'

const model = wrapperFor('openai', { baseUrl: process.argv[2] })
const question = [{ role: 'user', content: 'Hi' }]

/** Bytes in use, after everything that can be freed has been; `external` counts array buffers too. */
function memory(): number {
  for (let at = 0; at < 4; at += 1) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function folded(events: AsyncIterable<StreamEvent>): Promise<Msg | undefined> {
  let message: Msg | undefined
  for await (const event of events) message = applyEvent(message, event)
  return message
}

for (let at = 0; at < 2; at += 1) await (await model.call(question)).getText()
const before = memory()
const response = await model.call(question)
const [fast, ...stuck] = response.tee(10)
let most = 0
let count = 0
for await (const _ of fast!) {
  count += 1
  if (count % 10_000 === 0) most = Math.max(most, memory() - before)
}
const text = response.text ?? ''
const messages = await Promise.all(stuck.map(folded))
const same = messages.every((message) => JSON.stringify(message) === JSON.stringify(response.message))
process.send!({ grown: Math.max(most, memory() - before), characters: text.length, same })
process.disconnect()
