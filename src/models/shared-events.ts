// One reply for many listeners: each goes at its own speed, none holds up another, and one that is stuck costs nothing.
import type { BlockDelta, BlockEnd, BlockStart, MessageEnd, MessageStart, StreamEvent } from '../core/event.ts'
import type { Block, Msg } from '../core/message.ts'

/** So many events are kept as they came; who is further behind gets what it missed as whole pieces. */
const recentEvents = 512
/** So many notices and raw values are kept for those who are further behind. */
const recentNews = 256

/** What is shared: the events of one reply, and the message that they build as they are read. */
export interface SharedSource {
  readonly events: AsyncGenerator<StreamEvent, undefined, undefined>
  message(): Msg
}

/** Where one listener stands. */
interface Place {
  /** The number of the event that comes next. */
  next: number
  /** What it has of each block: characters, or `sealed`. */
  readonly blocks: (number | 'sealed')[]
  hasStart: boolean
  /** What it missed, gathered. */
  missed: StreamEvent[]
  left: boolean
}

/**
 * The fastest listener reads the reply. The others find the last events in a ring that all share; one that has fallen out
 * of it gets, when it asks again, what it missed as one delta a block, cut from the message: nothing is kept for it.
 * When the last one leaves, the reply is stopped.
 */
export class SharedEvents {
  readonly #source: SharedSource
  readonly #places: readonly Place[]
  #recent: StreamEvent[] = []
  /** The number of the first event in `recent`. */
  #base = 0
  #start: MessageStart | undefined
  readonly #starts: BlockStart[] = []
  readonly #ends: (BlockEnd | undefined)[] = []
  #end: MessageEnd | undefined
  #news: { number: number; event: StreamEvent }[] = []
  #reading: Promise<void> | undefined

  /** For so many listeners; nothing may have been read. */
  constructor(source: SharedSource, count: number) {
    this.#source = source
    this.#places = Array.from({ length: count }, () => ({
      next: 0,
      blocks: [],
      hasStart: false,
      missed: [],
      left: false,
    }))
  }

  /** What comes next for one of them. */
  async next(listener: number): Promise<IteratorResult<StreamEvent, undefined>> {
    const place = this.#places[listener] as Place
    while (true) {
      const event = place.missed.shift() ?? this.#nextFor(place)
      if (event !== undefined) return { value: event, done: false }
      if (place.missed.length > 0) continue
      if (this.#end !== undefined) return { value: undefined, done: true }
      this.#reading ??= this.#read()
      await this.#reading
    }
  }

  /** From the ring; `undefined` when there is nothing new, or what was missed has been gathered. */
  #nextFor(place: Place): StreamEvent | undefined {
    if (place.next < this.#base) {
      place.missed = this.#missedBy(place)
      place.next = this.#base + this.#recent.length
      return undefined
    }
    const event = this.#recent[place.next - this.#base]
    if (event === undefined) return undefined
    place.next += 1
    this.#note(place, event)
    return event
  }

  async #read(): Promise<void> {
    const { value, done } = await this.#source.events.next()
    this.#reading = undefined
    if (!done) this.#keep(value)
  }

  #keep(event: StreamEvent): void {
    if (event.type === 'message-start') this.#start = event
    else if (event.type === 'block-start') this.#starts[event.index] = event
    else if (event.type === 'block-end') this.#ends[event.index] = event
    else if (event.type === 'message-end') this.#end = event
    else if (!('delta' in event)) this.#news.push({ number: this.#base + this.#recent.length, event })
    if (this.#news.length > recentNews) this.#news.shift()
    this.#recent.push(event)
    if (this.#recent.length < recentEvents * 2) return
    this.#recent = this.#recent.slice(recentEvents)
    this.#base += recentEvents
  }

  #note(place: Place, event: StreamEvent): void {
    if (event.type === 'message-start') place.hasStart = true
    else if (event.type === 'block-start') place.blocks[event.index] = 0
    else if (event.type === 'block-end') place.blocks[event.index] = 'sealed'
    else if ('delta' in event) place.blocks[event.index] = (place.blocks[event.index] as number) + event.delta.length
  }

  #missedBy(place: Place): StreamEvent[] {
    const missed: StreamEvent[] = []
    if (!place.hasStart && this.#start !== undefined) missed.push(this.#start)
    for (const { number, event } of this.#news) if (number >= place.next) missed.push(event)
    for (const index of this.#starts.keys()) this.#missedOf(index, place, missed)
    if (this.#end !== undefined) missed.push(this.#end)
    for (const event of missed) this.#note(place, event)
    return missed
  }

  #missedOf(index: number, { blocks }: Place, missed: StreamEvent[]): void {
    const has = blocks[index]
    if (has === 'sealed') return
    const start = this.#starts[index] as BlockStart
    if (has === undefined) missed.push(start)
    const delta = this.#deltaOf(start, has ?? 0)
    if (delta !== undefined) missed.push(delta)
    const end = this.#ends[index]
    if (end !== undefined) missed.push(end)
  }

  /** What the message has of a block beyond those characters; a block that came whole does not grow. */
  #deltaOf({ id, index, block }: BlockStart, from: number): BlockDelta | undefined {
    const now = (this.#source.message().content as Block[])[index] as Block
    const begun = grownIn(block)?.text.length ?? 0
    const grown = grownIn(now)
    const delta = grown?.text.slice(begun + from) ?? ''
    return grown === undefined || delta === '' ? undefined : { type: grown.type, id, index, delta }
  }

  leave(listener: number): void {
    const place = this.#places[listener] as Place
    place.left = true
    place.missed = []
    if (this.#places.every(({ left }) => left)) void this.#source.events.return(undefined)
  }
}

/** The one growing field of a block, and what its growth is called. */
function grownIn(block: Block): { type: BlockDelta['type']; text: string } | undefined {
  switch (block.type) {
    case 'text':
      return { type: 'text-delta', text: block.text }
    case 'thinking':
      return { type: 'thinking-delta', text: block.thinking }
    case 'tool_use':
      return { type: 'tool-use-delta', text: block.rawInput }
    default:
      return undefined
  }
}
