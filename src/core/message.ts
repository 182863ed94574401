// A message: who spoke, and a list of blocks. Plain JSON, so that it can be stored, sent and folded anywhere.
import type { Ending } from './ending.ts'
import type { Usage } from './usage.ts'

/** Who speaks, as providers tell speakers apart. The results of tools are a message of role `system`. */
export type Role = 'system' | 'user' | 'assistant'

/**
 * Text that is meant to be read. `signature` is opaque vendor data that must be sent back as it came; `refusal` marks what
 * a model said in place of an answer.
 */
export interface TextBlock {
  type: 'text'
  text: string
  refusal?: true
  signature?: string
  metadata?: Metadata
}

/** What a model thought. `redacted` holds the encrypted form when a provider hides the words; both travel back unchanged. */
export interface ThinkingBlock {
  type: 'thinking'
  thinking: string
  signature?: string
  redacted?: string
  metadata?: Metadata
}

/**
 * A tool that the model wants run. `rawInput` is the JSON text as it came; `input` is its value, and stays `undefined`
 * until that text is proved whole.
 */
export interface ToolUseBlock {
  type: 'tool_use'
  id: string
  name: string
  input?: unknown
  rawInput: string
  signature?: string
  metadata?: Metadata
}

/** What a tool answered. `id` is that of the tool use it answers. */
export interface ToolResultBlock {
  type: 'tool_result'
  id: string
  name?: string
  output: string | Block[]
  isError?: boolean
  metadata?: Metadata
}

/** An image, a sound, a film or a file: `url` is an http(s) URL, a `data:` URI, a `file:` URL or a local path. */
export interface MediaBlock {
  type: 'image' | 'audio' | 'video' | 'file'
  url: string
  mimeType?: string
  signature?: string
  metadata?: Metadata
}

/**
 * Something that only its provider understands (a tool the provider ran itself, for one): kept in its place and sent
 * back untouched to the same dialect, ignored by every other.
 */
export interface RawBlock {
  type: 'raw'
  dialect: string
  value: unknown
  signature?: string
  metadata?: Metadata
}

export type Block = TextBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock | MediaBlock | RawBlock
export type Metadata = Record<string, unknown>

export interface MsgOptions {
  /** Default: a random UUID. */
  id?: string
  metadata?: Metadata
  /** Default: now, ISO 8601 in UTC. */
  timestamp?: string
}

/**
 * A message in AgentScope's order of arguments: `new Msg('Friday', 'Hello', 'assistant')`. It carries no methods, so a
 * plain object of the same shape is a `Msg` too. `ending` and `usage` are set on what a model said.
 */
export class Msg {
  id: string
  name: string
  role: Role
  content: string | Block[]
  timestamp?: string
  metadata?: Metadata
  ending?: Ending
  usage?: Usage

  constructor(name: string, content: string | Block[], role: Role, options: MsgOptions = {}) {
    this.id = options.id ?? crypto.randomUUID()
    this.name = name
    this.role = role
    this.content = content
    this.timestamp = options.timestamp ?? new Date().toISOString()
    if (options.metadata !== undefined) this.metadata = options.metadata
  }
}

/** The message's blocks, whichever way its content is written. */
export function blocksOf(message: Pick<Msg, 'content'>): Block[] {
  if (typeof message.content !== 'string') return message.content
  return message.content === '' ? [] : [{ type: 'text', text: message.content }]
}

/** All text blocks joined without a separator; `null` when there is none. AgentScope: `Msg.get_text_content`. */
export function textOf(message: Pick<Msg, 'content'>): string | null {
  if (typeof message.content === 'string') return message.content
  let text: string | null = null
  for (const block of message.content) if (block.type === 'text') text = (text ?? '') + block.text
  return text
}
