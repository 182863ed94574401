// What the responses of Gemini's wire show. Calls come whole and without ids there; that is how it is.
import { type Fields, fieldsOf, isFields, listOf } from '../core/kind.ts'
import type { Note, StreamCheck } from './quirk.ts'
import { errorQuirk } from './reply-quirks.ts'

export class GeminiQuirks implements StreamCheck {
  readonly #note: Note
  #isFinished = false
  #isCounted = false
  #hasFailed = false

  constructor(note: Note) {
    this.#note = note
  }

  value(value: unknown, event: string | undefined): void {
    // Asked without `alt=sse`, or by some proxies, everything comes in one list.
    if (Array.isArray(value)) for (const each of value) this.value(each, event)
    if (!isFields(value)) return
    if (errorQuirk(value, event, this.#note)) {
      this.#hasFailed = true
      return
    }
    if (isFields(value['usageMetadata'])) this.#isCounted = true
    // A question that was blocked gets no candidates: that is its end.
    if (isFields(value['promptFeedback'])) this.#isFinished = true
    for (const candidate of listOf(value['candidates'])) this.#candidate(fieldsOf(candidate))
  }

  #candidate({ content, finishReason }: Fields): void {
    const parts = listOf(fieldsOf(content)['parts']).map(fieldsOf)
    if (isFields(content) && content['parts'] === undefined) this.#note('no-parts')
    if (this.#isFinished && parts.some(({ text }) => typeof text === 'string' && text !== ''))
      this.#note('early-finish')
    if (parts.some(({ thought }) => thought === true)) this.#note('thinking')
    if (typeof finishReason === 'string') this.#isFinished = true
  }

  end(): void {
    if (this.#hasFailed) return
    if (!this.#isCounted) this.#note('usage-missing')
    if (!this.#isFinished) this.#note('cut-off')
  }
}
