// A script: what a simulated model says, and how it goes wrong.

import type { ToolSchema } from '../core/tool.ts'
import type { Cassette } from './cassette.ts'
import type { ReplayOptions } from './cassette-player.ts'
import type { Pace } from './pace.ts'
import type { WireName } from './wire.ts'

/**
 * A tool call. Give at most one of `input` (any JSON value), `rawInput` (its text, broken if you like), `pieces` (its
 * text as exactly these deltas). Broken JSON stays text where the wire has text, and in Ollama's lines; Gemini sends
 * `MALFORMED_FUNCTION_CALL` instead of the call; a whole Anthropic reply cannot carry it and is answered with a 500.
 */
export interface ScriptToolCall {
  /** Default: made up, the same in every run. Gemini sends an id only when one is given. */
  id?: string
  name: string
  input?: unknown
  rawInput?: string
  pieces?: readonly string[]
}

/** One piece of an answer whose order matters. */
export type ScriptPart =
  | { thinking: string | readonly string[]; signature?: string }
  /** A thought that the provider keeps to itself: sent sealed by Anthropic and LiteLLM, not at all by the others. */
  | { redacted: string }
  | { text: string | readonly string[] }
  | { toolCall: ScriptToolCall }

/** Input counts everything sent (cached included), output everything generated (reasoning included). */
export interface ScriptUsage {
  inputTokens: number
  outputTokens: number
  cachedInputTokens?: number
  reasoningTokens?: number
}

/**
 * With `status` and without `after`: an HTTP error in the provider's shape. Otherwise a failure inside a 200, in the
 * wire's own way, after that many deltas (default: after all there are; 0 = the very first thing).
 */
export interface ScriptError {
  status?: number
  message: string
  code?: string | number
  type?: string
  after?: number
}

/** Signs of life while nothing is said. */
export interface ScriptKeepAlive {
  /** Milliseconds from one to the next. */
  everyMs: number
}

/** What a gate is told about the delta that is about to be written. `index` counts from 0; `whole` is a reply that does not stream. */
export interface GateDelta {
  index: number
  type: 'thinking' | 'redacted' | 'text' | 'tool' | 'whole'
  delta: string
}

export type ScriptFinish = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal'

/** One answer. It thinks, then speaks, then calls tools, then ends; in another order with `parts`. */
export interface Script {
  /** A string is cut into pieces of a few characters (never inside one that the reader sees); a list is exactly these deltas. */
  text?: string | readonly string[]
  thinking?: string | readonly string[]
  toolCalls?: readonly ScriptToolCall[]
  /** In place of `thinking`, `text` and `toolCalls`: all of them, in this order. */
  parts?: readonly ScriptPart[]
  /** Default: counted roughly. */
  usage?: ScriptUsage
  /** A neutral reason, put into the provider's word, or that word itself. Default: `tool-calls` when there are some, else `stop`. */
  finish?: ScriptFinish | (string & {})
  error?: ScriptError
  /**
   * `clean` (default); `cut` ends the body without the end marks; `reset` destroys the connection; `silence` sends
   * nothing more and keeps the connection open (when the script says nothing at all: headers, then nothing). A reply
   * that does not stream is cut in its middle.
   */
  end?: 'clean' | 'cut' | 'reset' | 'silence'
  /** How long the silence lasts before the body ends, in milliseconds. Default: until the client leaves. */
  silenceMs?: number
  /**
   * Sent again and again while a gate holds and in the silence: Anthropic's `ping` event, an SSE comment elsewhere, a
   * blank line where there is no SSE. Default: nothing is sent.
   */
  keepAlive?: ScriptKeepAlive
  /** Sent besides the provider's own, with an HTTP error too. Names in any case; they win. */
  headers?: Record<string, string>
  /** The first calls are refused with this HTTP status, then the answer comes. */
  failFirst?: { times: number; status: number; retryAfterMs?: number; message?: string }
  /**
   * The signature of the thinking (Anthropic, LiteLLM) or of the first call, or the text (Gemini). Default: made from what
   * it signs where the provider always signs: by Anthropic, and for Gemini 3 and Claude on other wires.
   */
  signature?: string
  /**
   * Awaited before each delta is written. One that throws breaks the connection behind what was written before; the
   * error stands in `error` of the received request, and `close()` rejects with the first.
   */
  gate?: (delta: GateDelta) => void | Promise<void>
  /** Takes the place of the simulator's pace for this model. */
  pace?: Pace
}

/** A body that is played byte for byte. `status` default 200, `contentType` default that of the wire. */
export interface Recorded {
  recorded: {
    body: string | Uint8Array
    status?: number
    contentType?: string
    headers?: Record<string, string>
  }
  pace?: Pace
}

/** What a model function is told. `messages` and `body` are as they were received. */
export interface ModelRequest {
  wire: WireName
  model: string
  messages: unknown[]
  /** The text of the last message of role `user`; empty when there is none. */
  lastUserText: string
  tools: ToolSchema[]
  body: Record<string, unknown>
  /** Fires when the client has left. */
  signal: AbortSignal
}

export type ModelFunction = (request: ModelRequest) => Script | Recorded | Promise<Script | Recorded>

/** Plays, for this model, what was recorded; see `SimulatorOptions.cassette`. */
export interface Taped {
  cassette: Cassette
  replay?: ReplayOptions
}

/** What answers for a model: one script for every call, a list (one for each call, the last repeats), a body, a function, or a cassette. */
export type Model = Script | Recorded | readonly (Script | Recorded)[] | ModelFunction | Taped
