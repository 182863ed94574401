// What every framing hands on: one frame's text, what it came in, and where it stood.

/** What surrounded a frame: the SSE event name, and the last comment before it. */
export interface FrameContext {
  readonly event: string | undefined
  readonly comment: string | undefined
}

/** What surrounds a frame where nothing but the frame comes. */
export const noContext: FrameContext = { event: undefined, comment: undefined }

export interface FrameSink {
  /**
   * One frame, decoded. `offset` counts bytes from the body's start. `unterminated` says that the body ended before the
   * frame did, so that its text may be cut. The context is reused: read it, do not keep it.
   */
  frame(text: string, context: FrameContext, offset: number, unterminated: boolean): void
  /** Lines that belong to no frame, joined, at the end of the body: an error page, or JSON without its envelope. */
  stray(text: string): void
}

/** Turns the bytes of one body into frames, synchronously: all complete frames of a chunk before `push` returns. */
export interface FrameReader {
  push(chunk: Uint8Array): void
  /** The body is over; what is left is delivered. */
  end(): void
}
