// What has been heard of a message: the fold of the events handed on so far.
import type { Ending } from '../core/ending.ts'
import { applyEvent, type BlockDelta, type StreamEvent } from '../core/event.ts'
import type { Block, Msg } from '../core/message.ts'
import type { ToolCall } from '../core/tool.ts'

/** So many deltas are joined before they are folded: long enough to save work, short enough to keep memory flat. */
const longestRun = 256

/**
 * Deltas of one block are folded in runs, when somebody looks or the run ends: a listener that reads only the events
 * does not pay for a text that grows with each of them.
 */
export class HeardMessage {
  #message: Msg | undefined
  /** The last delta of the run that has not been folded yet, and the text of all of them. */
  #runEnd: BlockDelta | undefined
  #run: string[] = []
  /** The answer's text so far; undefined when it has to be gathered from the blocks. */
  #text: string | null | undefined

  apply(event: StreamEvent): void {
    if ('delta' in event) {
      if (this.#runEnd?.index !== event.index || this.#run.length >= longestRun) this.#foldRun()
      this.#runEnd = event
      this.#run.push(event.delta)
      // Only one block of prose is open at a time, so what grows is the text's end.
      if (this.#text !== undefined && event.type === 'text-delta' && this.isAnswer(event.index)) {
        this.#text = this.#text === null ? event.delta : this.#text + event.delta
      }
      return
    }
    this.#foldRun()
    this.#text = undefined
    this.#message = applyEvent(this.#message, event)
  }

  /** `undefined` before the first event. */
  get message(): Msg | undefined {
    this.#foldRun()
    return this.#message
  }

  get ending(): Ending | undefined {
    return this.#message?.ending
  }

  /** The answer's text; `null` when there is none yet. */
  get text(): string | null {
    if (this.#text === undefined) {
      const answer = this.joined((block) => (block.type === 'text' && block.refusal === undefined ? block.text : null))
      this.#text = answer || null
    }
    return this.#text
  }

  get toolCalls(): ToolCall[] {
    return this.#blocks().flatMap((block) => {
      if (block.type !== 'tool_use') return []
      const { id, name, input, rawInput } = block
      return [{ id, name, input, rawInput }]
    })
  }

  /** Whether the block at that index is text that answers, and no refusal. */
  isAnswer(index: number): boolean {
    const block = (this.#message?.content as Block[] | undefined)?.[index]
    return block?.type === 'text' && block.refusal === undefined
  }

  /** What `pick` takes of each block, joined; `null` when it took nothing. */
  joined(pick: (block: Block) => string | null): string | null {
    let joined: string | null = null
    for (const block of this.#blocks()) {
      const piece = pick(block)
      if (piece !== null) joined = joined === null ? piece : joined + piece
    }
    return joined
  }

  #foldRun(): void {
    if (this.#runEnd === undefined) return
    const event = this.#run.length === 1 ? this.#runEnd : { ...this.#runEnd, delta: this.#run.join('') }
    this.#runEnd = undefined
    this.#run = []
    this.#message = applyEvent(this.#message, event)
  }

  #blocks(): readonly Block[] {
    this.#foldRun()
    const content = this.#message?.content
    return typeof content === 'object' ? content : []
  }
}
