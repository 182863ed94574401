// What the simulator was asked, for whoever wants to look: secrets taken out, and how each request ended.
import type { WireName } from './wire.ts'

/** One request that came in. It is live: `status`, `aborted` and `closedAfterMs` are filled in as they become known. */
export interface ReceivedRequest {
  /** Counts from 1. */
  readonly number: number
  /** Absent when the address belongs to no wire. */
  wire?: WireName
  readonly method: string
  /** With the query; a key in it reads `[redacted]`. */
  readonly path: string
  model?: string
  stream?: boolean
  /** The parsed JSON; the text when it is none. */
  body?: unknown
  /** Lower-case names; secrets read `[redacted]`. */
  readonly headers: Record<string, string>
  /** The HTTP status of the answer. */
  status?: number
  /** Whether the client left before it had everything. */
  aborted: boolean
  /** Milliseconds from the request's arrival to the end of its answer. */
  closedAfterMs?: number
  /** What broke the answer from the script's side: what its `gate` or its function threw, or why it cannot be said. */
  error?: unknown
  /** Resolves when the answer has ended or the client has left; never rejects. */
  readonly closed: Promise<void>
}

/** A record and the one who may close it. */
export interface OpenRecord {
  record: ReceivedRequest
  close(aborted: boolean): void
}

const secret = /authorization|key|token|secret|cookie|password/i

export class ReceivedRequests {
  readonly all: ReceivedRequest[] = []
  readonly #ready: ReceivedRequest[] = []
  #waiting: { resolve: (request: ReceivedRequest) => void; reject: (reason: unknown) => void }[] = []

  open(method: string, url: URL, headers: Headers): OpenRecord {
    const startedAt = performance.now()
    const { promise, resolve } = Promise.withResolvers<void>()
    const record: ReceivedRequest = {
      number: this.all.length + 1,
      method,
      path: redactedPath(url),
      headers: redactedHeaders(headers),
      aborted: false,
      closed: promise,
    }
    const close = (aborted: boolean) => {
      if (record.closedAfterMs !== undefined) return
      record.aborted = aborted
      record.closedAfterMs = performance.now() - startedAt
      resolve()
    }
    this.all.push(record)
    return { record, close }
  }

  /** Hands a request, which has been read by now, to the first who waits. */
  announce(record: ReceivedRequest): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#ready.push(record)
    else waiting.resolve(record)
  }

  /** Hands out each request once, in order, and waits when there is none left. */
  next(): Promise<ReceivedRequest> {
    const next = this.#ready.shift()
    if (next !== undefined) return Promise.resolve(next)
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** Nobody will come any more: those who wait are told why. */
  giveUp(reason: unknown): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(reason)
  }
}

function redactedHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [name, secret.test(name) ? '[redacted]' : value]))
}

function redactedPath(url: URL): string {
  const query = [...url.searchParams].map(
    ([name, value]) => `${name}=${secret.test(name) ? '[redacted]' : encodeURIComponent(value)}`,
  )
  return query.length === 0 ? url.pathname : `${url.pathname}?${query.join('&')}`
}
