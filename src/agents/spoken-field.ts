// A model's answer of which only one field is heard: the same message, with that field in place of its text.
import type { StreamEvent } from '../core/event.ts'
import type { ModelResponse } from '../models/response.ts'
import type { FieldReader } from '../parsers/index.ts'
import { ResponseView } from './response-view.ts'

/**
 * A view of `response` to be spoken. Thinking, tool calls and refusals stay as they are; of the text only what `field`
 * tells is heard, as it comes. The response itself is read through the view, and keeps all of its text.
 */
export class SpokenField extends ResponseView {
  readonly #field: FieldReader
  /** The blocks whose text is read for the field. */
  readonly #texts = new Set<number>()

  constructor(response: ModelResponse, field: FieldReader) {
    super(response)
    this.#field = field
  }

  protected override heard(event: StreamEvent): readonly StreamEvent[] {
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
