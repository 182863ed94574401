// One reply as a stream of events for whoever calls: read at the reader's pace, stopped when the reader leaves.
import { AbortedError, StreamConsumedError } from '../core/error.ts'
import type { StreamEvent } from '../core/event.ts'
import type { Msg } from '../core/message.ts'
import type { Speaker } from '../scope.ts'
import type { Ear } from './replying.ts'

/**
 * The events of a reply, in order, as the agent's listeners hear them; its return value is the message that `call` would
 * have resolved to. Nothing happens before the first `next()`. Whoever leaves it stops the reply. When the reply fails,
 * the error is thrown after its last event.
 */
export interface AgentStream extends AsyncGenerator<StreamEvent, Msg, undefined> {
  readonly speaker: Speaker
  /** Stops the reply, and resolves when it has come to rest; at once inside the reply itself. */
  return(value?: Msg | PromiseLike<Msg>): Promise<IteratorResult<StreamEvent, Msg>>
}

/** So many events may wait for the reader before the speaker is held back. */
const mostWaiting = 64

type Begin = (ear: Ear, signal: AbortSignal) => Promise<Msg>
type Next = IteratorResult<StreamEvent, Msg>

/** What the reply came to. */
type Outcome = { message: Msg } | { error: unknown }

export class ReplyStream implements AgentStream {
  readonly speaker: Speaker
  readonly #begin: Begin
  readonly #isInside: () => boolean
  readonly #stop = new AbortController()
  readonly #events: StreamEvent[] = []
  #running: Promise<void> | undefined
  #outcome: Outcome | undefined
  #left = false
  /** Wakes the reader that waits for an event, and the speaker that waits for room. */
  #reader: (() => void) | undefined
  #room: PromiseWithResolvers<void> | undefined
  /** Calls of `next` are answered one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  /** `isInside` says whether whoever asks is part of the reply, which cannot wait for itself. */
  constructor(speaker: Speaker, isInside: () => boolean, begin: Begin) {
    this.speaker = speaker
    this.#isInside = isInside
    this.#begin = begin
  }

  next(): Promise<Next> {
    const next = this.#last.then(() => this.#next())
    this.#last = next.catch(() => undefined)
    return next
  }

  /** Stops the reply and resolves when it has come to rest. */
  async return(value?: Msg | PromiseLike<Msg>): Promise<Next> {
    this.#left = true
    this.#events.length = 0
    this.#stop.abort(new AbortedError('Stopped: the listener left.'))
    this.#room?.resolve()
    this.#reader?.()
    if (!this.#isInside()) await this.#running
    return { done: true, value: (await value) as Msg }
  }

  async throw(error: unknown): Promise<Next> {
    await this.return()
    throw error
  }

  /** @throws StreamConsumedError for a loop over what has ended or been left. */
  [Symbol.asyncIterator](): this {
    if (this.#left)
      throw new StreamConsumedError('agent.stream()', 'The answer stands in agent.memory; agent.stream(x) asks anew.')
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  readonly #hear: Ear = (event) => {
    if (this.#left) return
    this.#events.push(event)
    this.#reader?.()
    if (this.#events.length < mostWaiting) return
    this.#room ??= Promise.withResolvers()
    return this.#room.promise
  }

  async #next(): Promise<Next> {
    if (this.#left) return { done: true, value: undefined as never }
    this.#running ??= this.#run()
    while (this.#events.length === 0 && this.#outcome === undefined && !this.#left) await this.#something()
    const event = this.#events.shift()
    if (event !== undefined) {
      if (this.#events.length === 0) this.#makeRoom()
      return { done: false, value: event }
    }
    return this.#end()
  }

  #end(): Next {
    const outcome = this.#outcome
    this.#left = true
    if (outcome !== undefined && 'error' in outcome) throw outcome.error
    return { done: true, value: outcome?.message as Msg }
  }

  async #run(): Promise<void> {
    try {
      this.#outcome = { message: await this.#begin(this.#hear, this.#stop.signal) }
    } catch (error) {
      this.#outcome = { error }
    }
    this.#reader?.()
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      this.#reader = () => {
        this.#reader = undefined
        resolve()
      }
    })
  }

  #makeRoom(): void {
    this.#room?.resolve()
    this.#room = undefined
  }
}
