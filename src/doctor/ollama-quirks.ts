// What the lines of Ollama's wire show.
import { type Fields, fieldsOf, isFields, listOf } from '../core/kind.ts'
import type { Note, StreamCheck } from './quirk.ts'
import { errorQuirk, noteThinkTags } from './reply-quirks.ts'

const reasons = new Set<unknown>(['stop', 'length', 'load', 'unload', undefined, ''])

export class OllamaQuirks implements StreamCheck {
  readonly #note: Note
  #values = 0
  #text = ''
  #isDone = false
  #hasFailed = false

  constructor(note: Note) {
    this.#note = note
  }

  value(value: unknown, event: string | undefined): void {
    if (!isFields(value)) return this.#note('unknown-event')
    this.#values += 1
    if (errorQuirk(value, event, this.#note)) {
      this.#hasFailed = true
      return
    }
    const message = fieldsOf(value['message'])
    const words = typeof message['content'] === 'string' ? message['content'] : ''
    this.#text += words
    if (typeof message['thinking'] === 'string' && message['thinking'] !== '') this.#note('thinking')
    for (const call of listOf(message['tool_calls'])) this.#call(fieldsOf(call))
    if (value['done'] === true) this.#done(value, words)
  }

  #call({ id, function: called }: Fields): void {
    if (typeof id !== 'string' || id === '') this.#note('call-no-id')
    const { arguments: given } = fieldsOf(called)
    if (typeof given === 'string') this.#note('call-arguments-text')
    if (given === null) this.#note('call-arguments-null')
  }

  #done(value: Fields, words: string): void {
    this.#isDone = true
    if (words !== '' && this.#values > 1) this.#note('content-in-done')
    if (value['eval_count'] === undefined) this.#note('usage-missing')
    if (!reasons.has(value['done_reason'])) this.#note('finish-unknown')
  }

  end(): void {
    noteThinkTags(this.#text, this.#note)
    if (!this.#isDone && !this.#hasFailed) this.#note('cut-off')
  }
}
