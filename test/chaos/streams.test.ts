// Thousands of damaged streams on all seven wires: every promise about events and endings, on every one of them.
// CHAOS_SEED chooses the damage, CHAOS_STREAMS how many (5,000; `npm run chaos` plays 100,000), CHAOS_ONLY one of them,
// CHAOS_FROM the first of them.
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { Repeats } from '../../src/models/repeats.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Body, recordedBodies } from './bodies.ts'
import { openBodies } from './damaged-body.ts'
import { growth, megabytesInUse } from './memory.ts'
import { checkAgainstWhole, type Outcome, play, streamOf, wholeStream } from './played.ts'

const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000)
const only = process.env['CHAOS_ONLY'] === undefined ? undefined : Number(process.env['CHAOS_ONLY'])
const streams = only === undefined ? Number(process.env['CHAOS_STREAMS'] ?? 5000) : 1
/** Streams at once; after each such batch the memory may be looked at. */
const batch = 200
/** A stream that takes longer hangs. */
const longestSeconds = 10
const timeout = 60_000 + streams * 20

expectNoLostRejections()

describe(`chaos (CHAOS_SEED=${seed})`, () => {
  let bodies: Body[]
  const wholes = new Map<Body, Outcome>()

  beforeAll(async () => {
    bodies = await recordedBodies()
    for (const body of bodies) wholes.set(body, await play(wholeStream(body)))
  })

  /** Plays the n-th stream; what goes wrong is told with how to play it again. */
  async function played(count: number): Promise<Outcome> {
    const stream = streamOf(bodies, seed, count)
    const { body, damaged, manner } = stream
    try {
      const outcome = await inTime(play(stream))
      checkAgainstWhole(stream, outcome, wholes.get(body) as Outcome)
      return outcome
    } catch (cause) {
      const told = `${body.wire} ${body.name} ${manner} ${JSON.stringify(damaged.damages)} end ${damaged.end}`
      const again = `CHAOS_SEED=${seed} CHAOS_ONLY=${count}`
      throw new Error(`${again}: ${told}: ${cause instanceof Error ? cause.message : cause}`, { cause })
    }
  }

  function playedAll(from: number, to: number): Promise<Outcome[]> {
    return Promise.all(Array.from({ length: to - from }, (_, at) => played(from + at)))
  }

  test(
    `${streams} streams keep every promise, close their sockets and leave no memory behind`,
    async () => {
      const first = only ?? Number(process.env['CHAOS_FROM'] ?? 0)
      const memory: number[] = []
      for (let at = first; at < first + streams; at += batch) {
        await playedAll(at, Math.min(at + batch, first + streams))
        if (memory.push(Math.round(megabytesInUse())) % 5 === 0)
          expect(openBodies.size, 'bodies that are still open').toBe(0)
      }
      expect(openBodies.size, 'bodies that are still open').toBe(0)
      expect('polluted' in {}, 'a prototype was polluted').toBe(false)
      if (memory.length >= 10) expect(growth(memory), `memory in MB: ${memory.join(' ')}`).toBeLessThan(8)
    },
    timeout,
  )

  test(
    'the fast lane gives what the long way gives',
    async () => {
      const first = only ?? Number(process.env['CHAOS_FROM'] ?? 0)
      const count = Math.ceil(streams / 5)
      for (let at = first; at < first + count; at += batch) {
        const to = Math.min(at + batch, first + count)
        const fast = await playedAll(at, to)
        const learn = vi.spyOn(Repeats.prototype, 'learn').mockImplementation(() => {})
        const long = await playedAll(at, to).finally(() => learn.mockRestore())
        for (const [index, outcome] of fast.entries()) {
          if (streamOf(bodies, seed, at + index).manner !== 'events') continue
          expect(outcome, `CHAOS_SEED=${seed} CHAOS_ONLY=${at + index}`).toEqual(long[index])
        }
      }
    },
    timeout,
  )
})

/** Counts seconds in which the loop turned: a process that was not given its turn does not hang. */
function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>()
  let left = longestSeconds
  const timer = setInterval(() => {
    left -= 1
    if (left === 0) late.reject(new Error(`hangs for ${longestSeconds} s`))
  }, 1000)
  return Promise.race([promise, late.promise]).finally(() => clearInterval(timer))
}
