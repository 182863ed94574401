// What the events of Anthropic's wire show.
import { fieldsOf, isFields } from '../core/kind.ts'
import type { Note, StreamCheck } from './quirk.ts'
import { errorQuirk } from './reply-quirks.ts'

const events = new Set<unknown>([
  ...['message_start', 'message_delta', 'message_stop', 'ping', 'error'],
  ...['content_block_start', 'content_block_delta', 'content_block_stop'],
])

export class AnthropicQuirks implements StreamCheck {
  readonly #note: Note
  #starts = 0
  #stopReason: unknown
  #isStopped = false
  #isCounted = false
  #hasFailed = false

  constructor(note: Note) {
    this.#note = note
  }

  value(value: unknown, event: string | undefined): void {
    if (!isFields(value)) return this.#note('unknown-event')
    const { type } = value
    if (event === undefined) this.#note('no-event-lines')
    if (errorQuirk(value, event, this.#note)) {
      this.#hasFailed = true
      return
    }
    if (!events.has(type)) this.#note('unknown-event')
    if (type === 'message_start') this.#starts += 1
    if (type === 'message_start' && this.#starts === 2) this.#note('message-start-twice')
    if (type === 'message_delta') this.#stopReason ??= fieldsOf(value['delta'])['stop_reason']
    if (type === 'message_stop') this.#isStopped = true
    this.#isCounted ||= isFields(value['usage']) || isFields(fieldsOf(value['message'])['usage'])
    this.#block(fieldsOf(value['content_block']))
  }

  #block({ type, input, id }: Record<string, unknown>): void {
    if (type === 'thinking') this.#note('thinking')
    if (type !== 'tool_use') return
    if (typeof id !== 'string' || id === '') this.#note('call-no-id')
    if (Object.keys(fieldsOf(input)).length > 0) this.#note('call-whole-arguments')
  }

  end(): void {
    if (this.#hasFailed) return
    if (!this.#isCounted) this.#note('usage-missing')
    if (this.#isStopped) return
    this.#note(typeof this.#stopReason === 'string' ? 'no-end-mark' : 'cut-off')
  }
}
