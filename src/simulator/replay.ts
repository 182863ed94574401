// A `fetch` that answers from a cassette and never touches a network.
import type { Cassette } from './cassette.ts'
import { CassettePlayer, type ExchangePlay, type ReplayOptions } from './cassette-player.ts'
import { outgoingOf } from './outgoing.ts'

/** Statuses that come without a body. */
const bodiless = [204, 205, 304]

/**
 * Plays what was recorded: the same bytes in the same pieces at the same times, divided by `speed`; a connection that
 * broke breaks again, with the same error. Which exchange answers, is found by method, path with query, and body; equal
 * ones answer in their order. Nothing is made of an answer before it is read.
 *
 * The `fetch` rejects with NotRecordedError, which says what differs, when nobody recorded such a request.
 *
 * @throws ConfigError for a wrong option
 */
export function replay(cassette: Cassette, options: ReplayOptions = {}) {
  const player = new CassettePlayer(cassette, options)
  return async (input: Request | string | URL, init?: RequestInit): Promise<Response> => {
    const { outgoing, signal } = await outgoingOf(input, init)
    signal?.throwIfAborted()
    const left = new AbortController()
    const play = player.play(outgoing, signal ? AbortSignal.any([signal, left.signal]) : left.signal)
    const { status, headers } = await play.response()
    const body = bodiless.includes(status) ? null : bodyOf(play, signal, left)
    const response = new Response(body, { status, headers })
    return Object.defineProperty(response, 'url', { value: outgoing.url.href })
  }
}

function bodyOf(play: ExchangePlay, signal: AbortSignal | null | undefined, left: AbortController): ReadableStream {
  const pieces = play.pieces()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const abort = () => controller.error(signal?.reason)
        signal?.addEventListener('abort', abort, { once: true, signal: left.signal })
      },
      async pull(controller) {
        try {
          const { done, value } = await pieces.next()
          if (!done) return controller.enqueue(value)
          controller.close()
          left.abort()
        } catch (error) {
          if (!left.signal.aborted && !signal?.aborted) controller.error(error)
          left.abort()
        }
      },
      cancel: () => left.abort(),
    },
    { highWaterMark: 0 },
  )
}
