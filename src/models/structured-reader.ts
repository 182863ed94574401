// Reads the value out of an answer while it comes: the input of the tool that gives it, or the JSON in the text.

import type { StreamEvent } from '../core/event.ts'
import { JsonInText } from '../core/json-in-text.ts'
import { IncrementalJson, type JsonPath } from '../core/json-incremental.ts'
import type { Block, Msg } from '../core/message.ts'
import { answerTool } from '../core/tool.ts'
import { unwrapped } from './structured-model.ts'

export interface ReaderOptions {
  /** The value may stand in the input of the answer tool. */
  inTool: boolean
  wrapped: boolean
  opens: '{' | '[' | '{['
  onFieldEnd?: (path: JsonPath, value: unknown) => void
}

/** Each character is read once. The first call of the answer tool counts, and wins over everything in the text. */
export class StructuredReader {
  readonly #options: ReaderOptions
  readonly #inText: JsonInText
  #call: { index: number; json: IncrementalJson } | undefined
  readonly #texts = new Set<number>()

  constructor(options: ReaderOptions) {
    this.#options = options
    const { opens, onFieldEnd } = options
    this.#inText = new JsonInText({
      opens,
      ...(onFieldEnd && { onFieldEnd: (path, value) => this.#fieldEnd(path, value) }),
    })
  }

  /** The value so far, growing in place; `undefined` before it begins. */
  get value(): unknown {
    return unwrapped(this.#call === undefined ? this.#inText.value : this.#call.json.value, this.#options.wrapped)
  }

  /** Whether the JSON is whole, as far as its characters say. */
  get whole(): boolean {
    return this.#call === undefined ? this.#inText.whole : this.#call.json.closed
  }

  /** What is wrong with JSON that is none; `undefined` when it only ends too early, or has not begun. */
  get failure(): string | undefined {
    return this.#call === undefined ? this.#inText.failure : this.#call.json.failed?.message
  }

  /** Whether the answer tool was called. */
  get inTool(): boolean {
    return this.#call !== undefined
  }

  /** Whether the event brought characters of the value. */
  apply(event: StreamEvent): boolean {
    if (event.type === 'block-start') return this.#begin(event.index, event.block)
    if (event.type === 'text-delta') return this.#texts.has(event.index) && this.#text(event.delta)
    if (event.type === 'tool-use-delta') return this.#call?.index === event.index && this.#input(event.delta)
    if (event.type === 'message-end') this.#inText.end()
    return false
  }

  /** Reads a whole message. */
  read({ content }: Msg): this {
    const blocks: readonly Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    for (const [index, block] of blocks.entries()) this.#begin(index, block)
    this.#inText.end()
    return this
  }

  #begin(index: number, block: Block): boolean {
    if (block.type === 'text' && block.refusal === undefined) {
      this.#texts.add(index)
      return block.text !== '' && this.#text(block.text)
    }
    if (block.type !== 'tool_use' || block.name !== answerTool) return false
    if (!this.#options.inTool || this.#call !== undefined) return false
    const onFieldEnd = this.#options.onFieldEnd && ((path: JsonPath, value: unknown) => this.#fieldEnd(path, value))
    this.#call = { index, json: new IncrementalJson({ lenient: true, ...(onFieldEnd && { onFieldEnd }) }) }
    return block.rawInput !== '' && this.#input(block.rawInput)
  }

  #text(delta: string): boolean {
    return this.#inText.push(delta) && this.#call === undefined
  }

  #input(delta: string): boolean {
    this.#call?.json.push(delta)
    return true
  }

  /** Paths begin at the value, whatever it is wrapped in. */
  #fieldEnd(path: JsonPath, value: unknown): void {
    if (!this.#options.wrapped) this.#options.onFieldEnd?.(path, value)
    else if (path[0] === 'value') this.#options.onFieldEnd?.(path.slice(1), value)
  }
}
