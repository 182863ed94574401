// How a message ended: one verdict for all wires, from the evidence that the bytes left.
import type { ErrorInfo } from './error.ts'

export type EndingReason =
  | 'stop'
  | 'tool-calls'
  | 'length'
  | 'content-filter'
  | 'refusal'
  | 'pause'
  | 'aborted'
  | 'truncated'
  | 'error'
  | 'unknown'

/** What a provider's finish reason may be mapped to. `error` is a failure that the provider put into that field. */
export type FinishReason = Exclude<EndingReason, 'aborted' | 'truncated'>

export type EndingNote = 'uncleanClose' | 'emptyAnswer' | 'truncatedToolCall' | 'modelLoaded'

/**
 * `complete` says that the provider finished what it had to say (also when it stopped at a limit or a filter);
 * `raw` is the provider's own finish reason, `note` an oddity that did not change the verdict.
 */
export interface Ending {
  reason: EndingReason
  complete: boolean
  raw?: string
  note?: EndingNote
  error?: ErrorInfo
}

/** What one reply left behind when it ended. */
export interface Evidence {
  /** The last real finish reason, mapped; absent when only null, "" or "null" were seen. */
  finish?: FinishReason
  /** The same as the provider wrote it. */
  finishRaw?: string
  /** The wire's own end mark was seen: `[DONE]`, `message_stop`, `done: true`, or a whole non-streaming body. */
  marker: boolean
  /** How the body ended: by itself, by a broken connection, or because a clock ran out. */
  close: 'clean' | 'broken'
  /** An answer, a thought or a tool call had begun. */
  contentSeen: boolean
  /** Some readable text arrived. */
  textSeen: boolean
  /** Some reasoning arrived. */
  thinkingSeen: boolean
  /** How many tool calls were begun, and whether each one's JSON closed. */
  toolCalls: number
  allToolCallsClosed: boolean
  /** The provider reported a failure inside the body. */
  failure?: ErrorInfo
  /** What broke the connection, or what to report when nothing came. */
  breakage?: ErrorInfo
  /** Somebody stopped it; the error is absent when the listener itself left. */
  aborted?: { error?: ErrorInfo }
  /** The provider said that this was no answer (Ollama's `load`). */
  noAnswer?: boolean
}

/**
 * The verdict of `requirements/wires.md` A, for every wire and for streaming and whole replies alike.
 * Order matters: a failure the provider reported beats everything but an abort of ours that came first.
 */
export function decideEnding(evidence: Evidence): Ending {
  if (evidence.aborted) return withError({ reason: 'aborted', complete: false }, evidence, evidence.aborted.error)
  if (evidence.failure) return withError({ reason: 'error', complete: false }, evidence, evidence.failure)
  if (evidence.finish !== undefined) return finished(evidence, evidence.finish)
  if (evidence.close === 'broken') return interrupted(evidence)
  if (evidence.noAnswer) return withRaw({ reason: 'unknown', complete: false, note: 'modelLoaded' }, evidence)
  if (evidence.marker)
    return withNote({ reason: evidence.toolCalls > 0 ? 'tool-calls' : 'unknown', complete: true }, evidence)
  return interrupted(evidence)
}

function finished(evidence: Evidence, finish: FinishReason): Ending {
  if (finish === 'error') return withError({ reason: 'error', complete: false }, evidence, evidence.breakage)
  const reason = finish === 'stop' && evidence.toolCalls > 0 ? 'tool-calls' : finish
  return withNote({ reason, complete: true }, evidence)
}

function interrupted(evidence: Evidence): Ending {
  const reason = evidence.contentSeen ? 'truncated' : 'error'
  return withError({ reason, complete: false }, evidence, evidence.breakage)
}

function withNote(ending: Ending, evidence: Evidence): Ending {
  const note = noteOf(ending, evidence)
  return withRaw(note === undefined ? ending : { ...ending, note }, evidence)
}

function noteOf(ending: Ending, evidence: Evidence): EndingNote | undefined {
  if (evidence.toolCalls > 0 && !evidence.allToolCallsClosed) return 'truncatedToolCall'
  if (evidence.close === 'broken') return 'uncleanClose'
  const answered = evidence.textSeen || evidence.toolCalls > 0
  if (ending.reason === 'stop' && !answered && evidence.thinkingSeen) return 'emptyAnswer'
  return undefined
}

function withError(ending: Ending, evidence: Evidence, error: ErrorInfo | undefined): Ending {
  return withRaw(error === undefined ? ending : { ...ending, error }, evidence)
}

function withRaw(ending: Ending, evidence: Evidence): Ending {
  return evidence.finishRaw === undefined ? ending : { ...ending, raw: evidence.finishRaw }
}
