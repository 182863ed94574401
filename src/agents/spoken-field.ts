// A model's answer of which only one field is heard: the same message, with that field in place of its text.
import type { Ending } from '../core/ending.ts'
import type { AgentScopeError } from '../core/error.ts'
import { applyEvent, type StreamEvent } from '../core/event.ts'
import type { Msg } from '../core/message.ts'
import type { ModelResponse } from '../models/response.ts'
import type { FieldReader } from '../parsers/index.ts'
import type { Spoken } from './speech.ts'

/**
 * A view of `response` to be spoken. Thinking, tool calls and refusals stay as they are; of the text only what `field`
 * tells is heard, as it comes. The response itself is read through the view, and keeps all of its text.
 */
export class SpokenField implements Spoken {
  readonly of: ModelResponse
  readonly #field: FieldReader
  /** The blocks whose text is read for the field. */
  readonly #texts = new Set<number>()
  #message: Msg | undefined
  #events: AsyncGenerator<StreamEvent> | undefined

  constructor(response: ModelResponse, field: FieldReader) {
    this.of = response
    this.#field = field
  }

  get id(): string {
    return this.of.id
  }

  get events(): AsyncIterable<StreamEvent> {
    this.#events ??= this.#read()
    return this.#events
  }

  get ending(): Ending | undefined {
    return this.of.ending
  }

  get message(): Msg {
    return this.#message ?? { id: this.id, name: '', role: 'assistant', content: [] }
  }

  get error(): AgentScopeError | undefined {
    return this.of.error
  }

  get timing(): ModelResponse['timing'] {
    return this.of.timing
  }

  async *#read(): AsyncGenerator<StreamEvent> {
    for await (const event of this.of.events) {
      for (const heard of this.#heard(event)) {
        this.#message = applyEvent(this.#message, heard)
        yield heard
      }
    }
  }

  #heard(event: StreamEvent): StreamEvent[] {
    if (event.type === 'block-start' && event.block.type === 'text' && event.block.refusal === undefined) {
      this.#texts.add(event.index)
      return [{ ...event, block: { ...event.block, text: this.#field.push(event.block.text) } }]
    }
    if (event.type === 'text-delta' && this.#texts.has(event.index)) {
      const delta = this.#field.push(event.delta)
      return delta === '' ? [] : [{ ...event, delta }]
    }
    if (event.type !== 'block-end' || !this.#texts.has(event.index)) return [event]
    const { id, index } = event
    const delta = this.#field.end()
    return delta === '' ? [event] : [{ type: 'text-delta', id, index, delta }, event]
  }
}
