// What sending a request gives, whichever client sent it: a status, headers, and a body to read.

/** A request of this package: always a POST of text. */
export interface HttpRequest {
  url: string
  headers: Record<string, string>
  body: string
}

/** The headers of an answer; names in lower case. The platform's `Headers` are some. */
export interface HeaderFields extends Iterable<[name: string, value: string]> {
  get(name: string): string | null
}

/** An answer whose headers have come. Whoever holds it reads it to the end or cancels it. */
export interface Exchange {
  readonly status: number
  readonly headers: HeaderFields
  /** The next bytes of the body; `undefined` when it has ended by itself. Rejects when the connection broke. */
  read(): Promise<Uint8Array | undefined>
  /** Closes the connection. Never throws. */
  cancel(): void
}
