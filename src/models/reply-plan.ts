// Everything a reply needs to be asked for, and asked for again.
import type { Metadata } from '../core/message.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Framing } from '../stream/body.ts'
import type { Clocks } from '../stream/clocks.ts'
import type { HeaderFields, HttpRequest } from '../stream/exchange.ts'
import type { Handler } from '../stream/fetch-exchange.ts'
import type { Decode } from './decoding.ts'

export interface ReplyPlan {
  provider: string
  /** Noted on the message, so that its signatures go back to no other dialect. */
  dialect: string
  request: HttpRequest
  fetch: Handler | undefined
  /** Values that must appear in no error and no event. */
  secrets: readonly string[]
  framing: Framing
  clocks: Clocks
  maxRetries: number
  onBrokenFrame: 'stop' | 'skip'
  /** A body that is longer is given up. */
  maxReplyBytes: number
  /** The HTTP status that a provider's own error codes stand for, where they come without one. */
  errorStatuses: Readonly<Record<string, number>> | undefined
  signal: AbortSignal | undefined
  writer: EventWriter
  /** Somebody asks while it streams what the provider has counted until then. */
  isCounted?: boolean
  /** What decodes the answer; a promise when it has to be loaded first, which begins now. */
  decoding(): Decode | Promise<Decode>
  /** What the response's headers say about the reply. */
  headerMetadata(headers: HeaderFields): Metadata
}
