// One message that a program tells again and again, each time all of it, as the events that make the difference.
import type { Ending } from '../../core/ending.ts'
import { applyEvent, type BlockDelta, type BlockEnd, type MessageStart, type StreamEvent } from '../../core/event.ts'
import type { Block, Metadata, Msg } from '../../core/message.ts'
import type { SaidBlock } from './ingest-v1-blocks.ts'
import { grownText, isSameBlock, isUnchanged } from './ingest-v1-same.ts'

/** A message that keeps changing what it said is begun anew at most so often. Milliseconds. */
const anewEveryMs = 250

const deltaTypes: Partial<Record<Block['type'], BlockDelta['type']>> = {
  text: 'text-delta',
  thinking: 'thinking-delta',
  tool_use: 'tool-use-delta',
  tool_result: 'tool-result-delta',
}

/**
 * What was told is the fold of the events themselves, so that it can be taken up again from a journal. Each push costs
 * events for what is new. When something that was told has changed, the message begins anew, with a notice before it:
 * `message-start` with the same id, which `applyEvent` reads as a fresh message.
 */
export class CumulativeMessage {
  readonly start: MessageStart
  #message: Msg | undefined
  readonly #sealed = new Set<number>()
  #latest: readonly SaidBlock[] = []
  #metadata: Metadata | undefined
  #events: StreamEvent[] = []
  #held: readonly SaidBlock[] | undefined
  #anewAt = Number.NEGATIVE_INFINITY
  /** A sealed block has grown: blocks of this message stay open until it ends. */
  #keepsOpen = false

  constructor(start: MessageStart) {
    this.start = start
  }

  get ended(): boolean {
    return this.#message?.ending !== undefined
  }

  get hasCalls(): boolean {
    return this.#blocks.some(({ type }) => type === 'tool_use')
  }

  /** When a change that is held back is due; milliseconds like `now`. */
  get heldUntil(): number | undefined {
    return this.#held === undefined ? undefined : this.#anewAt
  }

  /** Takes up what a journal holds of this message. */
  restore(event: StreamEvent): void {
    this.#apply(event)
  }

  push(said: readonly SaidBlock[], metadata: Metadata | undefined, now: number): StreamEvent[] {
    if (metadata !== undefined) this.#metadata = metadata
    this.#held = undefined
    if (this.#message === undefined) this.#emit(this.start)
    else if (!this.#fits(said)) return this.#changed(said, now)
    this.#grow(said)
    return this.#take()
  }

  /** Tells a change that was held back. */
  flush(now: number): StreamEvent[] {
    const said = this.#held
    return said === undefined ? [] : this.#anew(said, now)
  }

  end(ending: Ending, now: number): StreamEvent[] {
    if (this.ended) return []
    const before = this.flush(now)
    for (const index of this.#blocks.keys()) this.#seal(index)
    const metadata = this.#metadata
    this.#emit({ type: 'message-end', id: this.start.id, ending, ...(metadata !== undefined && { metadata }) })
    return [...before, ...this.#take()]
  }

  get #blocks(): Block[] {
    return (this.#message?.content ?? []) as Block[]
  }

  /** Whether all that was told is still so, and only more has come. */
  #fits(said: readonly SaidBlock[]): boolean {
    if (said.length < this.#blocks.length || (this.ended && said.length > this.#blocks.length)) return false
    return this.#blocks.every((block, index) => {
      const now = said[index] as SaidBlock
      if (!isSameBlock(block, now.opening)) return false
      return this.#sealed.has(index) ? isUnchanged(block, now) : now.text.startsWith(grownText(block))
    })
  }

  #changed(said: readonly SaidBlock[], now: number): StreamEvent[] {
    if (now >= this.#anewAt) return this.#anew(said, now)
    this.#held = said
    return []
  }

  #anew(said: readonly SaidBlock[], now: number): StreamEvent[] {
    this.#held = undefined
    this.#anewAt = now + anewEveryMs
    this.#keepsOpen ||= this.#sealed.size > 0
    const text = 'The program changed what it had said; the message begins anew.'
    this.#emit({ type: 'notice', id: this.start.id, kind: 'replaced', text })
    this.#emit(this.start)
    this.#grow(said)
    return this.#take()
  }

  #grow(said: readonly SaidBlock[]): void {
    this.#latest = said
    for (const [index, { opening, steady }] of said.entries()) {
      if (index >= this.#blocks.length) {
        if (index > 0 && !this.#keepsOpen) this.#seal(index - 1)
        this.#emit({ type: 'block-start', id: this.start.id, index, block: opening })
      }
      this.#delta(index, steady)
      if (deltaTypes[opening.type] === undefined) this.#seal(index)
    }
  }

  #delta(index: number, text: string): void {
    if (this.#sealed.has(index)) return
    const block = this.#blocks[index] as Block
    const type = deltaTypes[block.type]
    const delta = text.slice(grownText(block).length)
    if (type !== undefined && delta !== '') this.#emit({ type, id: this.start.id, index, delta })
  }

  #seal(index: number): void {
    if (this.#sealed.has(index)) return
    const said = this.#latest[index]
    if (said !== undefined) this.#delta(index, said.text)
    const event: BlockEnd = { type: 'block-end', id: this.start.id, index }
    if (said?.signature !== undefined) event.signature = said.signature
    if (said?.whole !== undefined) event.output = said.whole
    this.#emit(event)
  }

  #emit(event: StreamEvent): void {
    this.#apply(event)
    this.#events.push(event)
  }

  #apply(event: StreamEvent): void {
    if (event.type === 'notice') return
    if (event.type === 'message-start') this.#sealed.clear()
    if (event.type === 'block-end') this.#sealed.add(event.index)
    this.#message = applyEvent(this.#message, event)
  }

  #take(): StreamEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }
}
