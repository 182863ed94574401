// `chaos` around a fetch, and `damageBytes`: the same seed does the same, what is harmless is, and everything is closed.
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import {
  chaos,
  createSimulator,
  type DamagedReply,
  damageBytes,
  damageKinds,
  randomFrom,
} from '../../src/simulator/index.ts'
import { wires, wrapperFor } from '../suites/wrappers.ts'
import { scripts } from './bodies.ts'

const simulated = () => createSimulator({ models: scripts, requireKey: false, now: () => new Date(0) })
const ask = [{ role: 'user', content: 'Hi' }]

/** What a model said through chaos, and what was done to it. */
async function heard(
  options: Parameters<typeof chaos>[1],
  wire: (typeof wires)[number] = 'openai',
  modelName = 'story',
) {
  await using sim = simulated()
  const replies: DamagedReply[] = []
  const given = typeof options === 'number' ? { seed: options } : options
  const fetch = chaos(sim.fetch, { ...given, onReply: (reply) => replies.push(reply) })
  const clocks = { firstContentMs: 100, stallMs: 100 }
  const model = wrapperFor(wire, { fetch, modelName, clocks, baseUrl: sim.baseUrl(wire) })
  const response = await model.call(ask)
  await response.getText().catch(() => {})
  await sim.requests[0]?.closed
  const { text, ending } = response
  return { text, ending, replies: replies.map(({ seed, damages }) => ({ seed, damages })), sim }
}

test('the same seed does the same damage, another one does other damage', async () => {
  const [one, again, other] = [await heard(7), await heard(7), await heard(8)]
  expect(again).toMatchObject({ text: one.text, replies: one.replies })
  expect(other.replies).not.toEqual(one.replies)
})

test('a seed that was told plays that one answer again', async () => {
  const first = await heard({ seed: 7 })
  const again = await heard({ seed: first.replies[0]!.seed, alone: true })
  expect(again.replies).toEqual(first.replies)
  expect(again.text).toBe(first.text)
})

test.each(wires)('%s: cuts, pauses and pings change nothing of what is said', async (wire) => {
  for (const seed of [1, 2, 3, 4]) {
    const { text, ending } = await heard({ seed, kinds: ['cut', 'pause', 'ping'], pauseMs: 1 }, wire)
    expect(text).toBe([scripts['story']?.text].flat().join(''))
    expect(ending).toMatchObject({ complete: true })
  }
})

test.each([
  ['end', 'wire'],
  ['reset', 'provider'],
  ['stall', 'timeout'],
] as const)('an answer that is broken off by "%s" is told as that, and its source is closed', async (kind, type) => {
  const { ending, sim } = await heard({ seed: 5, kinds: [kind], bytes: 8000 })
  expect(ending).toMatchObject({ reason: 'truncated', complete: false, error: { type } })
  expect(sim.requests[0]).toMatchObject({ aborted: true })
})

test('a share of the answers is damaged, a refusal never is', async () => {
  await using sim = createSimulator({ models: { '*': { text: 'x' }, no: { error: { status: 400, message: 'No.' } } } })
  const replies: DamagedReply[] = []
  const fetch = chaos(sim.fetch, { seed: 1, share: 0.3, onReply: (reply) => replies.push(reply) })
  const clocks = { firstContentMs: 30, stallMs: 30 }
  for (let at = 0; at < 40; at += 1) {
    await (await wrapperFor('openai', { fetch, clocks }).call(ask)).getText().catch(() => {})
  }
  const before = replies.length
  const refused = wrapperFor('openai', { fetch, modelName: 'no' }).call(ask)
  await expect(refused).rejects.toMatchObject({ type: 'input', status: 400 })
  expect(replies).toHaveLength(before)
  const damaged = replies.filter(({ damages }) => damages.length > 0).length
  expect(damaged).toBeGreaterThan(2)
  expect(damaged).toBeLessThan(25)
})

test.each([
  [{}, 'chaos.seed must be a whole number, but is missing'],
  [{ seed: 1.5 }, 'chaos.seed must be a whole number, but is 1.5.'],
  [{ seed: 1, kinds: ['fire'] }, 'chaos.kinds must be a list of cut'],
  [{ seed: 1, share: 2 }, 'chaos.share must be a number from 0 to 1, but is 2.'],
])('%j is refused by name', (options, message) => {
  const never = () => Promise.reject(new Error('is not called'))
  expect(() => chaos(never, options as never)).toThrow(
    expect.objectContaining({ type: 'config', message: expect.stringContaining(message) }),
  )
})

test('damage to bytes that are known is a function of the seed, and every kind comes about', () => {
  const bytes = new TextEncoder().encode('data: {"a":"b","c":1}\n\n'.repeat(40))
  const pieces = [
    { atMs: 0, bytes: bytes.slice(0, 99) },
    { atMs: 5, bytes: bytes.slice(99) },
  ]
  const seen = new Set<string>()
  for (let seed = 0; seed < 150; seed += 1) {
    const damaged = damageBytes(pieces, randomFrom(seed))
    expect(isDeepStrictEqual(damageBytes(pieces, randomFrom(seed)), damaged)).toBe(true)
    for (const { kind } of damaged.damages) seen.add(kind)
    const times = damaged.pieces.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
  }
  expect([...seen].sort()).toEqual([...damageKinds].sort())
})
