// Spans as OTLP brings them, whichever encoding they came in.

/** One span, its ids in hex; times in nanoseconds since 1970, 0 when they were not told. */
export interface ReceivedSpan {
  traceId: string
  spanId: string
  parentSpanId: string
  traceState: string
  name: string
  /** The number of `SpanKind`: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  start: bigint
  end: bigint
  attributes: Record<string, unknown>
  events: { name: string; at: bigint; attributes: Record<string, unknown> }[]
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[]
  /** The number of `StatusCode`: 1 ok, 2 error. */
  status: number
  statusText: string
}

/** Spans of one program and one library. A text stands for a span that could not be read, and says why. */
export interface ReceivedSpans {
  resource: Record<string, unknown>
  scope: { name: string; version: string }
  spans: (ReceivedSpan | string)[]
}

export function emptySpan(): ReceivedSpan {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    name: '',
    kind: 0,
    start: 0n,
    end: 0n,
    attributes: {},
    events: [],
    links: [],
    status: 0,
    statusText: '',
  }
}

/** A whole number as one of ours when it is exact; as its digits when it is not. */
export function wholeNumber(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
