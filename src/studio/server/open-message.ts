// A message that is being said, as the index holds it: the text of a long block leaves the memory while it grows.
import { applyEvent, type MessageEvent, type MessageStart } from '../../core/event.ts'
import { type Block, type Msg, textOf } from '../../core/message.ts'
import { GrowingText, type PieceShelf } from '../protocol/growing-text.ts'

/** Of a line in lists, in UTF-16 units; and how much of a text's end is looked at for one. */
const lineLength = 200
const tailLength = 4 * lineLength

export class OpenMessage {
  readonly #message: Msg
  readonly #shelf: PieceShelf
  /** The texts of the blocks that are open, from their first piece on. */
  readonly #texts = new Map<number, GrowingText>()
  #last: GrowingText | undefined

  constructor(start: MessageStart, timestamp: string, shelf: PieceShelf) {
    this.#message = { ...applyEvent(undefined, start), timestamp }
    this.#shelf = shelf
  }

  /** @throws InputError as `applyEvent` does. */
  apply(event: Exclude<MessageEvent, MessageStart>): void {
    if ('delta' in event) return this.#grow(event.index, event)
    if (event.type === 'block-end') this.#settle(event.index)
    if (event.type === 'message-end') for (const index of [...this.#texts.keys()]) this.#settle(index)
    applyEvent(this.#message, event)
  }

  block(index: number): Block | undefined {
    return (this.#message.content as Block[])[index]
  }

  /** All of it so far. The message itself once it has ended; before, a copy. */
  get message(): Msg {
    if (this.#texts.size === 0) return this.#message
    const copy: Msg = { ...this.#message, content: (this.#message.content as Block[]).map((block) => ({ ...block })) }
    for (const [index, text] of this.#texts) write(copy, index, text)
    return copy
  }

  /** The last line of what was said in words; `undefined` for none. */
  get lastLine(): string | undefined {
    const tail = this.#last?.from(this.#last.length - tailLength) ?? textOf(this.#message)?.slice(-tailLength)
    const line = tail?.toWellFormed().trimEnd().split('\n').at(-1)?.trim()
    // A piece of a string keeps all of it in memory; this one shall not.
    return line === undefined || line === '' ? undefined : Buffer.from(line.slice(0, lineLength)).toString()
  }

  #grow(index: number, event: Extract<MessageEvent, { delta: string }>): void {
    // Without its words it says whether it fits its block.
    applyEvent(this.#message, { ...event, delta: '' })
    const text = this.#texts.get(index) ?? new GrowingText(this.#shelf)
    this.#texts.set(index, text)
    text.append(event.delta)
    if (event.type === 'text-delta') this.#last = text
  }

  #settle(index: number): void {
    const text = this.#texts.get(index)
    if (text !== undefined) write(this.#message, index, text)
    this.#texts.delete(index)
    if (this.#last === text) this.#last = undefined
  }
}

/** Puts a text behind what the block at that place began with. */
function write(message: Msg, index: number, text: GrowingText): void {
  const block = (message.content as Block[])[index]
  const { id } = message
  const whole = text.toString()
  if (block?.type === 'text') applyEvent(message, { type: 'text-delta', id, index, delta: whole })
  else if (block?.type === 'thinking') applyEvent(message, { type: 'thinking-delta', id, index, delta: whole })
  else if (block?.type === 'tool_use') applyEvent(message, { type: 'tool-use-delta', id, index, delta: whole })
  else if (block?.type === 'tool_result') applyEvent(message, { type: 'tool-result-delta', id, index, delta: whole })
}
