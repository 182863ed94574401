// The last events of a reply, numbered from 0, kept by count and by what they hold.
import type { StreamEvent } from '../core/event.ts'

/** More than so many events, or so many characters in them, are not kept; then the older half goes. */
const most = { events: 1024, characters: 128 * 1024 }
/** A number, a flag, a list or an object counts as so many characters. */
const charactersOfValue = 16

/** The last event is kept, however large it is: somebody waits for it. */
export class RecentEvents {
  #events: StreamEvent[] = []
  #sizes: number[] = []
  #characters = 0
  /** The number of the first event that is kept. */
  first = 0

  /** The number that the next event will have. */
  get end(): number {
    return this.first + this.#events.length
  }

  at(number: number): StreamEvent | undefined {
    return this.#events[number - this.first]
  }

  keep(event: StreamEvent, characters: number): void {
    this.#events.push(event)
    this.#sizes.push(characters)
    this.#characters += characters
    if (this.#events.length > most.events || this.#characters > most.characters) this.#halve()
  }

  #halve(): void {
    const last = this.#events.length - 1
    let gone = 0
    while (gone < last && (last + 1 - gone > most.events / 2 || this.#characters > most.characters / 2)) {
      this.#characters -= this.#sizes[gone] as number
      gone += 1
    }
    this.#events = this.#events.slice(gone)
    this.#sizes = this.#sizes.slice(gone)
    this.first += gone
  }
}

/** How much an event holds, in characters; it is not counted further than what may be kept. */
export function charactersIn(event: StreamEvent): number {
  if ('delta' in event) return event.delta.length
  let characters = 0
  const open: unknown[] = [event]
  while (open.length > 0 && characters <= most.characters) {
    const value = open.pop()
    characters += typeof value === 'string' ? value.length : charactersOfValue
    if (Array.isArray(value)) for (const item of value) open.push(item)
    else if (typeof value === 'object' && value !== null) characters += openFields(value, open)
  }
  return characters
}

/** Adds the values to those that are still to be counted; returns the length of the names. */
function openFields(fields: object, open: unknown[]): number {
  let characters = 0
  for (const [name, value] of Object.entries(fields)) {
    characters += name.length
    open.push(value)
  }
  return characters
}
