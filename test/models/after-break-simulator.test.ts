// The same against the simulator, which refuses what the providers would refuse: requests to go on are sent as they take them.
import { expect, test } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { simulator } from '../../src/simulator/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const story = 'The ferry leaves at nine. It stops at two islands, and at the third one only when somebody waves.'

test.each(wires)('%s: an agent says one answer, though its stream broke, and remembers it whole', async (wire) => {
  const half = story.slice(0, 57)
  const rest = story.slice(57)
  await using sim = await simulator({ models: { 'test-model': [{ text: half, end: 'reset' }, { text: rest }] } })
  const heard: StreamEvent[] = []
  const sink = { event: (_: unknown, event: StreamEvent) => void heard.push(event) }
  await using scope = createScope({ sinks: [sink], disableSaving: true })
  const model = wrapperFor(wire, { baseUrl: sim.baseUrl(wire), continueAfterBreak: true })
  const agent = new DialogAgent({ name: 'Ferryman', model, scope })
  const said = await agent.call(new Msg('You', 'When do you leave?', 'user'))
  expect(said.content).toMatchObject([{ type: 'text', text: story }])
  expect(said.ending).toMatchObject({ complete: true })
  expect(heard.filter((event) => event.type === 'notice')).toMatchObject([{ kind: 'resumed' }])
  expect(heard.filter(({ type }) => type === 'message-start')).toHaveLength(1)
  expect(sim.requests.map(({ status }) => status)).toEqual([200, 200])
})
