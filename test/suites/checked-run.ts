// What must hold behind every run of an agent with tools, whatever happened in it.
import { expect } from 'vitest'
import type { Acting } from '../agents/acting.ts'
import { checkEventLaws } from './event-laws.ts'

/** Fails the test when a request was refused, an event broke a law, or the memory is not what was spoken. */
export function checkRun(run: Acting): void {
  const statuses = run.simulated.requests.map(({ status }) => status)
  expect(statuses, 'nothing was refused').toEqual(statuses.map(() => 200))
  checkMemory(run)
  checkSpoken(run)
}

/** Each call has its result, in order, and all of it is plain JSON. */
export function checkMemory({ agent, calls, results }: Acting): void {
  const memory = agent.memory?.get() ?? []
  expect(JSON.parse(JSON.stringify(memory)), 'the memory is plain JSON').toEqual(memory.map((each) => ({ ...each })))
  expect(
    results().map(({ id }) => id),
    'each call has its result',
  ).toEqual(calls().map(({ id }) => id))
}

/** Each message keeps the laws, and is remembered unless nothing of it came. */
export function checkSpoken({ heard, agent }: Acting): void {
  const remembered = new Set(agent.memory?.get().map(({ id }) => id))
  for (const { type, id } of heard.events) {
    if (type !== 'message-start') continue
    const events = heard.events.filter((event) => event.id === id)
    checkEventLaws(events)
    const saidSomething = events.some((event) => event.type === 'block-start')
    if (saidSomething) expect(remembered.has(id), 'what was spoken is remembered').toBe(true)
  }
}
