// The spans of questions to models: open from the first word of the message on, and known in full when the call is told.
import type { BlockDelta, MessageEnd, MessageStart } from '../../core/event.ts'
import type { Span } from '../../journal/journal.ts'
import type { ModelInvocation, Speaker } from '../../scope.ts'
import type { BeginSpan } from './call-spans.ts'
import { ChunkTimes } from './chunk-times.ts'

export class ModelSpans {
  readonly #begin: BeginSpan
  readonly #changed: (span: Span) => void
  /** By the id of the message that is being said. */
  readonly #open = new Map<string, Span>()
  readonly #chunks = new ChunkTimes()

  constructor(begin: BeginSpan, changed: (span: Span) => void) {
    this.#begin = begin
    this.#changed = changed
  }

  started(speaker: Speaker, { id }: MessageStart, at: number): void {
    const span = this.#begin(`model:${id}`, 'chat', 'model', at, id)
    span.attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.agent.name': speaker.name,
      'agentscope.message_id': id,
    }
    this.#open.set(id, span)
    this.#changed(span)
  }

  heard({ id }: BlockDelta, at: number): void {
    this.#chunks.heard(id, at)
    const span = this.#open.get(id)
    if (span === undefined || span.attributes['agentscope.first_content_ms'] !== undefined) return
    span.attributes['agentscope.first_content_ms'] = Math.max(0, at - span.startMs)
    this.#changed(span)
  }

  /** Whether a model has said the message is not known before the call is told: until then it counts as none of theirs. */
  ended({ id, ending }: MessageEnd, at: number): void {
    const span = this.#open.get(id)
    if (span === undefined) return
    this.#open.delete(id)
    Object.assign(span, { endMs: at, kind: 'other', name: 'message' })
    span.status = ending.error === undefined ? 'ok' : 'error'
    this.#changed(span)
  }

  /** The call is over, and told. */
  invocation(invocation: ModelInvocation): void {
    const { model, response, error } = invocation
    const startMs = Date.parse(invocation.startedAt)
    const id = response?.id ?? invocation.id
    this.#open.delete(id)
    const span = this.#begin(`model:${id}`, `chat ${model.modelName}`, 'model', startMs, id)
    span.endMs = startMs + invocation.durationMs
    span.status = (error ?? response?.ending?.error) === undefined ? 'ok' : 'error'
    span.attributes = told({
      ...attributesOf(invocation),
      'agentscope.chunk_ms': this.#chunks.take(response?.id, startMs),
    })
    this.#changed(span)
  }
}

function attributesOf({ model, response, error, speaker, messages, options, firstContentMs }: ModelInvocation) {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': model.provider,
    'gen_ai.request.model': model.modelName,
    'gen_ai.agent.name': speaker.name,
    'gen_ai.usage.input_tokens': response?.usage?.inputTokens,
    'gen_ai.usage.output_tokens': response?.usage?.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': response?.usage?.cachedInputTokens,
    'gen_ai.input.messages': messages,
    'gen_ai.output.messages': response?.content,
    'agentscope.options': options,
    'agentscope.first_content_ms': firstContentMs,
    'agentscope.message_id': response?.id,
    'error.message': (error ?? response?.ending?.error)?.message,
  }
}

function told(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
