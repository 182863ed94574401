// What the chunks of OpenAI's wire show: choices, deltas, roles, finish reasons, counters, reasoning.
import { type Fields, fieldsOf, isFields, listOf } from '../core/kind.ts'
import { CallQuirks } from './call-quirks.ts'
import type { Note, StreamCheck } from './quirk.ts'
import { errorQuirk, knownFinishes, noteThinkTags } from './reply-quirks.ts'

export class ChatQuirks implements StreamCheck {
  readonly #note: Note
  readonly #calls: CallQuirks
  readonly #ids = new Set<unknown>()
  #values = 0
  #roles = 0
  #counters = 0
  #text = ''
  #finish: string | undefined
  #isDone = false
  #hasFailed = false
  #isWhole = false

  constructor(note: Note) {
    this.#note = note
    this.#calls = new CallQuirks(note)
  }

  mark(text: string): boolean {
    if (text.trim() !== '[DONE]') return false
    this.#isDone = true
    return true
  }

  value(value: unknown, event: string | undefined): void {
    if (!isFields(value)) return this.#note('no-choices')
    this.#values += 1
    if (errorQuirk(value, event, this.#note)) {
      this.#hasFailed = true
      return
    }
    if (typeof value['id'] === 'string' && value['id'] !== '') this.#ids.add(value['id'])
    const isCounted = isFields(value['usage'])
    if (isCounted) this.#counters += 1
    const { choices } = value
    if (choices === undefined) this.#note('no-choices')
    else if (choices === null) this.#note('null-choices')
    else if (listOf(choices).length === 0 && !isCounted) this.#note('empty-choices')
    for (const choice of listOf(choices)) this.#choice(fieldsOf(choice))
  }

  #choice(choice: Fields): void {
    const { index, delta, message } = choice
    if (typeof index === 'number' && index > 0) this.#note('other-choice')
    if (isFields(choice['usage'])) {
      this.#note('usage-in-choice')
      this.#counters += 1
    }
    if (delta === null) this.#note('null-delta')
    else if (delta === undefined && message === undefined) this.#note('no-delta')
    this.#isWhole ||= delta === undefined && isFields(message) && this.#values === 1
    if (isFields(message) && !this.#isWhole) this.#note('message-in-stream')
    this.#delta(isFields(delta) ? delta : fieldsOf(message))
    this.#finishOf(choice['finish_reason'])
  }

  #finishOf(finish: unknown): void {
    if (finish === '') this.#note('empty-finish')
    if (typeof finish !== 'string' || finish === '' || finish === 'null') return
    this.#finish = finish
    if (!knownFinishes.has(finish)) this.#note('finish-unknown')
  }

  #delta(delta: Fields): void {
    const { role, content, tool_calls: calls } = delta
    if (role === 'assistant') this.#roles += 1
    else if (role !== undefined && role !== null) this.#note('odd-role')
    this.#reasoning(delta)
    if (calls === null || (Array.isArray(calls) && calls.length === 0)) this.#note('null-tool-calls')
    if (Array.isArray(content) && content.length > 0) this.#note('parts-content')
    const words = typeof content === 'string' ? content : ''
    if (words !== '' && this.#finish !== undefined) this.#note('early-finish')
    this.#text += words
    if (words !== '' && listOf(calls).length > 0 && !this.#isWhole) this.#note('call-with-text')
    for (const call of listOf(calls)) this.#calls.add(fieldsOf(call))
  }

  #reasoning({ reasoning_content: content, reasoning }: Fields): void {
    const [one, other] = [content, reasoning].map((each) => typeof each === 'string' && each !== '')
    if (one && other) this.#note('reasoning-twice')
    else if (one) this.#note('reasoning-content')
    else if (other) this.#note('reasoning')
  }

  end(): void {
    this.#calls.end(this.#finish === 'length')
    noteThinkTags(this.#text, this.#note)
    if (this.#isWhole) return
    if (this.#values > 0 && this.#roles === 0 && !this.#hasFailed) this.#note('role-never')
    if (this.#roles > 2) this.#note('role-repeated')
    if (this.#ids.size > 1) this.#note('changing-id')
    if (this.#counters > 2) this.#note('usage-everywhere')
    if (!this.#hasFailed) this.#ending()
  }

  #ending(): void {
    if (this.#counters === 0) this.#note('usage-missing')
    if (this.#finish === undefined) this.#note(this.#isDone ? 'finish-missing' : 'cut-off')
    else if (!this.#isDone) this.#note('no-end-mark')
    if (this.#finish === 'stop' && this.#calls.seen > 0) this.#note('calls-finish-stop')
  }
}
