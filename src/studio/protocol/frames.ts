// The live protocol, version 1: what a tab and Studio say to each other, in batches of JSON over one socket or SSE.
import type { Ending } from '../../core/ending.ts'
import type { InputRequest } from '../../core/event.ts'
import type { Usage } from '../../core/usage.ts'
import type { RunFacts, Span } from '../../journal/journal.ts'

export const protocolVersion = 1

/** `<message id>.<block index>`: the growing text of one block. */
export type PartId = string
export type PartKind = 'text' | 'thinking' | 'tool_in' | 'tool_out' | 'data'

/** What is told of a part when it opens. `agent` is the speaker's name. */
export interface PartHead {
  msg: string
  kind: PartKind
  agent: string
  /** For `tool_in` and `tool_out`: the tool and the call. */
  tool?: string
  call?: string
  /** For `data`: the block itself, without inline media (those are `/blob/<hash>`). */
  block?: unknown
  at: number
}

/** What is told of a message; every field is told when it becomes known. */
export interface MessageHead {
  agent?: string
  agentId?: string
  role?: 'system' | 'user' | 'assistant'
  reply?: string
  status?: 'open' | 'done'
  ending?: Ending
  usage?: Usage
  timing?: { firstContentMs?: number; durationMs?: number }
  /** Milliseconds since 1970. */
  at?: number
}

/** Figures of a run that lists show; told at most four times a second. */
export interface RunHead extends RunFacts {
  agents: string[]
  tokensIn: number
  tokensOut: number
  tokensCached: number
  /** The last line that somebody said. */
  lastLine?: string
  /** Open questions to people. */
  waiting: number
  lastAt: number
}

export type Op =
  | readonly ['n', PartId, PartHead]
  /** Append at an offset, in UTF-16 units: what is there already is dropped, so it may be told twice. */
  | readonly ['+', PartId, offset: number, text: string]
  | readonly ['=', PartId, revision: number, text: string]
  /** The part is closed: its length, and the CRC-32 of its UTF-8 bytes. `fault` marks a call cut off or a failed result. */
  | readonly ['e', PartId, { len: number; crc: number; fault?: string }]
  | readonly ['m', messageId: string, MessageHead]
  | readonly ['r', Partial<RunHead>]
  | readonly ['s', Span]
  | readonly ['!n', notice: { msg: string; kind: string; text: string; at: number }]
  | readonly ['?', request: InputRequest & { at: number; agentId: string }]
  | readonly ['!', requestId: string, answered: { by: string; at: number; content?: unknown }]

export type ClientFrame = { id?: number } & (
  | { t: 'sub'; run: string; seq: number; have: Record<PartId, number> }
  | { t: 'unsub'; run: string }
  | { t: 'list'; on: boolean }
  | { t: 'vis'; on: boolean }
  | { t: 'ack'; n: number }
  | { t: 'ping' }
  | { t: 'stop'; run: string; reply?: string }
  | { t: 'steer'; run: string; agent: string; text: string; when?: 'now' | 'after-tool' | 'after-reply' }
  | { t: 'answer'; run: string; req: string; key: string; value: { content?: string; value?: unknown } }
)

export type ServerFrame =
  | { t: 'hi'; proto: number; server: string; now: number }
  /** `seq` is the journal offset that these operations reach. `more: true` says that the snapshot goes on. */
  | { t: 'b'; run: string; seq: number; ops: readonly Op[]; more?: true }
  | { t: 'l'; runs: readonly RunHead[]; gone?: readonly string[] }
  | { t: 'ok'; id: number }
  | { t: 'no'; id: number; code: string; text?: string }
  | { t: 'pong' }
