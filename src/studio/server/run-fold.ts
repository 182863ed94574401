// One run as its journal tells it, folded entry by entry: its head, its messages, its spans and its open questions.
import { applyEvent, type InputRequest, type MessageEvent, type StreamEvent } from '../../core/event.ts'
import { type Block, type Msg, textOf } from '../../core/message.ts'
import type { JournalEntry, JournalRecord, Span } from '../../journal/journal.ts'
import type { Speaker } from '../../scope.ts'
import type { RunHead } from '../protocol/frames.ts'
import { RunSpans } from './run-spans.ts'

/** A message with what lists need besides. `position` is its place in the journal, `at` milliseconds since 1970. */
export interface PlacedMessage {
  message: Msg
  agent: string
  agentId: string
  replyId?: string
  at: number
  position: number
}

export interface HeardRequest {
  request: InputRequest
  at: number
  agentId: string
  answered?: { at: number; content?: unknown }
}

/** What has changed since it was last taken. */
export interface Changes {
  messages: PlacedMessage[]
  spans: Map<string, { span: Span; told: boolean }>
  requests: HeardRequest[]
}

const lineLength = 200
const over = ['done', 'failed', 'stopped']

export class RunFold {
  readonly head: RunHead
  /** The offset of the last entry that was folded. */
  position: number
  /** Messages that are being said, by id. */
  readonly open = new Map<string, PlacedMessage>()
  readonly waiting = new Map<string, HeardRequest>()
  readonly #spans: RunSpans
  #changes: Changes = newChanges()
  #lastSpoken: PlacedMessage | undefined

  constructor(head: RunHead, position = 0, waiting: readonly HeardRequest[] = []) {
    this.head = head
    this.position = position
    for (const each of waiting) this.waiting.set(each.request.id, each)
    this.#spans = new RunSpans(head, (span) => this.#changes.spans.set(span.spanId, { span, told: false }))
  }

  get isOver(): boolean {
    return over.includes(this.head.status)
  }

  apply({ offset, record }: JournalEntry): void {
    this.position = offset
    this.head.lastAt = Math.max(this.head.lastAt, record.at)
    if (record.type === 'run') this.#run(record)
    else if (record.type === 'span') this.#changes.spans.set(record.span.spanId, { span: record.span, told: true })
    else if (record.type === 'invocation') this.#spans.invocation(record.invocation)
    else this.#event(record)
  }

  /** The changes so far; what changes from now on is gathered anew. */
  take(): Changes {
    const changes = this.#changes
    this.#changes = newChanges()
    this.head.waiting = this.waiting.size
    if (this.head.status === 'running' && this.waiting.size > 0) this.head.status = 'waiting'
    if (this.head.status === 'waiting' && this.waiting.size === 0) this.head.status = 'running'
    const line = this.#lastSpoken && lastLineOf(this.#lastSpoken.message)
    if (line !== undefined) this.head.lastLine = line
    return changes
  }

  #run({ run }: Extract<JournalRecord, { type: 'run' }>): void {
    Object.assign(this.head, run)
    if (this.isOver) this.waiting.clear()
    this.#spans.run()
  }

  #event({ speaker, event, at }: Extract<JournalRecord, { type: 'event' }>): void {
    // Whoever speaks is not lost.
    if (this.head.status === 'lost') this.head.status = 'running'
    if (event.type === 'input-request') this.#asked({ request: event, at, agentId: speaker.id })
    else if (event.type === 'input-answer') this.#answered(event, at)
    else if (isMessageEvent(event)) this.#said(speaker, event, at)
    this.#spans.event(speaker, event, at, this.#blockOf(event))
  }

  /** The block that an event has just ended, whole. */
  #blockOf(event: StreamEvent): Block | undefined {
    return event.type === 'block-end'
      ? (this.open.get(event.id)?.message.content[event.index] as Block | undefined)
      : undefined
  }

  #asked(heard: HeardRequest): void {
    this.waiting.set(heard.request.id, heard)
    this.#changes.requests.push(heard)
  }

  #answered(event: Extract<StreamEvent, { type: 'input-answer' }>, at: number): void {
    const heard = this.waiting.get(event.id)
    if (heard === undefined) return
    this.waiting.delete(event.id)
    this.#changes.requests.push({ ...heard, answered: { at, content: event.content } })
  }

  #said(speaker: Speaker, event: MessageEvent, at: number): void {
    if (event.type === 'message-start') {
      this.#begin(speaker, event, at)
      return
    }
    const placed = this.open.get(event.id)
    if (placed === undefined) return
    applyEvent(placed.message, event)
    this.#lastSpoken = placed
    if (event.type !== 'message-end') return
    this.open.delete(event.id)
    this.#changes.messages.push(placed)
    this.head.tokensIn += event.usage?.inputTokens ?? 0
    this.head.tokensOut += event.usage?.outputTokens ?? 0
    this.head.tokensCached += event.usage?.cachedInputTokens ?? 0
  }

  #begin(speaker: Speaker, event: Extract<MessageEvent, { type: 'message-start' }>, at: number): void {
    const { id, name } = speaker
    if (!this.head.agents.includes(name)) this.head.agents = [...this.head.agents, name]
    const { replyId } = event
    const message = { ...applyEvent(undefined, event), timestamp: new Date(at).toISOString() }
    const about = { agent: name, agentId: id, at, position: this.position, ...(replyId !== undefined && { replyId }) }
    this.open.set(event.id, { message, ...about })
  }
}

function newChanges(): Changes {
  return { messages: [], spans: new Map(), requests: [] }
}

/** A head for a run of which only its id is known yet. */
export function newHead(id: string, at: number): RunHead {
  const startedAt = new Date(at).toISOString()
  const counts = { tokensIn: 0, tokensOut: 0, tokensCached: 0, waiting: 0, lastAt: at }
  return { id, project: 'default', name: id, startedAt, status: 'running', agents: [], ...counts }
}

function isMessageEvent(event: StreamEvent): event is MessageEvent {
  return event.type.startsWith('message-') || event.type.startsWith('block-') || event.type.endsWith('-delta')
}

function lastLineOf(message: Msg): string | undefined {
  const line = textOf(message)
    ?.slice(-4 * lineLength)
    .trimEnd()
    .split('\n')
    .at(-1)
    ?.trim()
  return line === undefined || line === '' ? undefined : line.slice(0, lineLength)
}
