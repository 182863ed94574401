// `npm run soak:hub`: five agents in a hub against the simulator for ten minutes; does memory grow by turn?
// Options: --minutes <n> (default 10). Needs --expose-gc. Prints a table and PASS or FAIL; exit code 1 for FAIL.
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { bytesInUse, HubRoom, kept } from '../test/suites/hub-room.ts'
import { lineThrough, memoryTable, type Sample } from './flatness.ts'

/** What a turn may leave behind, in bytes: far less than the smallest message, more than the heap's own unrest. */
const tolerance = 16
const turnsPerSample = 100
const roundsPerSample = turnsPerSample / 5
/** The first part of the time counts as warming up: code is compiled, buffers and pools are filled. */
const warmUp = 0.2

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0) || globalThis.gc === undefined) {
  console.error('--minutes takes a number above 0, and Node needs --expose-gc.')
  process.exit(2)
}

const samples = await measured()
const counted = samples.filter((sample) => sample.minutes >= minutes * warmUp)
const { slope, error } = lineThrough(counted)
console.log(memoryTable(samples, 'turns'))
const last = samples.at(-1)!
const pass = counted.length > 2 && slope <= tolerance
console.log(`
${last.done} turns in ${last.minutes.toFixed(1)} minutes, ${(last.done / last.minutes / 60).toFixed(0)} a second; each of the five keeps ${kept} messages.
Growth: ${slope.toFixed(2)} bytes a turn (standard error ${error.toFixed(2)}), over the ${counted.length} samples behind the first ${warmUp * 100} %. Goal: at most ${tolerance}.
${pass ? 'PASS' : 'FAIL'}`)
process.exitCode = pass ? 0 : 1

async function measured(): Promise<Sample[]> {
  await using room = await HubRoom.open()
  const began = performance.now()
  const samples: Sample[] = []
  while ((samples.at(-1)?.minutes ?? 0) < minutes) {
    for (let round = 0; round < roundsPerSample; round += 1) await room.round()
    // Sockets of the last turn come to rest first.
    await turnOfTheLoop()
    const done = (samples.length + 1) * turnsPerSample
    samples.push({ done, minutes: (performance.now() - began) / 60_000, bytes: bytesInUse() })
  }
  return samples
}
