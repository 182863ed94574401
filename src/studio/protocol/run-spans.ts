// The spans of a run that tells events instead of spans: the run, each reply, each question to a model, each tool call.
import type { MessageEnd, MessageStart, StreamEvent } from '../../core/event.ts'
import type { Block } from '../../core/message.ts'
import type { Span } from '../../journal/journal.ts'
import type { ModelInvocation, Speaker } from '../../scope.ts'
import { CallSpans } from './call-spans.ts'
import type { RunHead } from './frames.ts'
import { ModelSpans } from './model-spans.ts'

/** Attribute names are OpenTelemetry's for generative models where it has one. */
export class RunSpans {
  /** The program tells spans of its own: those of its calls are not guessed from its messages. */
  areTold = false
  readonly #head: () => RunHead
  readonly #changed: (span: Span) => void
  readonly #replies = new Map<string, Span>()
  readonly #replyOf = new Map<string, string>()
  readonly #models: ModelSpans
  readonly #calls: CallSpans

  /** `head`: what is known of the run. `changed` hears of each span that began, grew or ended; the object stays the same. */
  constructor(head: () => RunHead, changed: (span: Span) => void) {
    this.#head = head
    this.#changed = changed
    const begin = (id: string, name: string, kind: Span['kind'], startMs: number, messageId: string) =>
      this.#span(id, name, kind, startMs, this.#replyOf.get(messageId))
    this.#models = new ModelSpans(begin, changed)
    this.#calls = new CallSpans(begin, changed)
  }

  /** The run's own span follows what is known about the run. */
  run(): void {
    const { id, name, startedAt, endedAt, status, lastAt } = this.#head()
    const startMs = Date.parse(startedAt) || lastAt
    const span: Span = { traceId: id, spanId: `run:${id}`, name, kind: 'other', startMs, attributes: {} }
    if (endedAt !== undefined) span.endMs = Date.parse(endedAt)
    if (status === 'failed') span.status = 'error'
    this.#changed(span)
  }

  /** `block`: the one that a `block-end` has ended, whole, when that is known. */
  event(speaker: Speaker, event: StreamEvent, at: number, block?: Block): void {
    if (event.type === 'message-start') this.#speaks(speaker, event, at)
    else if (event.type === 'message-end') this.#spoke(event, at)
    else if (event.type === 'block-start') this.#calls.started(event)
    else if (event.type === 'block-end') this.#calls.ended(speaker, event, at, block)
    else if ('delta' in event) this.#models.heard(event, at)
  }

  /** A question to a model is told when it is over. */
  invocation(invocation: ModelInvocation): void {
    const { response, id, replyId } = invocation
    const messageId = response?.id ?? id
    if (replyId !== undefined) this.#replyOf.set(messageId, replyId)
    this.#models.invocation(invocation)
    this.#replyOf.delete(messageId)
  }

  #speaks(speaker: Speaker, event: MessageStart, at: number): void {
    const { replyId, role } = event
    if (replyId === undefined) return
    this.#replyOf.set(event.id, replyId)
    if (role === 'system' && !this.#replies.has(replyId)) return
    const span = this.#replies.get(replyId) ?? this.#span(`reply:${replyId}`, speaker.name, 'agent', at)
    span.attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': speaker.name }
    delete span.endMs
    this.#replies.set(replyId, span)
    this.#changed(span)
    if (role === 'assistant' && !this.areTold) this.#models.started(speaker, event, at)
  }

  /** A reply may go on with another message: each end is its end until then. */
  #spoke(event: MessageEnd, at: number): void {
    this.#models.ended(event, at)
    const span = this.#replies.get(this.#replyOf.get(event.id) ?? '')
    this.#replyOf.delete(event.id)
    if (span === undefined) return
    span.endMs = at
    span.status = event.ending.error === undefined ? 'ok' : 'error'
    this.#changed(span)
  }

  #span(spanId: string, name: string, kind: Span['kind'], startMs: number, replyId?: string): Span {
    const { id } = this.#head()
    const parentSpanId = replyId === undefined ? `run:${id}` : `reply:${replyId}`
    return { traceId: id, spanId, parentSpanId, name, kind, startMs, attributes: {} }
  }
}

/** What was asked and said, and when each piece came: much, and asked for when somebody wants to see it. */
const words = [
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'agentscope.options',
  'agentscope.chunk_ms',
]

/** A span of a run's own as it is told live. */
export function withoutWords(span: Span): Span {
  const kept = Object.entries(span.attributes).filter(([name]) => !words.includes(name))
  return { ...span, attributes: Object.fromEntries(kept) }
}
