// `npm run soak`: a day of load in ten minutes: agents with tools on all seven wires over HTTP that chaos is done to,
// stopped at random moments, and beside them streams from memory. Does memory stay flat, does anything escape?
// SOAK_MINUTES (10), SOAK_SEED. Needs --expose-gc. Prints a table and PASS or FAIL; exit code 1 for FAIL.
import { setTimeout as rest, setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { recordedBodies } from '../test/chaos/bodies.ts'
import { openBodies } from '../test/chaos/damaged-body.ts'
import { play, streamOf } from '../test/chaos/played.ts'
import { ChaosRoom } from '../test/suites/chaos-room.ts'
import { bytesInUse } from '../test/suites/hub-room.ts'
import { lineThrough, memoryTable, type Sample } from './flatness.ts'

/** What a reply or stream may leave behind, in bytes: far less than the smallest event, more than the heap's unrest. */
const tolerance = 32
/** What the whole run may have grown by behind its warm-up, in bytes. */
const mostGrowth = 4 * 1024 * 1024
const streamsPerRound = 100
const roundsPerSample = 8
const warmUp = 0.2

const minutes = Number(process.env['SOAK_MINUTES'] ?? 10)
const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000)
if (!(minutes > 0) || globalThis.gc === undefined) {
  console.error('SOAK_MINUTES takes a number above 0, and Node needs --expose-gc.')
  process.exit(2)
}
const lost: unknown[] = []
process.on('unhandledRejection', (reason) => lost.push(reason))

console.log(`SOAK_SEED=${seed}, ${minutes} minutes`)
await using room = await ChaosRoom.open(seed)
const samples = await measured(room)
report(samples)

async function measured(agents: ChaosRoom): Promise<Sample[]> {
  const bodies = await recordedBodies()
  const began = performance.now()
  const taken: Sample[] = []
  let played = 0
  let replies = 0
  while ((taken.at(-1)?.minutes ?? 0) < minutes) {
    for (let round = 0; round < roundsPerSample; round += 1) {
      const streams = Array.from({ length: streamsPerRound }, (_, at) => play(streamOf(bodies, seed, played + at)))
      await Promise.all([agents.round(), ...streams])
      played += streamsPerRound
      replies += agents.perRound
    }
    await atRest()
    taken.push({ done: played + replies, minutes: (performance.now() - began) / 60_000, bytes: bytesInUse() })
  }
  return taken
}

/** The last sockets are let go after 200 ms (`HttpReply.settle`), and what is only weakly held goes a turn after it. */
async function atRest(): Promise<void> {
  await rest(300)
  for (let at = 0; at < 3; at += 1) {
    globalThis.gc?.()
    await turnOfTheLoop()
  }
}

function report(all: readonly Sample[]): void {
  const counted = all.filter((sample) => sample.minutes >= minutes * warmUp)
  const { slope, error } = lineThrough(counted)
  const { done } = all.at(-1)!
  const grown = slope * (done - counted[0]!.done)
  const isFlat = counted.length > 4 && (slope <= tolerance || slope <= 2 * error) && grown <= mostGrowth
  const pass = isFlat && lost.length === 0 && openBodies.size === 0
  const { answered, stopped, failed } = room.tally
  console.log(memoryTable(all, 'streams and replies'))
  console.log(`
${done} streams and replies. Agents: ${answered} replies given, ${stopped} stopped; errors told: ${JSON.stringify(Object.fromEntries(failed))}.
Growth: ${slope.toFixed(2)} bytes each (standard error ${error.toFixed(2)}), ${(grown / 1024).toFixed(0)} KB over the ${counted.length} samples behind the first ${warmUp * 100} %. Goal: at most ${tolerance}, or nothing that can be told from the heap's unrest.
Open bodies: ${openBodies.size}. Rejections that nobody heard: ${lost.length}${lost.length > 0 ? ` (${String(lost[0])})` : ''}.
${pass ? 'PASS' : 'FAIL'}`)
  process.exitCode = pass ? 0 : 1
}
