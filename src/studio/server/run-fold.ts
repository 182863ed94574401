// One run as its journal tells it, folded entry by entry: its head, its messages, its spans and its open questions.
import type { ErrorEvent, InputRequest, MessageEvent, MessageStart, StreamEvent } from '../../core/event.ts'
import { textIn } from '../../core/kind.ts'
import type { Block, Msg } from '../../core/message.ts'
import type { JournalEntry, JournalRecord, Span } from '../../journal/journal.ts'
import type { Speaker } from '../../scope.ts'
import type { RunHead } from '../protocol/frames.ts'
import { PieceShelf } from '../protocol/growing-text.ts'
import { mostAgents, mostBlocks, mostOpen } from '../protocol/run-limits.ts'
import { RunSpans } from '../protocol/run-spans.ts'
import { OpenMessage } from './open-message.ts'
import { SpillFile } from './spill-file.ts'

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
  answered?: { at: number; content?: unknown; by?: string }
}

/** An error that was told beside the messages. `position` is its place in the journal. */
export interface ToldError {
  position: number
  at: number
  agent: string
  text: string
  /** The message that it is about. */
  message?: string
}

/** What has changed since it was last taken. */
export interface Changes {
  messages: PlacedMessage[]
  spans: Map<string, { span: Span; told: boolean }>
  requests: HeardRequest[]
  errors: ToldError[]
}

/** A message that is being said, with what lists need besides. */
type Speaking = Omit<PlacedMessage, 'message'> & { said: OpenMessage }

const over = ['done', 'failed', 'stopped']

export class RunFold {
  readonly head: RunHead
  /** The offset of the last entry that was folded. */
  position: number
  /** Messages that are being said, by id. */
  readonly open = new Map<string, Speaking>()
  readonly waiting = new Map<string, HeardRequest>()
  readonly #spans: RunSpans
  #changes: Changes = newChanges()
  #lastSpoken: OpenMessage | undefined
  /** Where long texts lie while they grow; another one when nothing that is being said lies there any more. */
  #spill = new SpillFile()
  #shelf = new PieceShelf(this.#spill)

  constructor(head: RunHead, position = 0, waiting: readonly HeardRequest[] = []) {
    this.head = head
    this.position = position
    for (const each of waiting) this.waiting.set(each.request.id, each)
    this.#spans = new RunSpans(
      () => head,
      (span) => this.#changes.spans.set(span.spanId, { span, told: false }),
    )
  }

  get isOver(): boolean {
    return over.includes(this.head.status)
  }

  apply({ offset, record }: JournalEntry): void {
    this.position = offset
    this.head.lastAt = Math.max(this.head.lastAt, record.at)
    if (record.type === 'run') this.#run(record)
    else if (record.type === 'span') this.#told(record.span)
    else if (record.type === 'invocation') this.#spans.invocation(record.invocation)
    else this.#event(record)
  }

  /** Messages that are being said, as far as they are. */
  get spoken(): PlacedMessage[] {
    return [...this.open.values()].map(({ said, ...about }) => ({ ...about, message: said.message }))
  }

  /** Nothing is folded any more. */
  close(): void {
    this.#spill.close()
  }

  /** The changes so far; what changes from now on is gathered anew. */
  take(): Changes {
    const changes = this.#changes
    this.#changes = newChanges()
    this.head.waiting = this.waiting.size
    if (this.head.status === 'running' && this.waiting.size > 0) this.head.status = 'waiting'
    if (this.head.status === 'waiting' && this.waiting.size === 0) this.head.status = 'running'
    this.#tellLine()
    return changes
  }

  #told(span: Span): void {
    this.#spans.areTold = true
    this.#changes.spans.set(span.spanId, { span, told: true })
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
    else if (event.type === 'error') this.#failed(speaker, event, at)
    else if (isMessageEvent(event)) this.#said(speaker, event, at)
    this.#spans.event(speaker, event, at, this.#blockOf(event))
  }

  /** The block that an event has just ended, whole. */
  #blockOf(event: StreamEvent): Block | undefined {
    return event.type === 'block-end' ? this.open.get(event.id)?.said.block(event.index) : undefined
  }

  #asked(heard: HeardRequest): void {
    if (this.waiting.size >= mostOpen) return
    this.waiting.set(heard.request.id, heard)
    this.#changes.requests.push(heard)
  }

  #answered(event: Extract<StreamEvent, { type: 'input-answer' }>, at: number): void {
    const heard = this.waiting.get(event.id)
    if (heard === undefined) return
    this.waiting.delete(event.id)
    const { content, by } = event
    this.#changes.requests.push({ ...heard, answered: { at, content, ...(by !== undefined && { by }) } })
  }

  #failed({ name: agent }: Speaker, { id, error }: ErrorEvent, at: number): void {
    // What a program writes there is looked at nowhere before.
    const text = [error?.message, error?.advice]
      .map((each) => textIn(each) ?? '')
      .join('\n')
      .trim()
    this.#changes.errors.push({ position: this.position, at, agent, text, ...(id !== undefined && { message: id }) })
  }

  #said(speaker: Speaker, event: MessageEvent, at: number): void {
    if (event.type === 'message-start') {
      this.#begin(speaker, event, at)
      return
    }
    const speaking = this.open.get(event.id)
    if (speaking === undefined) return
    if ('index' in event && event.index >= mostBlocks) return
    const { said, ...about } = speaking
    said.apply(event)
    this.#lastSpoken = said
    if (event.type !== 'message-end') return
    this.#tellLine()
    this.#lastSpoken = undefined
    this.open.delete(event.id)
    this.#changes.messages.push({ ...about, message: said.message })
    if (this.open.size === 0) this.#settled()
    this.head.tokensIn += event.usage?.inputTokens ?? 0
    this.head.tokensOut += event.usage?.outputTokens ?? 0
    this.head.tokensCached += event.usage?.cachedInputTokens ?? 0
  }

  #tellLine(): void {
    const line = this.#lastSpoken?.lastLine
    if (line !== undefined) this.head.lastLine = line
  }

  /** What is said from now on lies in a place of its own. */
  #settled(): void {
    this.#spill.close()
    this.#spill = new SpillFile()
    this.#shelf = new PieceShelf(this.#spill)
  }

  #begin(speaker: Speaker, event: MessageStart, at: number): void {
    const { id, name } = speaker
    if (this.open.size >= mostOpen && !this.open.has(event.id)) return
    const { agents } = this.head
    if (agents.length < mostAgents && !agents.includes(name)) this.head.agents = [...this.head.agents, name]
    const { replyId } = event
    const said = new OpenMessage(event, new Date(at).toISOString(), this.#shelf)
    const about = { agent: name, agentId: id, at, position: this.position, ...(replyId !== undefined && { replyId }) }
    this.open.set(event.id, { said, ...about })
  }
}

function newChanges(): Changes {
  return { messages: [], spans: new Map(), requests: [], errors: [] }
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
