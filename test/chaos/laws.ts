// The promises of the events once more, quickly: thousands of streams a second are looked at, and the suite words what is wrong.
import { isDeepStrictEqual } from 'node:util'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { checkEventLaws } from '../suites/event-laws.ts'

const deltaOf: Record<string, string> = {
  text: 'text-delta',
  thinking: 'thinking-delta',
  tool_use: 'tool-use-delta',
  tool_result: 'tool-result-delta',
}

/** Throws when a promise is broken: with the suite's own words, when it knows them. */
export function checkLaws(events: readonly StreamEvent[], message: Msg): void {
  const isSound = inOrder(events) && blocksAreSound(events) && foldsTo(events, message)
  if (isSound) return
  checkEventLaws(events, message)
  throw new Error('the quick laws see a fault that the suite does not')
}

function inOrder(events: readonly StreamEvent[]): boolean {
  const id = events[0]?.id
  const last = events.length - 1
  const isPlaced = ({ type, id: own }: StreamEvent, at: number) => {
    return own === id && (type === 'message-start') === (at === 0) && (type === 'message-end') === (at === last)
  }
  return last > 0 && events.every(isPlaced) && isDeepStrictEqual(JSON.parse(JSON.stringify(events)), events)
}

function blocksAreSound(events: readonly StreamEvent[]): boolean {
  const open = new Map<number, string>()
  let next = 0
  for (const event of events) {
    if (event.type === 'block-start') {
      if (event.index !== next) return false
      next += 1
      open.set(event.index, event.block.type)
    } else if (event.type === 'block-end') {
      if (event.incomplete !== undefined && open.get(event.index) !== 'tool_use') return false
      if (!open.delete(event.index)) return false
    } else if ('delta' in event && !isSoundDelta(event.delta, event.type, open.get(event.index))) return false
  }
  return open.size === 0
}

function isSoundDelta(delta: string, type: string, block: string | undefined): boolean {
  const last = delta.charCodeAt(delta.length - 1)
  return delta !== '' && deltaOf[block ?? ''] === type && !(last >= 0xd800 && last <= 0xdbff)
}

function foldsTo(events: readonly StreamEvent[], message: Msg): boolean {
  const folded = events.reduce<Msg | undefined>((sofar, event) => applyEvent(sofar, event), undefined)
  return isDeepStrictEqual(folded, message)
}
