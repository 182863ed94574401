// Many streams of events as one: in the order of arrival, with the speaker on each event.

import { AgentScopeError, InputError } from '../core/error.ts'
import { tellableInfo } from '../core/error-info.ts'
import type { StreamEvent } from '../core/event.ts'
import { kindOf } from '../core/kind.ts'
import { leavable } from '../core/leavable.ts'
import { LoopTurns } from '../core/loop-turn.ts'
import type { Speaker } from '../scope.ts'

/** An event, and who speaks. Plain JSON as every event. */
export type SpokenEvent = StreamEvent & { readonly speaker: Speaker }

/** What can be merged: `agent.stream(x)`, any stream of events that has a speaker, or what was merged already. */
export type Voice<Result = unknown> =
  | (AsyncIterable<StreamEvent, Result> & { readonly speaker: Speaker })
  | AsyncIterable<SpokenEvent, Result>

/**
 * Reads all the streams at once. Events come in the order of arrival; those of one stream keep theirs, none is lost, and
 * no stream waits for more than one event of each other. A stream is asked for its next event when the reader comes
 * back from the last one, so a slow reader holds all of them back. Whoever leaves it stops all of them.
 *
 * When a stream fails, the others go on; an `error` event with its speaker tells of it at once, and the error is thrown
 * at the very end. Its return value is what the streams returned, in their order: the messages, for agents.
 *
 * @throws InputError at once for what is no list of streams; the error of the stream that failed; when several did, an error of the first one's type that has an
 * `AggregateError` of them all as its `cause`.
 */
export function merge<Result = unknown>(
  streams: Iterable<Voice<Result>>,
): AsyncGenerator<SpokenEvent, Result[], undefined> {
  const merging = new Merging(checked(streams))
  return leavable(merging.events(), () => merging.leave())
}

/** Anything that is no list would be merged as an empty one. */
function checked<Result>(streams: Iterable<Voice<Result>>): Voice<Result>[] {
  const advice = 'Write merge([ann.stream(x), bob.stream(x)]).'
  if (typeof (streams as Partial<typeof streams> | undefined)?.[Symbol.iterator] !== 'function') {
    throw new InputError(`merge() takes a list of streams, but got ${kindOf(streams)}.`, { advice })
  }
  const list = [...streams]
  const wrong = list.findIndex((each) => typeof (each as Partial<typeof each>)?.[Symbol.asyncIterator] !== 'function')
  if (wrong < 0) return list
  throw new InputError(`Stream ${wrong + 1} of merge() is ${kindOf(list[wrong])}.`, { advice })
}

interface Source<Result> {
  readonly index: number
  readonly iterator: AsyncIterator<StreamEvent, Result>
  /** Absent when its events say themselves who speaks. */
  readonly speaker: Speaker | undefined
}

type Arrival<Result> = { source: Source<Result> } & ({ next: IteratorResult<StreamEvent, Result> } | { error: unknown })

class Merging<Result> {
  readonly #sources: Source<Result>[]
  readonly #arrivals: Arrival<Result>[] = []
  readonly #failures: unknown[] = []
  #wake: (() => void) | undefined
  #left = false
  readonly #turns = new LoopTurns()

  constructor(streams: Iterable<Voice<Result>>) {
    this.#sources = Array.from(streams, (stream, index) => ({
      index,
      iterator: stream[Symbol.asyncIterator]() as AsyncIterator<StreamEvent, Result>,
      speaker: 'speaker' in stream ? stream.speaker : undefined,
    }))
  }

  async *events(): AsyncGenerator<SpokenEvent, Result[], undefined> {
    const results: Result[] = Array(this.#sources.length)
    for (const source of this.#sources) this.#ask(source)
    for (let open = this.#sources.length; open > 0; ) {
      const arrival = this.#arrivals.shift()
      if (this.#left) break
      if (arrival === undefined) await this.#something()
      else if ('error' in arrival) {
        open -= 1
        yield* this.#failed(arrival.source, arrival.error)
      } else if (arrival.next.done) {
        open -= 1
        results[arrival.source.index] = arrival.next.value
      } else {
        yield spokenBy(arrival.source.speaker, arrival.next.value)
        if (this.#turns.isDue) await this.#turns.give()
        this.#ask(arrival.source)
      }
    }
    if (this.#failures.length > 0 && !this.#left) throw together(this.#failures, this.#sources.length)
    return results
  }

  /** Stops all of them, and resolves when they have come to rest. */
  async leave(): Promise<void> {
    this.#left = true
    this.#wake?.()
    await Promise.allSettled(this.#sources.map(async ({ iterator }) => iterator.return?.()))
  }

  async #ask(source: Source<Result>): Promise<void> {
    if (this.#left) return
    try {
      this.#arrivals.push({ source, next: await source.iterator.next() })
    } catch (error) {
      this.#arrivals.push({ source, error })
    }
    this.#wake?.()
  }

  *#failed({ speaker }: Source<Result>, error: unknown): Generator<SpokenEvent> {
    this.#failures.push(error)
    if (speaker !== undefined) yield { type: 'error', error: tellableInfo(error), speaker }
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

function spokenBy(speaker: Speaker | undefined, event: StreamEvent): SpokenEvent {
  return speaker === undefined ? (event as SpokenEvent) : { ...event, speaker }
}

function together(errors: readonly unknown[], streams: number): unknown {
  if (errors.length === 1) return errors[0]
  const infos = errors.map(tellableInfo)
  const words = infos.map(({ message }) => message).join(' · ')
  return new AgentScopeError(infos[0]?.type ?? 'provider', `${errors.length} of ${streams} streams failed: ${words}`, {
    cause: new AggregateError(errors),
    retryable: infos.every(({ retryable }) => retryable),
    advice: 'Each error is in cause.errors, in the order in which they happened.',
  })
}
