// The seven wrappers against the simulator, over real loopback HTTP: two writings of each wire that must agree.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EndingReason } from '../../src/core/ending.ts'
import { type Script, type Simulator, simulator } from '../../src/simulator/index.ts'
import { decoded } from '../suites/decode.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

const weather = { name: 'weather', description: 'The weather', parameters: { type: 'object', properties: {} } }
const call = { name: 'weather', input: { city: '杭州', days: [1, 2] } }

const scripts = {
  greeting: { text: ['Hello', '! How can I assist you', ' today?'] },
  thoughtful: { thinking: 'Let me see… 🤔', text: '答案是 42。🎉', usage: { inputTokens: 12, outputTokens: 7 } },
  tool: { text: 'I look.', toolCalls: [call] },
  parallel: { toolCalls: [call, { name: 'weather', input: {} }] },
  cutShort: { text: 'This goes on and', finish: 'length' },
  failing: { text: ['one', ' two', ' three'], error: { message: 'the model fell over', after: 2 } },
  brokenOff: { text: ['one', ' two'], end: 'cut' },
  reset: { text: ['one', ' two'], end: 'reset' },
  busyOnce: { text: 'at last', failFirst: { times: 1, status: 429, retryAfterMs: 1 } },
  empty: { text: '' },
} satisfies Record<string, Script>

type Name = keyof typeof scripts
let sim: Simulator

beforeAll(async () => {
  sim = await simulator({ models: scripts, pace: { bytes: 19 } })
})
afterAll(() => sim.close())

function model(wire: Wire, name: Name, options: Record<string, unknown> = {}) {
  return wrapperFor(wire, { modelName: name, baseUrl: sim.baseUrl(wire), ...options })
}

describe.each(wires)('%s', (wire) => {
  test('gives the four pairs of the tutorial, with the text alive in the loop, and the text again as a whole', async () => {
    const response = await model(wire, 'greeting').call([{ role: 'user', content: 'Hi!' }])
    const seen: unknown[] = []
    for await (const [last, text] of response.stream ?? []) seen.push([last, text, response.text])
    expect(seen).toEqual([
      [false, 'Hello', 'Hello'],
      [false, 'Hello! How can I assist you', 'Hello! How can I assist you'],
      [false, 'Hello! How can I assist you today?', 'Hello! How can I assist you today?'],
      [true, 'Hello! How can I assist you today?', 'Hello! How can I assist you today?'],
    ])
    expect(await response.getText()).toBe('Hello! How can I assist you today?')
  })

  test('closes an empty answer with exactly one pair', async () => {
    const response = await model(wire, 'empty').call([{ role: 'user', content: 'Hi!' }])
    expect(response.text).toBeNull()
    const pairs: unknown[] = []
    for await (const pair of response.stream ?? []) pairs.push(pair)
    expect(pairs).toEqual([[true, '']])
  })

  test.each([true, false])('tells thinking from text and counts the same tokens (stream: %s)', async (stream) => {
    const { response } = await decoded(model(wire, 'thoughtful'), { stream })
    expect(response.text).toBe('答案是 42。🎉')
    expect(response.thinking).toBe('Let me see… 🤔')
    expect(response.usage).toMatchObject({ inputTokens: 12, outputTokens: 7 })
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
  })

  test.each([true, false])(
    'gives tool calls with their input, one and several at once (stream: %s)',
    async (stream) => {
      const one = (await decoded(model(wire, 'tool'), { stream, tools: [weather] })).response
      expect(one.toolCalls).toMatchObject([call])
      expect(one.text).toBe('I look.')
      expect(one.ending).toMatchObject({ reason: 'tool-calls', complete: true })
      const two = (await decoded(model(wire, 'parallel'), { stream, tools: [weather] })).response
      expect(two.toolCalls).toMatchObject([call, { name: 'weather', input: {} }])
      expect(new Set(two.toolCalls.map(({ id }) => id)).size).toBe(2)
    },
  )

  const endings: [Name, EndingReason, boolean, string][] = [
    ['cutShort', 'length', true, 'This goes on and'],
    ['failing', 'error', false, 'one two'],
    ['brokenOff', 'truncated', false, 'one two'],
    ['reset', 'truncated', false, 'one two'],
    ['busyOnce', 'stop', true, 'at last'],
  ]
  test.each(endings)('ends %s as %s (complete: %s) and keeps what came', async (name, reason, complete, text) => {
    const { response } = await decoded(model(wire, name, { maxRetries: 1 }))
    expect(response.ending).toMatchObject({ reason, complete })
    expect(response.text).toBe(text)
    if (complete) return expect(response.error).toBeUndefined()
    await expect(response.getText()).rejects.toMatchObject({ partialText: text })
    await expect(response.getText()).rejects.toBe(response.error)
  })

  test('throws what broke the stream out of the loop, after everything that came', async () => {
    const response = await model(wire, 'brokenOff').call([{ role: 'user', content: 'Hi!' }])
    const pairs: unknown[] = []
    const loop = async () => {
      for await (const pair of response.stream ?? []) pairs.push(pair)
    }
    await expect(loop()).rejects.toMatchObject({ type: 'wire', partialText: 'one two' })
    expect(pairs).toEqual([
      [false, 'one'],
      [false, 'one two'],
    ])
  })

  test('sends no stream and gives the same text when the call says so', async () => {
    const response = await model(wire, 'greeting').call([{ role: 'user', content: 'Hi!' }], { stream: false })
    expect(response.stream).toBeNull()
    expect(response.text).toBe('Hello! How can I assist you today?')
  })
})
