// A stream that its reader can leave at once, also while it waits for the next value.

/**
 * A generator's own `return()` waits until the value comes that it waits for. Here `leave` is called first, at once and
 * once: it must stop what the generator waits for, and may return a promise of the rest. It is called too when the
 * generator has ended already.
 */
export function leavable<Value, Result>(
  values: AsyncGenerator<Value, Result, undefined>,
  leave: () => void | Promise<void>,
): AsyncGenerator<Value, Result, undefined> {
  return new Leavable(values, leave)
}

class Leavable<Value, Result> implements AsyncGenerator<Value, Result, undefined> {
  readonly #values: AsyncGenerator<Value, Result, undefined>
  #leave: (() => void | Promise<void>) | undefined

  constructor(values: AsyncGenerator<Value, Result, undefined>, leave: () => void | Promise<void>) {
    this.#values = values
    this.#leave = leave
  }

  next(): Promise<IteratorResult<Value, Result>> {
    return this.#values.next()
  }

  async return(value?: Result | PromiseLike<Result>): Promise<IteratorResult<Value, Result>> {
    const leave = this.#leave
    this.#leave = undefined
    await leave?.()
    return this.#values.return(value as Result)
  }

  async throw(error: unknown): Promise<IteratorResult<Value, Result>> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}
