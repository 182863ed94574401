// Evens out bursts: text is shown as fast as it comes on the whole, grapheme by grapheme, never far behind.
import type { BlockDelta, StreamEvent } from '../core/event.ts'
import type { TerminalClock } from './clock.ts'
import { graphemesOf } from './width.ts'

export interface PacingOptions {
  /** How far what is shown may be behind what has come, in milliseconds. Default 300. */
  maxLagMs?: number
  /** After the last word everything is shown within so many milliseconds. Default 250. */
  flushMs?: number
}

export interface PacerOptions extends PacingOptions {
  clock: TerminalClock
  /** Called for each event when its time has come. */
  show(event: StreamEvent): void
}

type TextDelta = BlockDelta & { type: 'text-delta' | 'thinking-delta' }

/** One grapheme, or an event that only has to keep its place in the order. */
interface Item {
  event: StreamEvent
  /** Of a grapheme: when it must be shown at the latest. */
  dueAt?: number
}

const tickMs = 16
/** How long the measured rate remembers. */
const memoryMs = 1000
/** What may become another picture with the next piece: emoji, halves of flags, joiners, half a character. */
const unfinished =
  /(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\p{M}|\u200d|[\ud800-\udbff])$/u

/**
 * Stands between one message and its rendering, and keeps nobody waiting: what it holds back is shown by a timer. The
 * first grapheme is shown at once, and so is everything that is no text; `flush` gives up the rest.
 */
export class Pacer {
  readonly #options: Required<PacerOptions>
  #items: Item[] = []
  #cancel: (() => void) | undefined
  #begun = false
  #tickedAt = 0
  /** Graphemes that may be shown by now, with the part that is not a whole one yet. */
  #credit = 0
  /** Graphemes that came, and milliseconds in which they came; both fade. */
  #arrived = 0
  #elapsed = 0
  #heardAt: number | undefined

  constructor(options: PacerOptions) {
    this.#options = { maxLagMs: 300, flushMs: 250, ...options }
  }

  hear(event: StreamEvent): void {
    if (isText(event)) this.#queue(event)
    else if (keepsOrder(event)) this.#items.push({ event })
    else {
      for (const each of [...this.flush(), event]) this.#options.show(each)
      return
    }
    if (event.type === 'message-end') this.#hasten()
    this.#advance(0)
  }

  /** Everything that has not been shown yet; it counts as shown. */
  flush(): StreamEvent[] {
    this.#cancel?.()
    this.#cancel = undefined
    return joined(this.#items.splice(0))
  }

  #queue(event: TextDelta): void {
    const now = this.#options.clock.now()
    const last = this.#items.at(-1)
    const grows = last !== undefined && last.dueAt !== undefined && isSame(last.event, event)
    const open = grows ? (this.#items.pop() as Item) : undefined
    // What was the last grapheme may go on in this piece.
    const text = (open ? (open.event as TextDelta).delta : '') + event.delta
    const graphemes = graphemesOf(text)
    const dueAt = now + this.#options.maxLagMs
    for (const [index, delta] of graphemes.entries()) {
      this.#items.push({ event: { ...event, delta }, dueAt: (index === 0 && open?.dueAt) || dueAt })
    }
    this.#measure(graphemes.length, now)
  }

  #measure(count: number, now: number): void {
    const passed = this.#heardAt === undefined ? 0 : now - this.#heardAt
    const fading = Math.exp(-passed / memoryMs)
    this.#heardAt = now
    this.#arrived = this.#arrived * fading + count
    this.#elapsed = this.#elapsed * fading + passed
  }

  #hasten(): void {
    const end = this.#options.clock.now() + this.#options.flushMs
    for (const item of this.#items) if (item.dueAt !== undefined) item.dueAt = Math.min(item.dueAt, end)
  }

  #advance(passedMs: number): void {
    const now = this.#options.clock.now()
    this.#credit += this.#rate(now) * passedMs
    if (!this.#begun && this.#items.some(({ dueAt }) => dueAt !== undefined)) this.#credit = 1
    let count = 0
    for (const [index, { dueAt, event }] of this.#items.entries()) {
      if (dueAt !== undefined) {
        const mustShow = dueAt <= now + tickMs
        const isOpen = index === this.#items.length - 1 && this.#begun && unfinished.test((event as TextDelta).delta)
        if (!mustShow && (this.#credit < 1 || isOpen)) break
        this.#credit = Math.max(0, this.#credit - 1)
        this.#begun = true
      }
      count = index + 1
    }
    for (const event of joined(this.#items.splice(0, count))) this.#options.show(event)
    if (this.#items.length > 0) this.#arm(now)
    else this.#credit = 0
  }

  #arm(now: number): void {
    if (this.#cancel !== undefined) return
    this.#tickedAt = now
    this.#cancel = this.#options.clock.after(tickMs, () => {
      this.#cancel = undefined
      this.#advance(this.#options.clock.now() - this.#tickedAt)
    })
  }

  /** Graphemes per millisecond: as they come, or faster where something would be late otherwise. */
  #rate(now: number): number {
    let rate = this.#elapsed > 0 ? this.#arrived / this.#elapsed : 0
    let count = 0
    for (const { dueAt } of this.#items) {
      if (dueAt === undefined) continue
      count += 1
      rate = Math.max(rate, count / Math.max(dueAt - now - tickMs, 1))
    }
    return rate
  }
}

function isText(event: StreamEvent): event is TextDelta {
  return event.type === 'text-delta' || event.type === 'thinking-delta'
}

/** Events that show nothing by themselves, and the last word, which comes after everything before it. */
function keepsOrder(event: StreamEvent): boolean {
  if (event.type === 'message-end') return event.ending.complete
  if (event.type === 'block-end') return true
  if (event.type !== 'block-start') return false
  const { block } = event
  return (block.type === 'text' && block.text === '') || (block.type === 'thinking' && block.thinking === '')
}

function isSame(held: StreamEvent, event: TextDelta): boolean {
  return isText(held) && held.type === event.type && held.index === event.index
}

/** Neighbours of the same block as one event. */
function joined(items: readonly Item[]): StreamEvent[] {
  const events: StreamEvent[] = []
  for (const { event } of items) {
    const last = events.at(-1)
    if (last !== undefined && isText(event) && isText(last) && isSame(last, event)) {
      events[events.length - 1] = { ...last, delta: last.delta + event.delta }
    } else events.push(event)
  }
  return events
}
