// An async generator that can be iterated once, and says so when somebody tries again.
import { StreamConsumedError } from '../core/error.ts'
import { origin } from '../core/origin.ts'

/** What feeds it: `next` gives the next value or the end; `leave` is called when the listener goes before the end. */
export interface OneTimeSource<Value> {
  /** Shown in the error of a second reader, for example `response.stream`. */
  readonly what: string
  /** What the generator is a view of: whoever is handed the view may ask for more than it shows. */
  readonly of: object
  /** Called once, before the first value. Throws when something else has read the reply already. */
  claim(): void
  next(): Promise<IteratorResult<Value, undefined>>
  leave(): void
}

/**
 * Hand-written instead of an `async function*`: one microtask a value, leaving works while a value is awaited, and a
 * second iteration is an error instead of silence.
 */
export class OneTime<Value> implements AsyncGenerator<Value, undefined, undefined> {
  readonly [Symbol.toStringTag] = 'AsyncGenerator'
  readonly #source: OneTimeSource<Value>
  #iterated = false
  #claimed = false
  #done = false

  constructor(source: OneTimeSource<Value>) {
    this.#source = source
  }

  /** What this is a view of, as long as nobody has begun to read it. */
  get [origin](): object | undefined {
    return this.#iterated || this.#claimed ? undefined : this.#source.of
  }

  /** @throws StreamConsumedError on a second iteration. */
  [Symbol.asyncIterator](): this {
    if (this.#iterated) throw new StreamConsumedError(this.#source.what)
    this.#iterated = true
    return this
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#done) return Promise.resolve({ value: undefined, done: true })
    if (!this.#claimed) {
      try {
        this.#source.claim()
      } catch (error) {
        return Promise.reject(error)
      }
      this.#claimed = true
    }
    return this.#source.next()
  }

  /** Leaves: whatever is still on its way is stopped. */
  return(): Promise<IteratorResult<Value, undefined>> {
    if (!this.#done) {
      this.#done = true
      if (this.#claimed || this.#claims()) this.#source.leave()
    }
    return Promise.resolve({ value: undefined, done: true })
  }

  /** Leaving before the first value stops the reply too, unless somebody else reads it. */
  #claims(): boolean {
    try {
      this.#source.claim()
      return true
    } catch {
      return false
    }
  }

  throw(error: unknown): Promise<IteratorResult<Value, undefined>> {
    void this.return()
    return Promise.reject(error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}
