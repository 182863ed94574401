// What carries frames between a program and a Studio: a WebSocket, or HTTP requests where none gets through.

export interface ChannelTarget {
  /** Of the WebSocket: `ws:` or `wss:`. */
  url: string
  headers: Record<string, string>
  /** How long it may take until it is open, in milliseconds. */
  connectMs: number
}

export interface ChannelEvents {
  opened(): void
  heard(text: string): void
  /** The other side is there. */
  alive(): void
  /** The last that is told. `why` in words for people. */
  closed(why: string): void
}

/** One attempt: it opens or closes, and when it has closed it does not come back. */
export interface Channel {
  send(text: string): void
  /** Asks for a sign of life. */
  ping(): void
  /** Says goodbye, when it is open. */
  close(): void
  /** Breaks it off. */
  terminate(): void
  /** Whether it keeps the process from ending. */
  hold(held: boolean): void
}
