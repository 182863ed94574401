// Runs calls as an agent does, hears their events, and holds them to the laws of events.
import { expect } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import type { ToolResultBlock, ToolUseBlock } from '../../src/core/message.ts'
import type { ToolCall } from '../../src/core/tool.ts'
import { type RunCallsOptions, runCalls, type Tool } from '../../src/tools/index.ts'
import { checkEventLaws } from '../suites/event-laws.ts'

/** A call as a decoder leaves it, its arguments proved whole. */
export function callOf(name: string, input: unknown = {}, id = `call-${name}`): ToolUseBlock & ToolCall {
  return { type: 'tool_use', id, name, input, rawInput: JSON.stringify(input) }
}

export interface Ran {
  results: ToolResultBlock[]
  events: StreamEvent[]
}

export interface RunningOptions extends Partial<Omit<RunCallsOptions, 'emit'>> {
  /** Hears each event; a promise is back-pressure. */
  hear?: (event: StreamEvent) => void | Promise<void>
}

/** Runs them, and fails the test when the events break a law or do not fold to what was returned. */
export async function run(
  calls: readonly ToolUseBlock[],
  tools: readonly Tool[],
  { hear, ...options }: RunningOptions = {},
): Promise<Ran> {
  const events: StreamEvent[] = []
  const byName = new Map(tools.map((each) => [each.name, each]))
  const results = await runCalls(calls, {
    tool: (name) => byName.get(name),
    known: [...byName.keys()],
    signal: new AbortController().signal,
    emit: (event) => {
      events.push(event)
      return hear?.(event)
    },
    message: { id: 'results', name: 'Friday', replyId: 'reply' },
    ...options,
  })
  checkEventLaws(events, {
    id: 'results',
    name: 'Friday',
    role: 'system',
    content: results,
    ending: endingIn(events),
  } as Parameters<typeof checkEventLaws>[1])
  expect(results.map(({ id }) => id)).toEqual(calls.map(({ id }) => id))
  return { results, events }
}

/** Runs one call and gives its result. */
export async function runOne(call: ToolUseBlock, tools: readonly Tool[], options: RunningOptions = {}) {
  const { results, events } = await run([call], tools, options)
  return { result: results[0] as ToolResultBlock, events }
}

function endingIn(events: readonly StreamEvent[]): unknown {
  const last = events.at(-1)
  return last?.type === 'message-end' ? last.ending : undefined
}
