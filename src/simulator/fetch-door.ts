// The simulator as a `fetch`: no socket, the same answers; nothing is made before it is read.
import { ConfigError } from '../core/error.ts'
import type { Exchanges } from './exchange.ts'
import type { Incoming } from './intake.ts'
import type { OpenRecord } from './received.ts'
import type { Reply } from './reply.ts'
import { connectionReset } from './reset.ts'

export type SimulatorFetch = (input: Request | string | URL, init?: RequestInit) => Promise<Response>

export interface FetchDoor {
  fetch: SimulatorFetch
  close(): void
}

export function openFetchDoor(exchanges: Exchanges): FetchDoor {
  const closing = new AbortController()
  const fetch: SimulatorFetch = async (input, init) => {
    if (closing.signal.aborted) throw new ConfigError('The simulator is closed.')
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    return await answer(exchanges, request, closing.signal)
  }
  return {
    fetch,
    close: () => closing.abort(new TypeError('terminated', { cause: new ConfigError('The simulator was closed.') })),
  }
}

async function answer(exchanges: Exchanges, request: Request, closing: AbortSignal): Promise<Response> {
  const incoming: Incoming = {
    method: request.method,
    url: new URL(request.url),
    headers: request.headers,
    text: () => request.text(),
  }
  const left = new AbortController()
  const signal = AbortSignal.any([request.signal, closing, left.signal])
  const record = exchanges.open(incoming)
  try {
    const reply = await exchanges.reply(incoming, record, signal)
    if (reply.status === 0) throw connectionReset()
    const body = bodyOf(reply, record, signal, left)
    return new Response(body, { status: reply.status, headers: reply.headers })
  } catch (error) {
    record.close(true)
    throw error
  }
}

/** A body that is pulled: the next piece is made when this one has been read. */
function bodyOf(reply: Reply, record: OpenRecord, signal: AbortSignal, left: AbortController): ReadableStream {
  const pieces = reply.body[Symbol.asyncIterator]()
  const fail = (controller: ReadableStreamDefaultController, error: unknown) => {
    record.close(true)
    controller.error(error)
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal.addEventListener(
          'abort',
          () => record.record.closedAfterMs === undefined && fail(controller, signal.reason),
        )
      },
      async pull(controller) {
        try {
          const { done, value } = await pieces.next()
          if (!done) return controller.enqueue(value)
          if (reply.isReset) controller.error(connectionReset())
          else controller.close()
          record.close(false)
        } catch (error) {
          if (record.record.closedAfterMs !== undefined) return
          record.close(false)
          controller.error(new TypeError('terminated', { cause: error }))
        }
      },
      cancel() {
        record.close(true)
        left.abort()
      },
    },
    { highWaterMark: 0 },
  )
}
