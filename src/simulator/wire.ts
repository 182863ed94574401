// What one wire is to the simulator: where it is asked, what it refuses, and how it words an answer.
import type { ToolSchema } from '../core/tool.ts'
import type { Issued } from './issued.ts'
import type { Plan, Step } from './plan.ts'

export type WireName = 'openai' | 'dashscope' | 'gemini' | 'zhipuai' | 'ollama' | 'litellm' | 'anthropic'

/** One request for an answer, understood as far as every wire is alike. `body` is what was received. */
export interface Asked {
  /** The how manieth request of this simulator it is, from 1: the ids in the answer are made from it. */
  number: number
  wire: WireName
  path: string
  query: URLSearchParams
  headers: Headers
  model: string
  /** What the address asks for besides the model: Gemini's method, DashScope's task. Empty elsewhere. */
  action: string
  body: Record<string, unknown>
  now: () => Date
  /** What this simulator gave away. */
  issued: Issued
}

/** A refusal or a breakdown, in nobody's words yet. */
export interface Failure {
  status: number
  message: string
  code?: string | number
  type?: string
  /** Which field of the request it is about. */
  param?: string
  retryAfterMs?: number
  /** Sent with it, besides the wire's own. */
  headers?: Record<string, string>
}

/** Thrown by a check: the request is answered with this failure in the wire's own shape. */
export class Refusal extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** A refusal with HTTP status 400, the usual one. */
export function refusal(message: string, details: Partial<Failure> = {}): Refusal {
  return new Refusal({ status: 400, message, ...details })
}

/** Words one streamed answer. Each returned string is one wire event, line ends as LF. */
export interface Encoder {
  /** What comes before the first delta. */
  begin(): string[]
  step(step: Step): string[]
  /** The finish reason, the counters and the end mark. */
  end(): string[]
  /** A failure in the middle of a 200. */
  failure(failure: Failure): string[]
  /** A sign of life that says nothing. */
  ping(): string
}

export interface Wire {
  readonly name: WireName
  /** What a client takes as its base URL, behind the simulator's own address. */
  readonly basePath: string
  /** An example of the address that is asked, for the message about an unknown one. */
  readonly endpoint: string
  /** Whether a request without a key is refused. */
  readonly needsKey: boolean
  /** The model and action that a path names; `undefined` when the path is not of this wire. */
  match(path: string): { model?: string; action?: string } | undefined
  keyIn(headers: Headers, query: URLSearchParams): string
  streams(asked: Asked): boolean
  /** Throws `Refusal` when the provider would not take the request. */
  check(asked: Asked): void
  messages(body: Record<string, unknown>): unknown[]
  tools(body: Record<string, unknown>): ToolSchema[]
  /** Whether tool calls come in one piece. */
  wholeToolCalls(asked: Asked): boolean
  /** The content type of a streamed answer. */
  contentType(asked: Asked): string
  /** The line end that the provider writes. Default LF. */
  readonly lineEnd?: 'lf' | 'crlf'
  headers(asked: Asked, plan?: Plan): Record<string, string>
  errorBody(failure: Failure, asked: Pick<Asked, 'number' | 'model'>): unknown
  encoder(asked: Asked, plan: Plan): Encoder
  /** The answer as one JSON value. */
  whole(asked: Asked, plan: Plan): unknown
}

/** The key behind `Authorization: Bearer`, or an empty string. */
export function bearerKey(headers: Headers): string {
  return /^Bearer\s+(.*)$/i.exec(headers.get('authorization') ?? '')?.[1]?.trim() ?? ''
}

/** A provider's finish reason for a neutral one; a string that is no neutral one goes out as it is. */
export function finishIn(words: Record<string, string>, finish: string): string {
  return words[finish] ?? finish
}

/** An id of the usual look that is the same in every run: a prefix, then the request's number with leading zeros. */
export function idOf(prefix: string, number: number, width = 24): string {
  return prefix + String(number).padStart(width, '0')
}

/** A UUID of the usual look that is the same in every run. */
export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** A server-sent comment: no event, only a sign of life. */
export const comment = ': ping\n\n'

/** One server-sent event that carries JSON. */
export function sse(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}
