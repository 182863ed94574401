// A program that speaks into a kept run and never closes it. Arguments: where to keep it, and how the program ends.

import { EventWriter } from '../../src/core/writer.ts'
import { createScope } from '../../src/create-scope.ts'

const [, , saveDir = '', end] = process.argv
const scope = createScope({ saveDir })
const speaker = { name: 'Friday', id: 'agent-1' }

async function say(id: string): Promise<void> {
  const writer = new EventWriter({ id, name: speaker.name })
  writer.text('Hello '.repeat(50))
  writer.end({ reason: 'stop', complete: true })
  for (const event of writer.take()) await scope.publish(speaker, event)
}

for (let count = 0; count < 100; count += 1) await say(`m-${count}`)
process.stdout.write(`${scope.runDirectory}\n`)
for (let count = 100; end === 'is killed'; count += 1) {
  await say(`m-${count}`)
  await new Promise((resolve) => setImmediate(resolve))
}
