// The journal: the ordered log of one run, readable from any offset and then live.
import type { StreamEvent } from '../core/event.ts'
import type { ModelInvocation, Speaker } from '../scope.ts'

export type RunStatus = 'running' | 'waiting' | 'done' | 'failed' | 'stopped' | 'lost'

/** What is known about a run as a whole. Plain JSON. */
export interface RunFacts {
  id: string
  project: string
  name: string
  /** ISO 8601 in UTC. */
  startedAt: string
  endedAt?: string
  status: RunStatus
  pid?: number
  /** What kind of program it is, for people: `agentscope-ts 0.1.0`, `agentscope-python`. */
  program?: string
}

/** One finished or still open piece of work, as traces tell it. Times in milliseconds since 1970. */
export interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: 'model' | 'tool' | 'agent' | 'other'
  startMs: number
  /** Absent while it is open. */
  endMs?: number
  status?: 'ok' | 'error'
  /** Attributes as they came, flat. */
  attributes: Record<string, unknown>
  events?: { name: string; atMs: number; attributes?: Record<string, unknown> }[]
}

/** What a run may log. `at` is when it happened, in milliseconds since 1970. */
export type JournalRecord =
  | { type: 'run'; at: number; run: Partial<RunFacts> }
  | { type: 'event'; at: number; speaker: Speaker; event: StreamEvent }
  | { type: 'invocation'; at: number; invocation: ModelInvocation }
  | { type: 'span'; at: number; span: Span }

/** A record with its place: offsets of one journal rise, by one or more. */
export interface JournalEntry {
  readonly offset: number
  readonly record: JournalRecord
}

/** Where records come from that may be sent twice: who writes them, and the number of the first, counted from 1. */
export interface RecordOrigin {
  writer: string
  seq: number
}

/** The log of one run. Remote or local, in memory or on disk, all keep the same promises (`test/suites/journal.ts`). */
export interface Journal {
  /**
   * Adds records in order. Readers hear them at once. Resolves with the offset of the last one when they are
   * acknowledged: what was acknowledged is there after a kill. Records must be plain JSON and belong to the journal from
   * then on. With an origin, those that are there already under that writer's numbers are left out, so that a
   * batch may be sent again by whoever does not know whether it arrived.
   *
   * Rejects with InputError when the journal is closed, or a record is no JSON; of such a call nothing is added.
   */
  append(records: JournalRecord | readonly JournalRecord[], origin?: RecordOrigin): Promise<number>
  /**
   * Everything strictly after `after` (default 0: from the beginning), in order, and then what comes, as it comes. Ends
   * when the signal fires, the journal is closed or its run deleted. A slow reader never slows the writer.
   */
  read(options?: ReadOptions): AsyncIterable<JournalEntry>
  /** Ends its readers, and resolves when all that was appended is acknowledged. Its run may be opened again. */
  close(): Promise<void>
}

export interface ReadOptions {
  after?: number | undefined
  /**
   * Only what is acknowledged, so a little later: for whoever keeps its place beyond the end of the process. Default
   * false: as soon as it is appended.
   */
  acknowledged?: boolean | undefined
  signal?: AbortSignal | undefined
}

/** Many runs in one place. */
export interface Journals {
  /** The journal of that run; it begins with its first record. The same object for the same id, until it is closed. */
  open(runId: string): Journal
  /** Ids of the runs that have records, newest first. */
  runs(): Promise<string[]>
  /** Takes the run and all its records away. Its journal is closed; offsets are never given a second time. */
  delete(runId: string, options?: DeleteOptions): Promise<void>
  /**
   * When that run was deleted for good, in milliseconds since 1970; `undefined` when it was not, or was readmitted. Whoever
   * takes records from programs asks; the journal itself takes what it is given.
   */
  deletedAt(runId: string): number | undefined
  /** Forgets that that run was deleted for good: another one of that id begins. */
  readmit(runId: string): void
  close(): Promise<void>
}

export interface DeleteOptions {
  /** Remembers beyond the end of the process that it was deleted, though nothing of the run itself. Default false. */
  forGood?: boolean | undefined
}

/** What a person at a Studio wants of a program. `deleted`: its run was deleted for good, and nothing of it is kept. */
export type StudioCommand =
  | { type: 'deleted' }
  | { type: 'stop'; replyId?: string; reason?: string }
  | { type: 'steer'; agentId: string; text: string; when?: 'now' | 'after-tool' | 'after-reply' }
  | { type: 'answer'; requestId: string; answer: { content?: string; value?: unknown } }
