// What the events of DashScope's native wire show: deltas or the text so far, the older shape, calls, errors.
import { type Fields, fieldsOf, isFields, listOf } from '../core/kind.ts'
import { CallQuirks } from './call-quirks.ts'
import type { Note, StreamCheck } from './quirk.ts'

/** So many times in a row must a piece begin with the whole piece before it. */
const growsOften = 2

export class DashScopeQuirks implements StreamCheck {
  readonly #note: Note
  readonly #calls: CallQuirks
  #last = ''
  #grown = 0
  #isCounted = false
  #isFinished = false
  #isCut = false
  #hasFailed = false

  constructor(note: Note) {
    this.#note = note
    this.#calls = new CallQuirks(note)
  }

  value(value: unknown, event: string | undefined): void {
    if (!isFields(value)) return this.#note('unknown-event')
    const isError = typeof value['code'] === 'string' && value['code'] !== '' && value['output'] === undefined
    if (isError || event === 'error') {
      this.#hasFailed = true
      return this.#note(event === 'error' ? 'error-event' : 'error-in-stream')
    }
    if (isFields(value['usage'])) this.#isCounted = true
    const output = fieldsOf(value['output'])
    if (typeof output['text'] === 'string') {
      this.#note('output-text')
      this.#said(output['text'])
    }
    this.#finish(output['finish_reason'])
    for (const choice of listOf(output['choices'])) this.#choice(fieldsOf(choice))
  }

  #choice({ message, finish_reason: finish }: Fields): void {
    const { content, reasoning_content: thoughts, tool_calls: calls } = fieldsOf(message)
    if (Array.isArray(content)) this.#note('parts-content')
    const parts = listOf(content).map((part) => fieldsOf(part)['text'])
    this.#said(typeof content === 'string' ? content : parts.filter((each) => typeof each === 'string').join(''))
    if (typeof thoughts === 'string' && thoughts !== '') this.#note('reasoning-content')
    for (const call of listOf(calls)) this.#calls.add(fieldsOf(call))
    this.#finish(finish)
  }

  #finish(finish: unknown): void {
    if (finish === '') this.#note('empty-finish')
    if (typeof finish === 'string' && finish !== '' && finish !== 'null') this.#isFinished = true
    if (finish === 'length') this.#isCut = true
  }

  #said(text: string): void {
    if (text === '') return
    if (this.#last !== '' && text.length > this.#last.length && text.startsWith(this.#last)) this.#grown += 1
    else this.#grown = 0
    if (this.#grown >= growsOften) this.#note('cumulative')
    this.#last = text
  }

  end(): void {
    this.#calls.end(this.#isCut)
    if (this.#hasFailed) return
    if (!this.#isCounted) this.#note('usage-missing')
    if (!this.#isFinished) this.#note('cut-off')
  }
}
