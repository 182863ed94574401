// Events to one's own front end: a stream of server-sent events that stops its source when the client leaves.
// https://html.spec.whatwg.org/multipage/server-sent-events.html

import { AgentScopeError, InputError } from '../core/error.ts'
import { tellableInfo } from '../core/error-info.ts'
import type { StreamEvent } from '../core/event.ts'
import { kindOf } from '../core/kind.ts'
import { Heartbeat } from './heartbeat.ts'

export interface EventSseOptions {
  /**
   * A comment is sent after so many silent milliseconds, so that no proxy takes the connection for dead. Default
   * 15,000; Infinity sends none.
   */
  heartbeatMs?: number
  /**
   * Hears the error of the source, which the client is told in safe words. Default: an error that is not one of ours is
   * a warning of the process, where there is one.
   */
  onError?: (error: unknown) => void
}

/**
 * The frames of `text/event-stream`: first a comment, so that the headers leave at once; then `id: 1`, `data: {the event's
 * own JSON}`, one a frame, counted from 1; at last a frame named `end`, whose data is `{}`, or an `error` event when the
 * source failed. Whoever does not see `end` was cut off.
 *
 * Nothing is read ahead: the source is asked for an event when the client wants one. When the stream is cancelled, because
 * the client has left, the source's `return()` is called at once, which stops an agent's reply. A generator of your own
 * hears of that only when it comes to its next `yield`: hand a signal to what it waits for.
 *
 * @throws InputError for what is no stream of events, or a heartbeat that is no time.
 */
export function eventSse(
  events: AsyncIterable<StreamEvent>,
  options: EventSseOptions = {},
): ReadableStream<Uint8Array> {
  if (typeof (events as Partial<typeof events> | undefined)?.[Symbol.asyncIterator] !== 'function') {
    throw new InputError(`A stream of events is wanted, but got ${kindOf(events)}.`, {
      advice: 'Give what agent.stream(x) gives: sseResponse(agent.stream(x)).',
    })
  }
  const { heartbeatMs } = options
  if (heartbeatMs !== undefined && !(heartbeatMs > 0)) {
    throw new InputError(`heartbeatMs must be more than 0 milliseconds, got ${kindOf(heartbeatMs)}.`)
  }
  const writing = new Writing(events[Symbol.asyncIterator](), options)
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(comment('open')),
      pull: (controller) => writing.pull(controller),
      cancel: () => writing.leave(),
    },
    { highWaterMark: 0 },
  )
}

/**
 * `eventSse` as an HTTP response with the headers it needs; `headers` of yours win. Whoever serves it must cancel its
 * body when the client leaves, as Node's `pipeline`, Hono, Bun, Deno and the Workers do.
 */
export function sseResponse(
  events: AsyncIterable<StreamEvent>,
  options: EventSseOptions & ResponseInit = {},
): Response {
  const headers = new Headers(options.headers)
  for (const [name, value] of Object.entries(sseHeaders)) if (!headers.has(name)) headers.set(name, value)
  const { status = 200, statusText = '' } = options
  return new Response(eventSse(events, options), { status, statusText, headers })
}

/** The last one asks nginx not to gather the stream before it sends it. */
const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

type Controller = ReadableStreamDefaultController<Uint8Array>
type Next = Promise<IteratorResult<StreamEvent>>

interface Frame {
  bytes: Uint8Array
  isLast: boolean
}

class Writing {
  readonly #events: AsyncIterator<StreamEvent>
  readonly #heartbeat: Heartbeat
  readonly #onError: (error: unknown) => void
  #count = 0
  /** Asked for and not here yet: a heartbeat does not give it up. */
  #next: Next | undefined
  #left = false

  constructor(events: AsyncIterator<StreamEvent>, options: EventSseOptions) {
    this.#events = events
    this.#heartbeat = new Heartbeat(options.heartbeatMs ?? 15_000)
    this.#onError = options.onError ?? warnOfForeign
  }

  /** Enqueues one frame. What goes wrong is told in the last one. */
  async pull(controller: Controller): Promise<void> {
    const { bytes, isLast } = await this.#frame().catch((error: unknown) => this.#failed(error))
    if (this.#left) return
    controller.enqueue(bytes)
    this.#heartbeat.sent()
    if (!isLast) return
    this.#heartbeat.stop()
    controller.close()
  }

  /** Stops the source, and resolves when it has come to rest. */
  leave(): Promise<void> {
    this.#left = true
    this.#heartbeat.stop()
    return this.#stopSource()
  }

  async #stopSource(): Promise<void> {
    try {
      await this.#events.return?.()
    } catch (error) {
      this.#onError(error)
    }
  }

  async #frame(): Promise<Frame> {
    this.#next ??= this.#ask()
    const next = await Promise.race([this.#next, this.#heartbeat.due()])
    if (next === undefined) return { bytes: comment('still here'), isLast: false }
    this.#next = undefined
    if (next.done) return { bytes: encoder.encode('event: end\ndata: {}\n\n'), isLast: true }
    const data = JSON.stringify(next.value)
    this.#count += 1
    return { bytes: encoder.encode(`id: ${this.#count}\ndata: ${data}\n\n`), isLast: false }
  }

  /** What the source throws when the client has left is nobody's to hear any more. */
  #ask(): Next {
    const next = (async () => this.#events.next())()
    next.catch(() => undefined)
    return next
  }

  #failed(error: unknown): Frame {
    if (!this.#left) {
      this.#onError(error)
      // It may not have failed by itself: an event that is no JSON ends the stream too.
      this.#stopSource()
    }
    const data = JSON.stringify({ type: 'error', error: tellableInfo(error) })
    return { bytes: encoder.encode(`event: end\ndata: ${data}\n\n`), isLast: true }
  }
}

function warnOfForeign(error: unknown): void {
  if (error instanceof AgentScopeError || tellableInfo(error).type === 'aborted') return
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
  globalThis.process?.emitWarning?.(`A stream of events broke off: ${told}`)
}

const encoder = new TextEncoder()

function comment(text: string): Uint8Array {
  return encoder.encode(`: ${text}\n\n`)
}
