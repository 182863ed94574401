// A conversation with a simulator, recorded, and what is asked in it.
import { createHash } from 'node:crypto'
import { vi } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { type Cassette, createSimulator, record, type Script, type Simulator } from '../../src/simulator/index.ts'
import type { RecordOptions } from '../../src/simulator/recorder.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

export type Fetch = (input: Request | string | URL, init?: RequestInit) => Promise<Response>

export const key = 'canary-key-4711-abcdef'

export const script: Script = {
  thinking: ['Let me ', 'think about \u4f60\u{1f30d}.'],
  text: ['It is ', 'sunny in ', 'Lisbon, \u00e9t\u00e9.'],
  toolCalls: [{ id: 'call_1', name: 'weather', pieces: ['{"city":', '"Lisbon"}'] }],
}

export function weatherman(scripted: Script | Script[] = script): Simulator {
  return createSimulator({ models: { '*': scripted }, now: () => new Date(0) })
}

/** The events of one call, without what is random in them: the id of the message. */
export async function eventsOf(
  wire: Wire,
  fetch: Fetch,
  options: Record<string, unknown> = {},
): Promise<StreamEvent[]> {
  const baseUrl = createSimulator({ models: { m: {} } }).baseUrl(wire)
  const model = wrapperFor(wire, { baseUrl, fetch, apiKey: key, ...options })
  const tools = [
    {
      name: 'weather',
      description: 'Weather.',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
    },
  ]
  const response = await model.call([{ role: 'user', content: 'How is the weather?' }], { tools } as never)
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  return events.map((event) => ({ ...event, id: 'id' }))
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** What one recorded call gave, and the cassette. */
export async function taped(wire: Wire, options: Record<string, unknown> = {}, recording: RecordOptions = {}) {
  const simulated = weatherman()
  const tape = record(simulated.fetch, recording)
  const events = await eventsOf(wire, tape, options)
  // The wire's last word comes before the end of the body, which is read in peace.
  await vi.waitUntil(() => tape.cassette.exchanges[0]?.end !== undefined)
  tape.close()
  return { events, cassette: tape.cassette satisfies Cassette }
}

/** A request as the simulator's OpenAI takes it; anywhere else it is only a request. */
export function asked(baseUrl = 'http://model.test/v1', body?: unknown): Request {
  const path = body === undefined && baseUrl === 'http://model.test/v1' ? '/x' : '/chat/completions'
  const usual = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }] }
  return new Request(baseUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(path !== '/x' && { body: JSON.stringify(body ?? usual) }),
  })
}

/** A clock that goes on only when somebody waits. */
export function virtualClock() {
  let time = 0
  return {
    now: () => time,
    wait: async (ms: number) => {
      time += ms
    },
  }
}
