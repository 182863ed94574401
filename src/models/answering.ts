// What a response needs of the reply beneath it, whether that is one request or several that stand in for each other.
import type { Ending } from '../core/ending.ts'
import type { AgentScopeError } from '../core/error.ts'
import type { StreamEvent } from '../core/event.ts'
import type { Metadata } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'

/** A reply on its way. Nothing is read unless it is pulled. */
export interface Answering {
  readonly ending: Ending | undefined
  readonly error: AgentScopeError | undefined
  readonly usage: Usage | undefined
  readonly metadata: Metadata
  readonly firstContentMs: number | undefined
  readonly durationMs: number | undefined
  readonly raw: unknown
  readonly requestId: string | undefined
  /** Resolves when events have been written, or the reply has ended. Never rejects. */
  pull(): Promise<void>
  /** Resolves when the reply has ended. Never rejects. */
  pullAll(): Promise<void>
  /** Stops it now: closes its sockets and ends the message as aborted. */
  cancel(error?: AgentScopeError): void
}

/** Where the events of a reply wait to be taken. */
export interface EventQueue {
  /** The id of the message. */
  readonly id: string
  readonly events: readonly StreamEvent[]
  take(): StreamEvent[]
}
