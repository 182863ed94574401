// Stopped at any point, a turn's calls are all answered, and the events fold to the answers (seeded, so it can be repeated).
import { describe, expect, it } from 'vitest'
import { tool } from '../../src/tools/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { callOf, run } from './running.ts'

expectNoLostRejections()

/** A small generator of pseudo-random numbers between 0 and 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const image = { type: 'image' as const, url: 'https://example.org/a.png' }

/** Tools of all kinds, which tell `step` whenever they get somewhere. */
function toolsOfAllKinds(step: () => void) {
  const turn = () => new Promise(setImmediate)
  return [
    tool({
      name: 'stream',
      description: 'Streams',
      concurrent: true,
      run: async function* (_input, { progress }) {
        for (const piece of ['a\ud83d', '\ude00', image, 'b']) {
          step()
          await turn()
          progress('on')
          yield piece
        }
      },
    }),
    tool({
      name: 'heed',
      description: 'Heeds its signal',
      concurrent: true,
      run: async (_input, { signal }) => {
        step()
        await turn()
        signal.throwIfAborted()
        step()
        return { fine: true }
      },
    }),
    tool({ name: 'alone', description: 'Alone', run: () => step() }),
    tool({ name: 'ask', description: 'Asks', approval: true, run: () => step() }),
  ]
}

describe('calls that are stopped at any point', () => {
  it.each(Array.from({ length: 50 }, (_, seed) => seed))('are all answered (seed %i)', async (seed) => {
    const next = random(seed)
    const stop = new AbortController()
    let steps = Math.floor(next() * 14)
    const step = () => {
      if (steps-- === 0) stop.abort()
    }
    const names = ['stream', 'heed', 'alone', 'ask', 'nobody']
    const calls = Array.from({ length: 6 }, (_, at) => callOf(names[Math.floor(next() * 5)] ?? '', {}, `c${at}`))
    const slow = next() < 0.5
    const { results, events } = await run(calls, toolsOfAllKinds(step), {
      signal: stop.signal,
      approve: async () => {
        step()
        return { allowed: next() < 0.5 }
      },
      hear: () => (slow ? Promise.resolve() : undefined),
    })
    const isCut = results.some(({ metadata }) => metadata?.['state'] === 'interrupted')
    expect(results).toHaveLength(6)
    expect(events.at(-1)).toMatchObject({ ending: { complete: !isCut } })
  })
})
