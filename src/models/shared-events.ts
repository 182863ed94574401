// One reply for many listeners: each goes at its own speed, none holds up another, and one that is stuck costs nothing.
import type { StreamEvent } from '../core/event.ts'
import type { Msg } from '../core/message.ts'
import { type Heard, MissedEvents, noteHeard } from './missed-events.ts'
import { charactersIn, RecentEvents } from './recent-events.ts'

/** What is shared: the events of one reply, and the message that they build as they are read. */
export interface SharedSource {
  next(): Promise<IteratorResult<StreamEvent, undefined>>
  /** Stops the reply. */
  leave(): void
  message(): Msg
}

/** Where one listener stands. */
interface Place extends Heard {
  /** The number of the event that comes next. */
  next: number
  left: boolean
}

/**
 * The fastest listener reads the reply. The others find the last events where all find them; one that is further behind
 * gets, when it asks again, what it missed as one delta a block, cut from the message: nothing is kept for it.
 * When the last one leaves, the reply is stopped.
 */
export class SharedEvents {
  readonly #source: SharedSource
  readonly #places: readonly Place[]
  readonly #recent = new RecentEvents()
  readonly #missed: MissedEvents
  #reading: Promise<void> | undefined
  /** Whether nothing more is to be read. */
  #over = false

  /** For so many listeners; nothing may have been read. */
  constructor(source: SharedSource, count: number) {
    this.#source = source
    this.#missed = new MissedEvents(() => source.message())
    this.#places = Array.from({ length: count }, () => {
      return { next: 0, left: false, hasStart: false, hasEnd: false, news: 0, blocks: [], sealed: 0 }
    })
  }

  /** What comes next for one of them. */
  async next(listener: number): Promise<IteratorResult<StreamEvent, undefined>> {
    const place = this.#places[listener] as Place
    while (!place.left) {
      const event = this.#nextFor(place)
      if (event !== undefined) return { value: event, done: false }
      if (this.#over) break
      await this.#read()
    }
    return { value: undefined, done: true }
  }

  /** Reads what is left, for all of them. */
  async readAll(): Promise<void> {
    while (!this.#over) await this.#read()
  }

  leave(listener: number): void {
    const place = this.#places[listener] as Place
    place.left = true
    if (this.#places.every(({ left }) => left)) this.#source.leave()
  }

  /** `undefined` when there is nothing new. */
  #nextFor(place: Place): StreamEvent | undefined {
    if (place.next < this.#recent.first) {
      const missed = this.#missed.next(place)
      if (this.#missed.isHeard(place)) place.next = this.#recent.end
      return missed
    }
    const event = this.#recent.at(place.next)
    if (event === undefined) return undefined
    place.next += 1
    noteHeard(place, event)
    return event
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readOnce()
    return this.#reading
  }

  async #readOnce(): Promise<void> {
    try {
      const { value, done } = await this.#source.next()
      if (done) this.#over = true
      else this.#keep(value)
    } finally {
      this.#reading = undefined
    }
  }

  #keep(event: StreamEvent): void {
    const characters = charactersIn(event)
    this.#missed.keep(event, characters)
    this.#recent.keep(event, characters)
    if (event.type === 'message-end') this.#over = true
  }
}
