// The spans of a run that tells events instead of spans: the run, each reply, each question to a model, each tool call.
import type { StreamEvent } from '../../core/event.ts'
import type { Block } from '../../core/message.ts'
import type { Span } from '../../journal/journal.ts'
import type { ModelInvocation, Speaker } from '../../scope.ts'
import type { RunHead } from '../protocol/frames.ts'
import { ChunkTimes } from './chunk-times.ts'

/** Attribute names are OpenTelemetry's for generative models where it has one. */
export class RunSpans {
  readonly #head: RunHead
  readonly #changed: (span: Span) => void
  readonly #replies = new Map<string, Span>()
  readonly #calls = new Map<string, Span>()
  /** Tool uses that are being written, by `<message>.<block>`, and whose they are. */
  readonly #uses = new Map<string, { id: string; name: string }>()
  readonly #replyOf = new Map<string, string>()
  readonly #chunks = new ChunkTimes()

  constructor(head: RunHead, changed: (span: Span) => void) {
    this.#head = head
    this.#changed = changed
  }

  /** The run's own span follows what is known about the run. */
  run(): void {
    const { startedAt, endedAt, status } = this.#head
    const span = this.#span('run', this.#head.name, 'other', Date.parse(startedAt) || this.#head.lastAt)
    if (endedAt !== undefined) span.endMs = Date.parse(endedAt)
    if (status === 'failed') span.status = 'error'
    this.#changed(span)
  }

  /** `block`: the one that a `block-end` has ended, whole. */
  event(speaker: Speaker, event: StreamEvent, at: number, block?: Block): void {
    if (event.type === 'message-start' && event.replyId !== undefined) this.#speaks(speaker, event, event.replyId, at)
    else if (event.type === 'message-end') this.#spoke(event, at)
    else if (event.type === 'block-start') this.#block(event, at)
    else if (event.type === 'block-end') this.#blockEnd(speaker, event, at, block)
    else if ('delta' in event) this.#chunks.heard(event.id, at)
  }

  /** A question to a model is told when it is over. */
  invocation(invocation: ModelInvocation): void {
    const { model, response, error, replyId, speaker } = invocation
    const start = Date.parse(invocation.startedAt)
    const span = this.#span(
      `model:${response?.id ?? invocation.id}`,
      `chat ${model.modelName}`,
      'model',
      start,
      replyId,
    )
    span.endMs = start + invocation.durationMs
    const failure = error ?? response?.ending?.error
    span.status = failure === undefined ? 'ok' : 'error'
    span.attributes = told({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': model.provider,
      'gen_ai.request.model': model.modelName,
      'gen_ai.agent.name': speaker.name,
      'gen_ai.usage.input_tokens': response?.usage?.inputTokens,
      'gen_ai.usage.output_tokens': response?.usage?.outputTokens,
      'gen_ai.usage.cache_read.input_tokens': response?.usage?.cachedInputTokens,
      'gen_ai.input.messages': invocation.messages,
      'gen_ai.output.messages': response?.content,
      'agentscope.options': invocation.options,
      'agentscope.first_content_ms': invocation.firstContentMs,
      'agentscope.message_id': response?.id,
      'agentscope.chunk_ms': this.#chunks.take(response?.id, start),
      'error.message': failure?.message,
    })
    this.#changed(span)
  }

  #speaks(speaker: Speaker, event: Extract<StreamEvent, { type: 'message-start' }>, replyId: string, at: number): void {
    this.#replyOf.set(event.id, replyId)
    if (event.role === 'system' && !this.#replies.has(replyId)) return
    const span = this.#replies.get(replyId) ?? this.#span(`reply:${replyId}`, speaker.name, 'agent', at)
    span.attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': speaker.name }
    delete span.endMs
    this.#replies.set(replyId, span)
    this.#changed(span)
  }

  /** A reply may go on with another message: each end is its end until then. */
  #spoke(event: Extract<StreamEvent, { type: 'message-end' }>, at: number): void {
    const span = this.#replies.get(this.#replyOf.get(event.id) ?? '')
    this.#replyOf.delete(event.id)
    if (span === undefined) return
    span.endMs = at
    span.status = event.ending.error === undefined ? 'ok' : 'error'
    this.#changed(span)
  }

  #block({ id, index, block }: Extract<StreamEvent, { type: 'block-start' }>, _at: number): void {
    if (block.type === 'tool_use') this.#uses.set(`${id}.${index}`, { id: block.id, name: block.name })
    if (block.type === 'tool_result') this.#uses.set(`${id}.${index}`, { id: block.id, name: '' })
  }

  /** A call runs from the end of its writing to the end of its result. */
  #blockEnd(
    speaker: Speaker,
    event: Extract<StreamEvent, { type: 'block-end' }>,
    at: number,
    block: Block | undefined,
  ): void {
    const place = `${event.id}.${event.index}`
    const use = this.#uses.get(place)
    this.#uses.delete(place)
    if (use === undefined) return
    const open = this.#calls.get(use.id)
    if (use.name === '' && open !== undefined) {
      open.endMs = at
      open.status = event.isError ? 'error' : 'ok'
      if (block?.type === 'tool_result') open.attributes['gen_ai.tool.call.result'] = block.output
      this.#calls.delete(use.id)
      this.#changed(open)
    } else if (use.name !== '' && event.incomplete === undefined) {
      const input = block?.type === 'tool_use' ? (block.input ?? block.rawInput) : undefined
      this.#calling(speaker, use, event.id, at, input)
    }
  }

  #calling(speaker: Speaker, use: { id: string; name: string }, messageId: string, at: number, input: unknown): void {
    const span = this.#span(`tool:${use.id}`, use.name, 'tool', at, this.#replyOf.get(messageId))
    span.attributes = told({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': use.name,
      'gen_ai.tool.call.id': use.id,
      'gen_ai.agent.name': speaker.name,
      'gen_ai.tool.call.arguments': input,
      'agentscope.message_id': messageId,
    })
    this.#calls.set(use.id, span)
    this.#changed(span)
  }

  #span(id: string, name: string, kind: Span['kind'], startMs: number, replyId?: string): Span {
    const parent = replyId === undefined ? id !== 'run' && `run:${this.#head.id}` : `reply:${replyId}`
    const spanId = id === 'run' ? `run:${this.#head.id}` : id
    const span: Span = { traceId: this.#head.id, spanId, name, kind, startMs, attributes: {} }
    return parent === false ? span : { ...span, parentSpanId: parent }
  }
}

function told(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
