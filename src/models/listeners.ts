// The listeners that share one reply. What serves them is loaded when the first of them asks for something.
import type { StreamEvent } from '../core/event.ts'
import { OneTime } from './one-time.ts'
import type { SharedEvents, SharedSource } from './shared-events.ts'

/** So many listeners of one reply, and whoever wants all of it read. */
export class Listeners {
  readonly #source: SharedSource
  readonly #count: number
  #shared: SharedEvents | undefined
  #loading: Promise<SharedEvents> | undefined

  constructor(source: SharedSource, count: number) {
    this.#source = source
    this.#count = count
  }

  /** The events, from the first on, for each of them. `claim` throws when they may not read. */
  generators(claim: () => void): OneTime<StreamEvent>[] {
    return Array.from({ length: this.#count }, (_, at) => {
      return new OneTime<StreamEvent>({
        what: 'a listener of response.tee()',
        of: { listener: at },
        claim,
        next: () => this.#shared?.next(at) ?? this.#load().then((shared) => shared.next(at)),
        leave: () => void this.#load().then((shared) => shared.leave(at)),
      })
    })
  }

  /** Reads what is left of the reply; the listeners find it. */
  async readAll(): Promise<void> {
    await (await this.#load()).readAll()
  }

  #load(): Promise<SharedEvents> {
    this.#loading ??= import('./shared-events.ts').then(({ SharedEvents }) => {
      this.#shared = new SharedEvents(this.#source, this.#count)
      return this.#shared
    })
    return this.#loading
  }
}
