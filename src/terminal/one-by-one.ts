// Outputs of tools that run side by side, told one after the other: two of them never share a line.
import type { StreamEvent } from '../core/event.ts'

interface Open {
  index: number
  /** What waits until those before it are told. Deltas are joined, so it is never more than the result itself. */
  held: StreamEvent[]
}

/** Puts the events of one message into an order in which only one tool result is open at a time. */
export class OneByOne {
  #open: Open[] = []

  order(event: StreamEvent): readonly StreamEvent[] {
    if (event.type === 'message-start') this.#open = []
    if (event.type === 'message-end') return [...this.#rest(), event]
    if (event.type === 'block-start' && event.block.type === 'tool_result') {
      this.#open.push({ index: event.index, held: [] })
    }
    const at = this.#open.findIndex(({ index }) => 'index' in event && index === event.index)
    if (at > 0) {
      hold((this.#open[at] as Open).held, event)
      return []
    }
    return at === 0 && event.type === 'block-end' ? [event, ...this.#next()] : [event]
  }

  /** The first one is told: those behind it, up to the first that goes on. */
  #next(): StreamEvent[] {
    this.#open.shift()
    const events: StreamEvent[] = []
    while (this.#open[0] !== undefined) {
      events.push(...this.#open[0].held.splice(0))
      if (events.at(-1)?.type !== 'block-end') break
      this.#open.shift()
    }
    return events
  }

  #rest(): StreamEvent[] {
    return this.#open.splice(0).flatMap(({ held }) => held)
  }
}

function hold(held: StreamEvent[], event: StreamEvent): void {
  const last = held.at(-1)
  if (last?.type === 'tool-result-delta' && event.type === 'tool-result-delta') {
    held[held.length - 1] = { ...last, delta: last.delta + event.delta }
  } else held.push(event)
}
