// A tool result that is being written: its text as it grows, its blocks, how far the tool is, and its verdict.
import type { BlockEnd, Notice, StreamEvent } from '../core/event.ts'
import type { Block, Metadata, TextBlock, ToolResultBlock } from '../core/message.ts'
import { WholeCharacters } from '../core/whole-characters.ts'
import type { Failure } from './failure.ts'

interface Message {
  readonly id: string
  send(event: StreamEvent | (() => StreamEvent | undefined)): void | Promise<void>
}

/** One open block of a `ResultMessage`. After `close` it takes nothing more: a tool that goes on speaks to nobody. */
export class OpenResult {
  readonly #message: Message
  readonly #index: number
  readonly #block: ToolResultBlock & { name: string }
  /** Everything so far, in order. */
  readonly #pieces: Block[] = []
  /** The last piece, when it is text that may grow. */
  #growing: TextBlock | undefined
  #onlyText = true
  readonly #characters = new WholeCharacters()
  /** The latest news that has not been sent yet: when listeners are slow, only the latest counts. */
  #news: Notice | undefined
  #closed = false

  constructor(message: Message, index: number, block: ToolResultBlock & { name: string }) {
    this.#message = message
    this.#index = index
    this.#block = block
  }

  /** What the tool gave, whole. */
  write(output: string | Block[]): void | Promise<void> {
    if (typeof output === 'string') return this.text(output)
    if (this.#closed) return
    this.#onlyText = false
    this.#pieces.push(...output)
  }

  /** A piece of streamed output. A block is kept as it is; its text is heard, too. */
  piece(piece: string | Block): void | Promise<void> {
    if (typeof piece === 'string') return this.text(piece)
    if (this.#closed) return
    this.#flush()
    this.#onlyText = false
    this.#growing = undefined
    this.#pieces.push(piece)
    if (piece.type === 'text') return this.#delta(piece.text.toWellFormed())
  }

  text(text: string): void | Promise<void> {
    if (!this.#closed) return this.#grow(this.#characters.take(text))
  }

  /** News for listeners; no part of the result. `details` must be plain JSON. */
  progress(text: string, details: Metadata): void {
    if (this.#closed) return
    const isWaiting = this.#news !== undefined
    const about = { ...details, callId: this.#block.id, tool: this.#block.name }
    this.#news = { type: 'notice', id: this.#message.id, kind: 'progress', text, details: about }
    if (isWaiting) return
    void this.#message.send(() => {
      const news = this.#news
      this.#news = undefined
      return news
    })
  }

  /** Seals the block and gives it as the message holds it. A failure is written behind what came before it. */
  async close(failure: Failure | undefined, metadata: Metadata): Promise<ToolResultBlock> {
    this.#flush()
    if (failure?.text !== undefined) this.text(this.#growing === undefined ? failure.text : `\n${failure.text}`)
    this.#flush()
    this.#closed = true
    const marks = failure === undefined ? metadata : { ...metadata, state: failure.state }
    const end: BlockEnd = { type: 'block-end', id: this.#message.id, index: this.#index }
    if (Object.keys(marks).length > 0) end.metadata = marks
    if (failure !== undefined) end.isError = true
    if (!this.#onlyText) end.output = this.#pieces
    await this.#message.send(end)
    return {
      ...this.#block,
      output: this.#onlyText ? (this.#growing?.text ?? '') : this.#pieces,
      ...(end.metadata !== undefined && { metadata: end.metadata }),
      ...(end.isError && { isError: true }),
    }
  }

  #flush(): void {
    void this.#grow(this.#characters.end())
  }

  #grow(text: string): void | Promise<void> {
    if (text === '') return
    if (this.#growing === undefined) {
      this.#growing = { type: 'text', text: '' }
      this.#pieces.push(this.#growing)
    }
    this.#growing.text += text
    return this.#delta(text)
  }

  #delta(delta: string): void | Promise<void> {
    if (delta === '') return
    return this.#message.send({ type: 'tool-result-delta', id: this.#message.id, index: this.#index, delta })
  }
}
