// A process of its own, so that its memory is that of one reply: one listener reads it all, nine others next to nothing.
import { isDeepStrictEqual } from 'node:util'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { wrapperFor } from '../suites/wrappers.ts'

const [, , baseUrl, events] = process.argv
/** So often memory is looked at: collecting garbage takes its time. */
const every = Number(events)
const model = wrapperFor('openai', { baseUrl, maxReplyBytes: 1e9 })
const question = [{ role: 'user', content: 'Hi' }]

/** Bytes in use, after everything that can be freed has been; `external` counts array buffers too. */
function memory(): number {
  for (let at = 0; at < 4; at += 1) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function folded(events: AsyncIterable<StreamEvent>, first: StreamEvent | undefined): Promise<Msg | undefined> {
  let message = first && applyEvent(undefined, first)
  for await (const event of events) message = applyEvent(message, event)
  return message
}

for (let at = 0; at < 2; at += 1) await (await model.call(question)).getText()
const before = memory()
const response = await model.call(question)
const [fast, ...stuck] = response.tee(10)
/** Some have begun to listen before they got stuck. */
const firsts = await Promise.all(stuck.map(async (events, at) => (at < 4 ? (await events.next()).value : undefined)))
let [most, count, characters] = [0, 0, 0]
for await (const event of fast!) {
  if (event.type === 'text-delta') characters += event.delta.length
  count += 1
  if (count % every === 0) most = Math.max(most, memory() - before - characters)
}
const messages = await Promise.all(stuck.map((events, at) => folded(events, firsts[at])))
const same = messages.every((message) => isDeepStrictEqual(message, response.message))
process.send!({ grown: Math.max(most, memory() - before - characters), count, characters, same })
process.disconnect()
