// The clocks of a call. They run by default; a comment or a ping is a sign of life, not of progress.

/** Milliseconds. `Number.POSITIVE_INFINITY` switches a clock off. */
export interface Clocks {
  /** From sending the request to the response's headers. Default 30,000; 600,000 for a reply that does not stream. */
  headersMs: number
  /** From the headers to the first content. Default 300,000. */
  firstContentMs: number
  /** Between two pieces of content. Default 120,000. */
  stallMs: number
  /** After so much silence a `notice` tells of it, and again each time as much has passed. Default 10,000. */
  silenceNoticeMs: number
}

export function clocksFor(streaming: boolean, clocks: Partial<Clocks> = {}): Clocks {
  return {
    headersMs: streaming ? 30_000 : 600_000,
    firstContentMs: streaming ? 300_000 : 600_000,
    stallMs: streaming ? 120_000 : 600_000,
    silenceNoticeMs: 10_000,
    ...clocks,
  }
}
