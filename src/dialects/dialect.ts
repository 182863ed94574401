// What a wire protocol is: pure code that formats a request and decodes one wire value. It opens no sockets.
import type { FinishReason } from '../core/ending.ts'
import type { JsonPath } from '../core/json-template.ts'
import type { Metadata, Msg } from '../core/message.ts'
import type { ProviderFailure } from '../core/provider-failure.ts'
import type { ToolChoice, ToolSchema } from '../core/tool.ts'
import type { Usage } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { SchemaSubsetName, StructuredFormat, StructuredWay } from './structured.ts'

/** One of the five, or the name of a dialect of your own. */
export type DialectName = 'openai-chat' | 'dashscope' | 'gemini' | 'anthropic' | 'ollama' | (string & {})

/** A message in a provider's own shape, or the plain `{ role, content: 'text' }` that every dialect understands. */
export type WireMessage = Record<string, unknown>

/**
 * `chat` keeps the roles; `multi-agent` folds the history into one user turn with the speakers' names, as AgentScope's
 * formatters do.
 */
export type Perspective = 'chat' | 'multi-agent'

/** One call, before it is put into a dialect's words. `extras` go into the request body untouched and win over nothing fixed. */
export interface DialectCall<Accent> {
  model: string
  messages: readonly WireMessage[]
  stream: boolean
  tools: readonly ToolSchema[]
  toolChoice?: ToolChoice
  /** The shape of the answer, to be written into the wire's own field. */
  format?: StructuredFormat
  extras: Readonly<Record<string, unknown>>
  accent: Accent
}

/** What decides how a value of a given shape is asked for. */
export interface StructuredQuestion {
  schema: Readonly<Record<string, unknown>>
  /** The same in the subset that the wire's servers enforce, when that can say it. */
  closed?: Readonly<Record<string, unknown>> | undefined
  extras: Readonly<Record<string, unknown>>
}

/** What goes over HTTP: `path` is appended to the base URL, `body` is sent as JSON. */
export interface WireRequest {
  path: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

/** What a wire value came in: the SSE event name and the last comment before it. */
export interface FrameContext {
  event?: string | undefined
  comment?: string | undefined
}

/** What a decoder has found out besides content; the verdict on the ending is made from it. */
export interface Findings {
  finish?: FinishReason
  finishRaw?: string
  /** The wire's own end mark was seen, so nothing more will come. */
  marker: boolean
  failure?: ProviderFailure
  /** Ollama's `load`: the provider says that this is no answer. */
  noAnswer?: boolean
  /** False as soon as one tool call ended without closed JSON. */
  allToolCallsClosed: boolean
  /** Provider data about the reply as a whole: ids, model, filters, cost. */
  metadata: Metadata
}

/** A wire value that only said some words, and would do so again, whatever the words and the free leaves were. */
export interface PlainValue {
  /** Where the words stand, as a string that is not empty. */
  text: JsonPath
  /** Strings and numbers at or under these paths say nothing, or are totals that `recount` takes from the last value. */
  free?: readonly JsonPath[]
  /** Does what decoding the value with these words would do. */
  say(words: string): void
}

/** Turns the wire values of one reply into blocks, in order. Synchronous; keeps no more than the open calls. */
export interface Decoder {
  readonly findings: Findings
  /** Decodes one parsed wire value, a streamed piece or a whole reply alike. */
  decode(value: unknown, frame: FrameContext): void
  /** Decodes a frame that is no JSON by design (`[DONE]`); false when this dialect knows no such frame. */
  mark(text: string): boolean
  /** What the value that was decoded last is when it only said words; absent or `undefined` is always right. */
  plain?(value: unknown): PlainValue | undefined
  /** Notes the totals of a value that `plain` described and that was not decoded. */
  recount?(value: unknown): void
  /** Seals what only the end can seal. Called once, before the verdict. */
  finish(): void
  /** The last counters seen, in our terms; `undefined` when the wire reported none. */
  usage(): Usage | undefined
}

/** The half of a wire that asks. `Accent` holds what differs between the providers that speak it: values, never code. */
export interface AskingDialect<Accent = unknown> {
  readonly name: DialectName
  readonly framing: 'sse' | 'ndjson'
  /** Generation options that are objects of options themselves: a call's are merged over the wrapper's, not put in their place. */
  readonly nestedExtras?: readonly string[]
  /** Fields of the wire's own messages that may stand in the place of `content`: in any message, or in an assistant's. */
  readonly insteadOfContent?: { readonly any?: readonly string[]; readonly assistant?: readonly string[] }
  /** Roles that a message of this wire may have. */
  readonly roles: readonly string[]
  /**
   * Messages with blocks to the provider's own message list; `continues` when somebody spoke before
   * them. Throws `InputError` for what the wire cannot carry.
   */
  format(messages: readonly Msg[], perspective: Perspective, accent: Accent, continues?: boolean): WireMessage[]
  /** Tools in the form in which a request of this wire lists them; empty for none. */
  formatTools(tools: readonly ToolSchema[]): unknown[]
  /** One call to the HTTP request that asks for it. */
  request(call: DialectCall<Accent>): WireRequest
  /** The subset of schemas that its servers enforce. Absent: a schema is sent as it is. */
  readonly schemaSubset?: SchemaSubsetName
  /**
   * The way that really works for a call with these extras and this schema, where a wire knows better than `way`: the
   * user's own extras may ask for a format already, or exclude one. Absent: always `way`.
   */
  structuredWay?(way: StructuredWay, call: StructuredQuestion): StructuredWay
}

/** A wire protocol. */
export interface Dialect<Accent = unknown> extends AskingDialect<Accent> {
  /** A decoder for one reply to a call with these extras (a generation option may change what comes back). */
  decoder(writer: EventWriter, accent: Accent, extras: Readonly<Record<string, unknown>>): Decoder
}

/** A wire of which only the asking half is there: the other half, as large again, is loaded when an answer is on its way. */
export interface LateDialect<Accent = unknown> extends AskingDialect<Accent> {
  whole(): Promise<Dialect<Accent>>
}
