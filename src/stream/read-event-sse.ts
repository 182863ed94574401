// The other end of `eventSse`: the events as they were sent, in a browser or anywhere. Nothing of Node is needed.

import { AbortedError, ProviderError, WireError } from '../core/error.ts'
import type { StreamEvent } from '../core/event.ts'
import { leavable } from '../core/leavable.ts'
import { brokenOff, EventFrames } from './event-frames.ts'
import { SseReader } from './sse.ts'

/**
 * The events, each as soon as its frame is whole. Leaving the loop closes the connection at once, so that the server can
 * stop.
 *
 * @throws the source's own typed error, made again from what was told, when it failed there; WireError when the stream
 * ends without its last frame, or is no stream of events; ProviderError when the server refused or the connection broke;
 * AbortedError when the request was stopped by its signal.
 */
export function readEventSse<Event extends StreamEvent = StreamEvent>(
  source: Response | ReadableStream<Uint8Array>,
): AsyncGenerator<Event, void, undefined> {
  const body = 'getReader' in source ? source : bodyOf(source)
  const reading = new Reading(body.getReader())
  return leavable(reading.events() as AsyncGenerator<Event, void, undefined>, () => reading.leave())
}

class Reading {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #left = false

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader
  }

  async *events(): AsyncGenerator<StreamEvent, void, undefined> {
    const frames = new EventFrames()
    const sse = new SseReader(frames)
    try {
      for (;;) {
        const chunk = await nextChunk(this.#reader)
        if (this.#left) return
        if (chunk === undefined) sse.end()
        else sse.push(chunk)
        yield* frames.take()
        if (frames.failure !== undefined) throw frames.failure
        if (frames.ended) return
        if (chunk === undefined) throw brokenOff(frames.noise)
      }
    } finally {
      await this.leave()
    }
  }

  /** What is over or broken cannot be cancelled; nothing is left to stop then. */
  async leave(): Promise<void> {
    this.#left = true
    await this.#reader.cancel().catch(() => undefined)
  }
}

async function nextChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') {
      throw new AbortedError('Stopped: the request for the events was aborted.', { cause })
    }
    throw new ProviderError('The connection that the events came over broke.', {
      retryable: true,
      cause,
      advice: 'What arrived before is kept. Ask again.',
    })
  }
}

/** @throws ProviderError for a refusal; WireError for what is no stream of events. */
function bodyOf(response: Response): ReadableStream<Uint8Array> {
  const { status, ok, body } = response
  const type = response.headers.get('content-type') ?? ''
  if (ok && body !== null && /^text\/event-stream\b/i.test(type)) return body
  body?.cancel().catch(() => undefined)
  if (!ok) {
    throw new ProviderError(`The server of the events answered with ${status}.`, {
      status,
      retryable: status === 429 || status >= 500,
      advice: 'Look at the response before it is handed to readEventSse.',
    })
  }
  throw new WireError(`The server of the events answered with ${type === '' ? 'no content type' : type}.`, {
    status,
    advice: 'The address may lead to a page, or to a login. eventSse sends text/event-stream.',
  })
}
