// Chaos from a real stream: the same seed, the same damage; whatever comes of it is an honest ending.
import { expect, test } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import { formatCassette, mutate, replay } from '../../src/simulator/index.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { wires } from '../suites/wrappers.ts'
import { eventsOf, taped } from './taping.ts'

test.each(wires)('%s: a seed gives the same cassette every time, and another seed another one', async (wire) => {
  const { cassette } = await taped(wire)
  const before = formatCassette(cassette)
  const texts = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => formatCassette(mutate(cassette, seed)))
  expect(texts).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => formatCassette(mutate(cassette, seed))))
  expect(new Set(texts).size).toBeGreaterThan(4)
  expect(formatCassette(cassette)).toBe(before)
})

test.each(wires)('%s: damaged streams keep the laws of events', async (wire) => {
  const { cassette } = await taped(wire)
  for (let seed = 0; seed < 20; seed += 1) {
    const fetch = replay(mutate(cassette, seed), { speed: 'max' })
    const events = await eventsOf(wire, fetch, { clocks: { stallMs: 30, firstContentMs: 30 } })
    checkEventLaws(events)
  }
})

test('a reset and a silence are made too, and a refusal stays as it is', async () => {
  const { cassette } = await taped('openai')
  const ends = new Set([...Array(60).keys()].map((seed) => mutate(cassette, seed).exchanges[0]!.end?.how))
  expect([...ends].sort()).toEqual(['broken', 'complete', 'silent'])
  const refused = { ...cassette.exchanges[0]!, response: { atMs: 1, status: 429, headers: {} } }
  expect(mutate({ ...cassette, exchanges: [refused] }, 7).exchanges).toEqual([refused])
})

test('only the kinds that are asked for', async () => {
  const { cassette, events } = await taped('anthropic')
  const cut = mutate(cassette, 11, { kinds: ['cut'] })
  expect(await eventsOf('anthropic', replay(cut, { speed: 'max' }))).toEqual(events)
  expect(() => mutate(cassette, 0.5)).toThrow('A seed must be a whole number')
})

test.each<[unknown, RegExp]>([
  [{ kinds: ['rest'] }, /mutate\.kinds must be a list of cut, pause, .*reset, stall/],
  [{ kinds: [] }, /mutate\.kinds must be a list of/],
  [{ pauseMs: -1 }, /mutate\.pauseMs must be a number of milliseconds above 0/],
])('an option that is wrong (%j) is refused, and the right ones are named', async (options, words) => {
  const { cassette } = await taped('openai')
  expect(() => mutate(cassette, 1, options as never)).toThrow(words)
  expect(() => mutate(cassette, 1, options as never)).toThrow(ConfigError)
})
