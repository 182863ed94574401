// The promises that any list of events keeps, whatever the wire, the cuts and the faults: design, section 4.
import { expect } from 'vitest'
import { applyEvent, type BlockEnd, type BlockStart, type StreamEvent } from '../../src/core/event.ts'
import type { Block, Msg } from '../../src/core/message.ts'

const deltaOf: Partial<Record<Block['type'], StreamEvent['type']>> = {
  text: 'text-delta',
  thinking: 'thinking-delta',
  tool_use: 'tool-use-delta',
  tool_result: 'tool-result-delta',
}

/** Fails the test when a promise is broken. With `message`, the fold of the events must be exactly it. */
export function checkEventLaws(events: readonly StreamEvent[], message?: Msg): void {
  checkOrder(events)
  checkBlocks(events)
  const folded = events.reduce<Msg | undefined>((sofar, event) => applyEvent(sofar, event), undefined)
  if (message !== undefined) expect(folded, 'the fold of the events is the message').toEqual(message)
}

/** The start comes first, the end last, each exactly once; every event is plain JSON and belongs to the message. */
function checkOrder(events: readonly StreamEvent[]): void {
  const types = events.map(({ type }) => type)
  expect(types[0], 'the start comes first').toBe('message-start')
  expect(types.at(-1), 'the end comes last').toBe('message-end')
  expect(types.filter((type) => type === 'message-start')).toHaveLength(1)
  expect(types.filter((type) => type === 'message-end')).toHaveLength(1)
  expect(new Set(events.map(({ id }) => id)).size, 'one id for all').toBe(1)
  expect(JSON.parse(JSON.stringify(events)), 'events are plain JSON').toEqual(events)
}

/** Indexes rise by one and are never reused; deltas go only into an open block of their kind; every block is sealed. */
function checkBlocks(events: readonly StreamEvent[]): void {
  const open = new Map<number, BlockStart>()
  let next = 0
  for (const event of events) {
    if (event.type === 'block-start') {
      expect(event.index, 'indexes rise and are never reused').toBe(next)
      open.set(event.index, event)
      next += 1
    } else if (event.type === 'block-end') {
      checkSeal(event, open.get(event.index))
      open.delete(event.index)
    } else if ('delta' in event) {
      expect(deltaOf[open.get(event.index)?.block.type ?? 'raw'], 'an open block of its kind').toBe(event.type)
      checkDelta(event.delta)
    }
  }
  expect([...open.keys()], 'every block is sealed').toEqual([])
}

/** Only an open block is sealed; a verdict is given on tool results alone, whose output is text and media. */
function checkSeal(end: BlockEnd, start: BlockStart | undefined): void {
  expect(start, 'only an open block is sealed').toBeDefined()
  const isResult = start?.block.type === 'tool_result'
  if (!isResult) expect([end.isError, end.output], 'only a tool result has a verdict').toEqual([undefined, undefined])
  if (start?.block.type !== 'tool_use') expect(end.incomplete, 'only a tool call can be cut off').toBeUndefined()
  for (const { type } of end.output ?? []) expect(['text', 'image', 'audio', 'video', 'file']).toContain(type)
}

/** Not empty, and no half of a character at its end: whoever shows it alone shows whole characters. */
function checkDelta(delta: string): void {
  expect(delta, 'no empty delta').not.toBe('')
  const last = delta.charCodeAt(delta.length - 1)
  expect(last >= 0xd800 && last <= 0xdbff, 'no lone surrogate at the end of a delta').toBe(false)
}
