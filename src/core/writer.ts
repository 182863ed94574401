// Bookkeeping of one message: dialects say what arrived, the writer opens, continues and seals blocks.
import type { Ending } from './ending.ts'
import type { BlockDelta, BlockEnd, Notice, StreamEvent } from './event.ts'
import type { Block, Metadata, Role } from './message.ts'
import { redactJson } from './redact.ts'
import type { Usage } from './usage.ts'
import { WholeCharacters } from './whole-characters.ts'

type Prose = 'text' | 'refusal' | 'thinking'
type Growing = Prose | 'tool_use'

interface OpenBlock {
  readonly index: number
  readonly type: Growing
  readonly deltaType: BlockDelta['type']
  readonly characters: WholeCharacters
  signature?: string
  metadata?: Metadata
}

const deltaTypes = {
  text: 'text-delta',
  refusal: 'text-delta',
  thinking: 'thinking-delta',
  tool_use: 'tool-use-delta',
} as const

const emptyProse = {
  text: { type: 'text', text: '' },
  refusal: { type: 'text', text: '', refusal: true },
  thinking: { type: 'thinking', thinking: '' },
} as const

/** Stands for the name of a call that came without one: no tool has it, and no provider takes a call back without. */
const nameless = 'unnamed'

export interface EventWriterOptions {
  id: string
  name: string
  role?: Role
  replyId?: string
  /** Values that must appear in no event that only repeats what a provider sent. */
  secrets?: readonly string[]
}

export interface ToolUseEnd {
  incomplete?: boolean
  signature?: string | undefined
  metadata?: Metadata | undefined
}

/**
 * Writes the events of one message into `events`, which its owner empties. It keeps the promises of the event list:
 * the start comes first, indexes rise and are never reused, deltas go only into an open block of their kind, no delta
 * is empty or ends in half a character, and after `end` nothing more is written.
 */
export class EventWriter {
  readonly id: string
  /** What has been written and not yet been taken. */
  events: StreamEvent[] = []
  textSeen = false
  thinkingSeen = false
  toolCalls = 0
  ended = false

  readonly #secrets: readonly string[]
  #nextIndex = 0
  #prose: OpenBlock | undefined
  readonly #tools = new Map<number, OpenBlock>()

  constructor(options: EventWriterOptions) {
    this.id = options.id
    const { name, role = 'assistant', replyId } = options
    this.#secrets = options.secrets ?? []
    this.events.push({ type: 'message-start', id: this.id, role, name, ...(replyId !== undefined && { replyId }) })
  }

  /** Whether an answer, a thought, a tool call or any other block has begun. */
  get contentSeen(): boolean {
    return this.#nextIndex > 0
  }

  /** Takes what has been written so far; the writer goes on with an empty list. */
  take(): StreamEvent[] {
    const events = this.events
    this.events = []
    return events
  }

  text(delta: string): void {
    if (delta === '') return
    this.textSeen = true
    this.#grow(this.#proseOf('text'), delta)
  }

  thinking(delta: string): void {
    if (delta === '') return
    this.thinkingSeen = true
    this.#grow(this.#proseOf('thinking'), delta)
  }

  /** What the model says in place of an answer: shown like text, but no part of the answer's text. */
  refusal(delta: string): void {
    if (delta !== '') this.#grow(this.#proseOf('refusal'), delta)
  }

  /**
   * Signs the prose block of that type: the open one, or an empty new one when none is open. A second, other signature
   * begins a new block, so that none is lost.
   */
  sign(type: 'text' | 'thinking', signature: string): void {
    const open = this.#prose
    if (open?.type === type && open.signature !== undefined && open.signature !== signature) this.endProse()
    this.#proseOf(type).signature = signature
  }

  /** Vendor data that leaves with the open prose block's end. */
  annotate(metadata: Metadata): void {
    if (this.#prose) this.#prose.metadata = { ...this.#prose.metadata, ...metadata }
  }

  /** Seals the open text or thinking block, if any. */
  endProse(): void {
    const open = this.#prose
    if (open === undefined) return
    this.#prose = undefined
    this.#seal(open)
  }

  /** Opens a tool call and returns its index, the handle for `toolUseDelta` and `endToolUse`. */
  beginToolUse(id: string, name: string): number {
    this.endProse()
    this.toolCalls += 1
    const open = this.#begin('tool_use', { type: 'tool_use', id, name: name || nameless, rawInput: '' })
    this.#tools.set(open.index, open)
    return open.index
  }

  toolUseDelta(index: number, delta: string): void {
    const open = this.#tools.get(index)
    if (open !== undefined && delta !== '') this.#grow(open, delta)
  }

  /** Seals a tool call. `incomplete` says that its JSON was cut off and must never be taken for whole. */
  endToolUse(index: number, options: ToolUseEnd = {}): void {
    const open = this.#tools.get(index)
    if (open === undefined) return
    this.#tools.delete(index)
    if (options.signature !== undefined) open.signature = options.signature
    if (options.metadata !== undefined) open.metadata = options.metadata
    this.#seal(open, options.incomplete === true)
  }

  /** A block that came whole: begins and ends at once. */
  block(block: Block, signature?: string): void {
    this.endProse()
    const index = this.#nextIndex++
    this.events.push({ type: 'block-start', id: this.id, index, block })
    this.events.push({ type: 'block-end', id: this.id, index, ...(signature !== undefined && { signature }) })
  }

  /** A wire value that nobody knows: forwarded, not part of the message. */
  raw(value: unknown): void {
    this.events.push({ type: 'raw', id: this.id, value: redactJson(value ?? null, this.#secrets) })
  }

  notice(kind: Notice['kind'], text: string, details?: Metadata): void {
    if (this.ended) return
    this.events.push({ type: 'notice', id: this.id, kind, text, ...(details !== undefined && { details }) })
  }

  /** Seals whatever is open and says the last word. Later calls do nothing. */
  end(ending: Ending, usage?: Usage, metadata?: Metadata): void {
    if (this.ended) return
    this.endProse()
    for (const index of [...this.#tools.keys()]) this.endToolUse(index, { incomplete: true })
    this.ended = true
    this.events.push({
      type: 'message-end',
      id: this.id,
      ending,
      ...(usage !== undefined && { usage }),
      ...(metadata !== undefined && { metadata }),
    })
  }

  #proseOf(type: Prose): OpenBlock {
    const open = this.#prose
    if (open !== undefined && open.type === type) return open
    this.endProse()
    this.#prose = this.#begin(type, { ...emptyProse[type] })
    return this.#prose
  }

  #begin(type: Growing, block: Block): OpenBlock {
    const index = this.#nextIndex++
    this.events.push({ type: 'block-start', id: this.id, index, block })
    return { index, type, deltaType: deltaTypes[type], characters: new WholeCharacters() }
  }

  #grow(open: OpenBlock, delta: string): void {
    this.#delta(open, open.characters.take(delta))
  }

  #delta({ deltaType, index }: OpenBlock, delta: string): void {
    if (delta !== '') this.events.push({ type: deltaType, id: this.id, index, delta })
  }

  #seal(open: OpenBlock, incomplete = false): void {
    this.#delta(open, open.characters.end())
    const end: BlockEnd = { type: 'block-end', id: this.id, index: open.index }
    if (open.signature !== undefined) end.signature = open.signature
    if (open.metadata !== undefined) end.metadata = open.metadata
    if (incomplete) end.incomplete = true
    this.events.push(end)
  }
}
