// The live protocol, version 1: what a tab and Studio say to each other, in batches of JSON over one socket or SSE.
import type { Ending } from '../../core/ending.ts'
import type { InputRequest } from '../../core/event.ts'
import type { Usage } from '../../core/usage.ts'
import type { RunFacts, Span } from '../../journal/journal.ts'

export const protocolVersion = 1

/**
 * `<message id>.<block index>`: the growing text of one block. A message that starts again gets new parts
 * (`<message id>.r<start>.<block index>`), so that the text of a part only ever grows; what a tool gave besides text is
 * `<part of the result>.<n>`.
 */
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
  /** For `data`: the block itself, without inline media (those are `/blob/<hash>`). It has no text and is never closed. */
  block?: unknown
  /** Which start of the message it belongs to; absent for the first. */
  start?: number
  /** What the model said in place of an answer. */
  refusal?: true
  /** Thinking whose words the provider hides. */
  redacted?: true
  at: number
}

/** What is told of a message; every field is told when it becomes known. */
export interface MessageHead {
  /** Its place among the messages of the run, from 0. */
  place?: number
  /** How often it has started again: parts of an earlier start do not count any more. Absent means 0. */
  start?: number
  agent?: string
  agentId?: string
  role?: 'system' | 'user' | 'assistant'
  reply?: string
  status?: 'open' | 'done'
  ending?: Ending
  usage?: Usage
  timing?: { firstContentMs?: number; durationMs?: number }
  /** The model that said it, and the id of the invocation. */
  model?: string
  invocation?: string
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

/** News about a message, or about the run when `msg` is ''. One with an id that is known replaces it. */
export interface RunNotice {
  id: number
  msg: string
  /** A kind of `Notice`, or `error`. */
  kind: string
  text: string
  at: number
  details?: unknown
}

/** `name` is who shall answer, or who asks when nobody is named; `agent` and `agentId` are who asks. */
export type RunRequest = InputRequest & { at: number; agentId: string; agent?: string }

/** `by`: the name of the tab that answered, or `elsewhere` when it was not in this Studio or nobody knows any more. */
export interface RunAnswer {
  by: string
  at: number
  content?: unknown
  value?: unknown
  /** The program has not told of it: it is kept for one that is away. */
  waits?: true
}

/** One with a trace's id is whole. Of any other, fields and attributes that it does not name stay. */
export type SpanPatch = Pick<Span, 'spanId'> & Partial<Span>

/** A name in C.3 of the requirement stands for each; heads are patches, and telling one twice changes nothing. */
export type Op =
  | readonly ['n', PartId, PartHead]
  /** Append at an offset, in UTF-16 units: what is there already is dropped, so it may be told twice. */
  | readonly ['+', PartId, offset: number, text: string]
  | readonly ['=', PartId, revision: number, text: string]
  /**
   * The part is closed: its length, the CRC-32 of its UTF-8 bytes, and when, in milliseconds since 1970. `fault` marks a
   * call cut off or a failed result.
   */
  | readonly ['e', PartId, { len: number; crc: number; at?: number; fault?: string }]
  | readonly ['m', messageId: string, MessageHead]
  | readonly ['r', Partial<RunHead>]
  /** Whole when it is told first; after that what has changed. */
  | readonly ['s', SpanPatch]
  | readonly ['!n', notice: RunNotice]
  | readonly ['?', request: RunRequest]
  /** Told as soon as Studio has taken the answer, and again when the program tells what it made of it. */
  | readonly ['!', requestId: string, answered: RunAnswer]

/** What leads a reader from one place of the journal to another. */
export interface Batch {
  /** The journal offset that these operations reach. */
  seq: number
  /** Where the reader must be at least; else something is missing between. */
  from?: number
  /** How many batches have been told since `from` was reached; absent means none. One that is lost is noticed by it. */
  nth?: number
  ops: readonly Op[]
  /** The reader's cursor was of another journal: everything it has does not count. */
  reset?: true
  /** More is on its way: `seq` is still the old one. */
  more?: true
}

/**
 * A frame with an id is answered with `ok` or `no` of that id. `have` of `sub` holds the lengths, in UTF-16 units, of the
 * parts that the tab has begun and not closed, and of those it asks for again. `ack` tells how many
 * `b` frames have been read on this connection: a tab that acknowledges must go on doing so.
 */
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
  | ({ t: 'b'; run: string } & Batch)
  | { t: 'l'; runs: readonly RunHead[]; gone?: readonly string[] }
  | { t: 'ok'; id: number }
  /**
   * `id` is 0 when the frame had none that could be read. `invalid`: the answer is not of the shape that was asked for; the
   * text names each field that is wrong, and the question still waits.
   */
  | { t: 'no'; id: number; code: string; text?: string }
  | { t: 'pong' }
