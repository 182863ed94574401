// logging.chat on all seven wires, over real loopback HTTP: a line tells what was said, not how it travelled.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Script } from '../../src/simulator/index.ts'
import { type Simulator, simulator } from '../../src/simulator/index.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'
import { chatOf, fileOf, keptScope, publish } from './kept-run.ts'

const weather = { name: 'weather', description: 'The weather', parameters: { type: 'object', properties: {} } }
const call = { name: 'weather', input: { city: '杭州', days: [1, 2.5], deep: { empty: {} } } }

const scripts = {
  greeting: { text: ['Hello', '! How can I assist you', ' today?'] },
  thoughtful: { thinking: 'Let me see… 🤔', text: '答案是 42。🎉\n\n```ts\nconst a = 1\n```' },
  tool: { text: 'I look.', toolCalls: [call] },
  parallel: { thinking: 'Two at once.', toolCalls: [call, { name: 'weather', input: {} }] },
  cutShort: { text: 'This goes on and', finish: 'length' },
} satisfies Record<string, Script>

let sim: Simulator
beforeAll(async () => {
  sim = await simulator({ models: scripts, pace: { bytes: 19 } })
})
afterAll(() => sim.close())

/** What a run keeps of one answer: its line, without what is another one each time. */
async function lineOf(wire: Wire, script: string, stream: boolean): Promise<string> {
  const scope = keptScope()
  const model = wrapperFor(wire, { modelName: script, baseUrl: sim.baseUrl(wire) })
  const response = await model.call([{ role: 'user', content: 'Hi!' }], { stream, tools: [weather] })
  for await (const event of response.events) await publish(scope, [event])
  await scope.close()
  expect(chatOf(scope)).toMatchObject([{ id: response.id }])
  const own = [response.id, String(chatOf(scope)[0]?.['timestamp']), ...response.toolCalls.map(({ id }) => id)]
  return own.reduce((line, each) => line.replaceAll(each, '-'), fileOf(scope, 'logging.chat'))
}

describe.each(wires)('%s', (wire) => {
  test.each(Object.keys(scripts))('writes %s with the same bytes, streamed or not', async (script) => {
    const streamed = await lineOf(wire, script, true)
    expect(streamed).toBe(await lineOf(wire, script, false))
    expect(streamed).toMatch(/^\{"id":"-".*"timestamp":"-"\}\n$/)
  })
})
