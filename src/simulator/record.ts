// A `fetch` that passes everything through and keeps what passes in a cassette.
import { dispatcherWithoutLimits } from '../stream/dispatcher.ts'
import type { Cassette } from './cassette.ts'
import type { ExchangeRecorder } from './exchange-recorder.ts'
import { outgoingOf } from './outgoing.ts'
import { Recorder, type RecordOptions } from './recorder.ts'

type Fetch = (input: Request | string | URL, init?: RequestInit) => Promise<Response>

/** The `fetch`, and what it has recorded. Close it when all is done: a cassette that was not closed counts as partial. */
export interface Recording extends Disposable {
  (input: Request | string | URL, init?: RequestInit): Promise<Response>
  /** What has been recorded so far: a copy. */
  readonly cassette: Cassette
  /**
   * Writes the last line. Answers that still come pass through and are no longer recorded.
   *
   * @throws ConfigError when the file could not be written to its end. `using` does not throw: a warning of the process
   * told it when it happened, and the program's requests went on
   */
  close(): void
}

/**
 * Records what goes through `fetch` (default: the platform's, without its five-minute limits): every request and, while
 * it is read, the bytes of its answer, each with its time. The bytes are those that the program gets: decompressed. Keys
 * are taken out before anything is kept, wherever they stand (docs/cassettes.md).
 *
 * A request's body that is a stream is read to its end before it is sent. Nothing else changes for the program: errors,
 * aborts and closing go through.
 *
 * @throws ConfigError when the file cannot be written
 */
export function record(fetch: Fetch = platformFetch, options: RecordOptions = {}): Recording {
  const recorder = new Recorder(options)
  const recording = (input: Request | string | URL, init?: RequestInit) => recorded(recorder, fetch, input, init)
  const close = () => {
    recorder.close()
    if (recorder.failure !== undefined) throw recorder.failure
  }
  Object.defineProperty(recording, 'cassette', { get: () => recorder.cassette })
  return Object.assign(recording, { close, [Symbol.dispose]: () => recorder.close() }) as Recording
}

async function recorded(
  recorder: Recorder,
  fetch: Fetch,
  input: Request | string | URL,
  init: RequestInit | undefined,
): Promise<Response> {
  const { outgoing, sent, signal } = await outgoingOf(input, init)
  // A data: address and its like are no conversation with anybody.
  if (!/^https?:$/.test(outgoing.url.protocol)) return fetch(input, sent)
  const exchange = recorder.begin(outgoing, signal)
  let response: Response
  try {
    response = await fetch(input, sent)
  } catch (error) {
    exchange.end('broken', error)
    throw error
  }
  exchange.response(response)
  return passingOn(response, exchange)
}

/** The same response, its body watched. Nothing is read that has not been asked for. */
function passingOn(response: Response, exchange: ExchangeRecorder): Response {
  if (response.body === null || response.status < 200) {
    exchange.end('complete')
    return response
  }
  const body = watched(response.body.getReader(), exchange)
  const { status, statusText, headers, url, redirected } = response
  const passed = new Response(body, { status, statusText, headers })
  return Object.defineProperties(passed, { url: { value: url }, redirected: { value: redirected } })
}

function watched(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  exchange: ExchangeRecorder,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            exchange.piece(value)
            return controller.enqueue(value)
          }
          exchange.end('complete')
          controller.close()
        } catch (error) {
          exchange.end('broken', error)
          throw error
        }
      },
      cancel(reason) {
        exchange.end('left')
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

const platformFetch: Fetch = (input, init) => {
  const dispatcher = dispatcherWithoutLimits()
  return fetch(input, dispatcher === undefined ? init : ({ dispatcher, ...init } as RequestInit))
}
