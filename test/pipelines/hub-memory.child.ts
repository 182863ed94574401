// A process of its own, so that its memory is that of one hub: some hundred turns, and what is left of them.
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { queryObjects } from 'node:v8'
import { HubRoom } from '../suites/hub-room.ts'

await using room = await HubRoom.open()

/** Turns that are counted before the first look at memory: connections and what else is made once are there then. */
const first: WeakRef<object>[] = []
for (let round = 0; round < 40; round += 1) first.push(...watched(await room.round()))
const samples: number[] = []
for (let part = 0; part < 5; part += 1) {
  samples.push(await objects())
  for (let round = 0; round < 40; round += 1) await room.round()
}
samples.push(await objects())
process.send?.({ turns: first.length, left: first.filter((each) => each.deref() !== undefined).length, samples })

/** In a function of its own: a variable out there would keep the last one. */
function watched(messages: readonly object[]): WeakRef<object>[] {
  return messages.map((message) => new WeakRef(message))
}

/** How many objects there are, after everything that can be freed has been. */
async function objects(): Promise<number> {
  // Sockets of the last turn come to rest, and weak references let go, when the loop has turned.
  await turnOfTheLoop()
  for (let at = 0; at < 4; at += 1) globalThis.gc?.()
  return queryObjects(Object, { format: 'count' })
}
