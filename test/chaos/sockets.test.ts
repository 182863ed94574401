// Chaos over real HTTP on loopback: real resets, early ends and stalls, on all seven wires; every socket is closed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, simulator } from '../../src/simulator/index.ts'
import { oneOf, randomFrom, seedFor } from '../../src/simulator/random.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { wires, wrapperFor } from '../suites/wrappers.ts'
import { scripts } from './bodies.ts'
import { checkLaws } from './laws.ts'

const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000)
const streams = Math.ceil(Number(process.env['CHAOS_STREAMS'] ?? 5000) / 17)
const clocks = { firstContentMs: 400, stallMs: 400 }

expectNoLostRejections()

describe(`chaos over sockets (CHAOS_SEED=${seed})`, () => {
  let simulated: Simulator
  beforeAll(async () => {
    simulated = await simulator({ models: scripts, requireKey: false, chaos: { seed, share: 0.9, pauseMs: 3 } })
  })
  afterAll(() => simulated.close())

  async function played(count: number): Promise<string> {
    const random = randomFrom(seedFor(seed, count))
    const wire = oneOf(random, wires)
    const modelName = oneOf(random, Object.keys(scripts))
    const model = wrapperFor(wire, { modelName, baseUrl: simulated.baseUrl(wire), clocks })
    const response = await model.call([{ role: 'user', content: 'Hi' }], { stream: true })
    const events = await Array.fromAsync(response.events)
    try {
      checkLaws(events, response.message)
      expect(response.error?.message ?? '').not.toContain('could not be decoded')
      expect(['error', 'truncated'].includes(response.ending?.reason ?? '')).toBe(response.error !== undefined)
    } catch (cause) {
      throw new Error(`CHAOS_SEED=${seed}, stream ${count}: ${wire} ${modelName}`, { cause })
    }
    return response.ending?.reason ?? ''
  }

  test(
    `${streams} streams end, each once and honestly, and no connection stays open`,
    async () => {
      const reasons = new Map<string, number>()
      for (let at = 0; at < streams; at += 50) {
        const batch = Array.from({ length: Math.min(50, streams - at) }, (_, index) => played(at + index))
        for (const reason of await Promise.all(batch)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
      await Promise.all(simulated.requests.map(({ closed }) => closed))
      expect(simulated.requests).toHaveLength(streams)
      // All the ways are there: whole answers, broken ones, and failures that were told.
      expect([...reasons.keys()]).toEqual(expect.arrayContaining(['stop', 'tool-calls', 'truncated', 'error']))
    },
    60_000 + streams * 30,
  )
})
