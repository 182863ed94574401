// The events of a reply: the smallest things that change a message. Plain JSON, never changed after they are made.
import type { Ending } from './ending.ts'
import { type ErrorInfo, InputError } from './error.ts'
import { parseToolInput } from './json.ts'
import type { Block, Metadata, Msg, Role } from './message.ts'
import type { Usage } from './usage.ts'

/** Someone begins to speak. All messages of one reply of an agent have one `replyId`. */
export interface MessageStart {
  type: 'message-start'
  id: string
  role: Role
  name: string
  replyId?: string
}

/** A block begins at `index`; a whole one may begin and end at once. */
export interface BlockStart {
  type: 'block-start'
  id: string
  index: number
  block: Block
}

/** The one growing field of the open block at `index` grows by `delta`. */
export interface BlockDelta {
  type: 'text-delta' | 'thinking-delta' | 'tool-use-delta' | 'tool-result-delta'
  id: string
  index: number
  delta: string
}

/**
 * The block is sealed. `incomplete` marks a tool call that the end of the stream cut off: its input is not proved.
 * A tool result leaves its verdict here, and in `output` what it gave besides text, which then is the whole output.
 */
export interface BlockEnd {
  type: 'block-end'
  id: string
  index: number
  signature?: string
  metadata?: Metadata
  incomplete?: true
  isError?: true
  output?: Block[]
}

/** The last word on a message: always comes, exactly once. */
export interface MessageEnd {
  type: 'message-end'
  id: string
  ending: Ending
  usage?: Usage
  metadata?: Metadata
  /** For whoever watches; no part of the message, because no two runs have the same. */
  timing?: Timing
}

/** Milliseconds from a request to a model to its first content and to its end. */
export interface Timing {
  firstContentMs?: number
  durationMs?: number
}

/**
 * News about a reply that does not change it: silence, a retry, a resumed or replaced stream (or one that could not be
 * resumed), a second request beside a late one, a budget that is used up, a frame that was skipped, how far a tool is, a
 * word of the user's that was taken in, a memory that was compressed.
 */
export interface Notice {
  type: 'notice'
  id: string
  kind:
    | 'silence'
    | 'retry'
    | 'resumed'
    | 'not-resumed'
    | 'replaced'
    | 'hedged'
    | 'budget'
    | 'skipped'
    | 'progress'
    | 'steered'
    | 'compressed'
  text: string
  details?: Metadata
}

/** A wire value that no dialect knows yet, forwarded as it came. It does not change the message. */
export interface RawEvent {
  type: 'raw'
  id: string
  value: unknown
}

/** Something failed beside the messages, for instance one of several merged streams. `id`: the message it is about. */
export interface ErrorEvent {
  type: 'error'
  id?: string
  error: ErrorInfo
}

/** A question to a person. `name` is who speaks when it is answered, or who asks. */
export interface InputRequest {
  type: 'input-request'
  id: string
  name: string
  /** The question in words, for whoever can only show words. */
  text?: string
  /** JSON Schema of the value that is wanted, to be asked for field by field. */
  schema?: Record<string, unknown>
  /** The tool call that may only run when a person allows it. */
  approval?: { tool: string; callId: string; input: unknown }
  /** Until when an answer is waited for, ISO 8601: front ends count it down, and `scope.ask` gives up then. */
  expiresAt?: string
}

/** What a person answered to the request of that id, for everybody who heard the question. */
export interface InputAnswer {
  type: 'input-answer'
  id: string
  content: string | Block[]
  /** What was answered to a request with a schema. */
  value?: unknown
  /** Where it was given, when that is known: `terminal`, `Studio`, or what an input calls itself (`Input.place`). */
  by?: string
}

/** Those that build a message, in order: start, then blocks, then the last word. */
export type MessageEvent = MessageStart | BlockStart | BlockDelta | BlockEnd | MessageEnd

/** Everything that is said, and what is told around it. */
export type StreamEvent = MessageEvent | Notice | RawEvent | ErrorEvent | InputRequest | InputAnswer

/**
 * Folds one event into the message that it belongs to and returns that message: the only reducer, from the decoder to
 * the browser. `message-start` makes the message; every other event changes it in place, in constant time.
 *
 * @throws InputError when the event does not fit: a delta for a block that is not there, an event before the start.
 */
export function applyEvent(message: Msg | undefined, event: StreamEvent): Msg {
  if (event.type === 'message-start') return { id: event.id, name: event.name, role: event.role, content: [] }
  if (message === undefined) throw new InputError(`A ${event.type} event came before any message-start.`)
  const content = message.content as Block[]
  switch (event.type) {
    case 'block-start':
      if (event.index !== content.length) throw misplaced(event, `the next free index is ${content.length}`)
      content.push({ ...event.block })
      break
    case 'text-delta':
    case 'thinking-delta':
    case 'tool-use-delta':
    case 'tool-result-delta':
      grow(content[event.index], event)
      break
    case 'block-end':
      seal(content[event.index], event)
      break
    case 'message-end':
      message.ending = event.ending
      if (event.usage !== undefined) message.usage = event.usage
      if (event.metadata !== undefined) message.metadata = event.metadata
      break
  }
  return message
}

function grow(block: Block | undefined, event: BlockDelta): void {
  if (block?.type === 'text' && event.type === 'text-delta') block.text += event.delta
  else if (block?.type === 'thinking' && event.type === 'thinking-delta') block.thinking += event.delta
  else if (block?.type === 'tool_use' && event.type === 'tool-use-delta') block.rawInput += event.delta
  else if (block?.type === 'tool_result' && event.type === 'tool-result-delta') block.output += event.delta
  else throw misplaced(event, block === undefined ? 'no block is there' : `the block there is ${block.type}`)
}

function seal(block: Block | undefined, event: BlockEnd): void {
  if (block === undefined) throw misplaced(event, 'no block is there')
  if (event.signature !== undefined && block.type !== 'tool_result') block.signature = event.signature
  if (event.metadata !== undefined) block.metadata = event.metadata
  if (block.type === 'tool_result') {
    if (event.output !== undefined) block.output = event.output
    if (event.isError) block.isError = true
  }
  if (block.type === 'tool_use' && block.input === undefined && event.incomplete === undefined) {
    const input = parseToolInput(block.rawInput)
    if (input !== undefined) block.input = input
  }
}

function misplaced(event: BlockStart | BlockDelta | BlockEnd, why: string): InputError {
  return new InputError(`A ${event.type} event for index ${event.index} of message ${event.id} does not fit: ${why}.`)
}
