// What the REST routes answer, for the server and for the pages: plain JSON, times in milliseconds since 1970.
import type { InputRequest } from '../../core/event.ts'
import type { Span } from '../../journal/journal.ts'
import type { RunHead } from './frames.ts'

/** `GET /api/traces?model&tool&error=1&minMs&minTokens&q&limit&before`: newest first. */
export interface TraceRow {
  traceId: string
  runId?: string
  /** Of the root span, or of the earliest one while the root is not there. */
  name: string
  startMs: number
  /** Absent while a span is open. */
  endMs?: number
  spans: number
  errors: number
  models: string[]
  tools: string[]
  /** By model, so that prices can be applied; `model` is absent when none was told. */
  usage: { model?: string; inputTokens?: number; outputTokens?: number; cachedInputTokens?: number }[]
}
export interface TracesAnswer {
  traces: TraceRow[]
  total?: number
}

/** `GET /api/traces/:traceId` and `GET /api/runs/:id/spans`; `?id=` (up to 200 of them) asks for those alone. */
export interface SpansAnswer {
  runId?: string
  spans: Span[]
}

/** `GET /api/inbox`: what waits, oldest first, then what was answered lately. */
export interface InboxItem {
  runId: string
  run: string
  project: string
  request: InputRequest & { at: number; agentId?: string }
  /** Nobody has answered, and its program went away. */
  isLost?: true
  answered?: { by: string; at: number; content?: unknown; waits?: true }
}
export interface InboxAnswer {
  requests: InboxItem[]
}

/** One call of a model or a tool, the material of every chart. */
export interface CallPoint {
  at: number
  kind: 'model' | 'tool'
  runId?: string
  model?: string
  agent?: string
  tool?: string
  durationMs?: number
  firstContentMs?: number
  inputTokens?: number
  outputTokens?: number
  cachedInputTokens?: number
  failed?: boolean
}

/** `GET /api/metrics?since`: the calls since then, newest last, at most 20,000 of them; `total` counts all. */
export interface MetricsAnswer {
  series: CallPoint[]
  total: number
}

export interface FoundBeside {
  kind: 'error' | 'question'
  runId: string
  run: string
  messageId?: string
  agent: string
  at: number
  excerpt: string
}

/** `GET /api/search?q&limit`. */
export interface SearchAnswer {
  runs: RunHead[]
  messages: { runId: string; run: string; messageId: string; agent: string; at: number; excerpt: string }[]
  /** Errors and questions that were told beside the messages; `messageId` is the one that such an error is about. */
  told: FoundBeside[]
  /** `fault`: what went wrong, when the words stand there. */
  spans: {
    runId?: string
    traceId: string
    spanId: string
    name: string
    at: number
    failed?: boolean
    fault?: string
  }[]
}

/** `GET /api/settings`, and `PUT` with those fields that change. Prices are for a million tokens. */
export interface StudioSettings {
  retentionDays?: number
  retentionMegabytes?: number
  currency?: string
  prices?: Record<string, { input: number; output: number; cachedInput?: number }>
  /** How many tokens a model takes in, by its name as in `prices`. A model that is not there has a window nobody knows. */
  windows?: Record<string, number>
  /** What is taken out of records before they are stored. `*` stands for any characters up to a space, quote or comma. */
  redact?: string[]
  /** Answered, never taken: where the data lies, and whether a token guards it. */
  data?: string
  token?: boolean
}
