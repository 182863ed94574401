// The same tool scenarios on all seven wires, streamed and not, against a simulator that refuses what a provider would.
import { beforeEach, describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { blocksOf, type Msg, textOf } from '../../src/core/message.ts'
import { type Acting, acting, question } from '../agents/acting.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { wires } from '../suites/wrappers.ts'
import { ran, type Scenario, scenarios } from './tool-scenarios.table.ts'

beforeEach(() => {
  ran.length = 0
})

const ways = wires.flatMap((wire) => [true, false].map((stream) => ({ wire, stream })))

/** Every message that was spoken, by its id. */
function spokenIn({ heard, agent }: Acting): [events: StreamEvent[], message: Msg | undefined][] {
  const ids = heard.events.flatMap((event) => (event.type === 'message-start' ? [event.id] : []))
  return ids.map((id) => [
    heard.events.filter((event) => event.id === id && event.type !== 'raw'),
    agent.memory?.get().find((message) => message.id === id),
  ])
}

/** What must hold behind every run, whatever happened in it. */
export function checkRun(run: Acting): void {
  const statuses = run.simulated.requests.map(({ status }) => status)
  expect(statuses, 'nothing was refused').toEqual(statuses.map(() => 200))
  for (const [events, message] of spokenIn(run)) {
    checkEventLaws(events)
    expect(message?.id, 'what was spoken is remembered').toBe(events[0]?.id)
  }
  const memory = run.agent.memory?.get() ?? []
  expect(JSON.parse(JSON.stringify(memory)), 'the memory is plain JSON').toEqual(memory.map((each) => ({ ...each })))
  const answered = run.results().map(({ id }) => id)
  expect(answered, 'each call has its result').toEqual(run.calls().map(({ id }) => id))
}

describe.each(ways)('$wire (stream: $stream)', ({ wire, stream }) => {
  const possible = scenarios.filter((scenario) => !scenario.except?.({ wire, stream }))

  test.each(possible)('$name', async ({ answers, tools, calls, results, text, ran: wanted }: Scenario) => {
    await using run = await acting(answers, { wire, stream, toolkit: tools() })
    const said = await run.agent.call(question)
    expect(textOf(said)).toBe(text)
    expect(run.calls().map(({ name, input }) => [name, input])).toEqual(calls)
    expect(ran).toEqual(wanted)
    const outputs = run.results().map(({ output, isError }) => [output, isError])
    expect(outputs).toEqual(
      results.map(([output, isError]) => [output instanceof RegExp ? expect.stringMatching(output) : output, isError]),
    )
    checkRun(run)
    expect(blocksOf(said).map(({ type }) => type)).toEqual(['text'])
  })
})
