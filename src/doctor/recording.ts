// One HTTP exchange as it was: a `fetch` that keeps what it sees, and one that plays it again.

export interface Recording {
  readonly status: number
  readonly headers: Headers
  /** In order, decompressed, with the milliseconds since the request was sent. */
  readonly chunks: { readonly at: number; readonly bytes: Uint8Array }[]
  /** How the body ended; `left` when nobody read on. */
  ended: 'clean' | 'broken' | 'left'
}

export type Fetch = (request: Request) => Promise<Response>

/** More of a reply is not kept: bytes. */
const mostBytes = 4 * 1024 * 1024

/** Keeps the reply to the last request. */
export class Recorder {
  readonly #fetch: Fetch
  last: Recording | undefined

  constructor(fetch: Fetch) {
    this.#fetch = fetch
  }

  readonly fetch: Fetch = async (request) => {
    this.last = undefined
    const start = performance.now()
    const { status, headers, body } = await this.#fetch(request)
    const recording: Recording = { status, headers, chunks: [], ended: 'left' }
    this.last = recording
    const seen = body === null ? null : body.pipeThrough(kept(recording, start))
    return new Response(watched(seen, recording, request.signal), { status, headers })
  }
}

function kept(recording: Recording, start: number): TransformStream<Uint8Array, Uint8Array> {
  let size = 0
  return new TransformStream({
    transform(bytes, controller) {
      size += bytes.length
      if (size <= mostBytes) recording.chunks.push({ at: performance.now() - start, bytes: bytes.slice() })
      controller.enqueue(bytes)
    },
    flush() {
      recording.ended = 'clean'
    },
  })
}

/** Notes when the connection breaks, which a transform is not told; the reader's own leaving is no break. */
function watched(body: ReadableStream<Uint8Array> | null, recording: Recording, signal: AbortSignal) {
  if (body === null) return null
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        if (!signal.aborted) recording.ended = 'broken'
        controller.error(error)
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

export function bytesOf({ chunks }: Recording): Uint8Array {
  const all = new Uint8Array(chunks.reduce((size, { bytes }) => size + bytes.length, 0))
  let at = 0
  for (const { bytes } of chunks) {
    all.set(bytes, at)
    at += bytes.length
  }
  return all
}

/** The same reply again, without a network: for asking how other options would have read it. */
export function played(recording: Recording): Fetch {
  const { status, headers } = recording
  return async () => new Response(bytesOf(recording).slice().buffer, { status, headers })
}
