// The events of several requests as those of one message: one start, rising indexes, one end, and a seam without a trace.
import type { Ending } from '../core/ending.ts'
import type { BlockDelta, BlockEnd, BlockStart, Notice, StreamEvent } from '../core/event.ts'
import type { Block, Metadata } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'
import type { EventQueue } from './answering.ts'
import type { GoingOn } from './going-on.ts'
import type { Seam } from './seam.ts'

/** What the writer puts in the place of half a character when the stream breaks inside one. */
const orphan = '\uFFFD'

/**
 * Each request has a writer of its own, whose events are fed in here in order. A text that broke off stays open while
 * another request goes on with it.
 */
export class JoinedEvents implements EventQueue {
  readonly id: string
  events: StreamEvent[] = []
  #nextIndex = 0
  /** From the indexes of the request that is fed in to ours. */
  #places = new Map<number, number>()
  readonly #open = new Map<number, Block>()
  /** The index of a text that waits to be gone on with. */
  #broken: number | undefined
  #seam: Seam | undefined
  #way: GoingOn['way'] | undefined
  #wentOn = false
  #text = ''
  readonly #types = new Set<string>()

  constructor(id: string) {
    this.id = id
  }

  /** Whether an answer, a thought, a call or any other block has begun. */
  get contentSeen(): boolean {
    return this.#nextIndex > 0
  }

  /** The answer's text so far. */
  get text(): string {
    return this.#text
  }

  get thought(): boolean {
    return this.#types.has('thinking')
  }

  /** What there is in the message that no other request can go on from; `undefined` for text and thoughts alone. */
  get obstacle(): string | undefined {
    if (this.#types.has('tool_use')) return 'a tool call'
    if (this.#types.has('refusal')) return 'a refusal'
    const other = [...this.#types].find((type) => type !== 'text' && type !== 'thinking')
    return other && `a block of type ${other}`
  }

  /**
   * Whether anything has come since `goOn`: a character that can be seen, or a block that is no thought. A model that was
   * asked in words and only says its last words again has answered too: there was no more to say.
   */
  get wentOn(): boolean {
    return this.#wentOn
  }

  take(): StreamEvent[] {
    const { events } = this
    this.events = []
    return events
  }

  /** The next events are of another request, which goes on with what broke off. */
  goOn({ way, seam }: Pick<GoingOn, 'way' | 'seam'>): void {
    this.#places = new Map()
    this.#way = way
    this.#wentOn = false
    this.#seam = seam
  }

  /** Says who speaks, before whatever has been told already. To be called once, when it is known who answers. */
  start(name: string): void {
    this.events.unshift({ type: 'message-start', id: this.id, role: 'assistant', name })
  }

  /** An event of the request that is under way. Its start and its end are not for here. */
  feed(event: StreamEvent): void {
    if (event.type === 'block-start') this.#begin(event)
    else if ('delta' in event) this.#grow(this.#placeOf(event.index), event.type, event.delta)
    else if (event.type === 'block-end') this.#seal(event)
    else if (event.type !== 'message-start' && event.type !== 'message-end') this.events.push(event)
  }

  /**
   * The last events of a request that broke, and that another one will go on with: a text that broke off stays open, and
   * half a character is left out, because it will come again.
   */
  feedBroken(events: StreamEvent[]): void {
    const rest = [...events]
    const last = rest.at(-1)
    const isText = last?.type === 'block-end' && this.#isTextOf(last, rest)
    if (isText) rest.pop()
    const half = rest.at(-1)
    if (isText && half?.type === 'text-delta' && half.delta === orphan) rest.pop()
    for (const event of rest) this.feed(event)
    if (!isText) return
    this.#flushSeam(this.#placeOf(last.index))
    this.#broken = this.#placeOf(last.index)
  }

  notice(kind: Notice['kind'], text: string, details: Metadata): void {
    this.events.push({ type: 'notice', id: this.id, kind, text, details })
  }

  /** Seals whatever is open and says the last word. */
  end(ending: Ending, usage: Usage | undefined, metadata: Metadata): void {
    for (const [index, { type }] of [...this.#open]) {
      this.#flushSeam(index)
      this.events.push({
        type: 'block-end',
        id: this.id,
        index,
        ...(type === 'tool_use' && { incomplete: true as const }),
      })
    }
    this.#open.clear()
    this.events.push({ type: 'message-end', id: this.id, ending, ...(usage !== undefined && { usage }), metadata })
  }

  #begin(event: BlockStart): void {
    const { block } = event
    const type = block.type === 'text' && block.refusal ? 'refusal' : block.type
    this.#types.add(type)
    if (type !== 'text' && type !== 'thinking') this.#wentOn = true
    const broken = this.#broken
    this.#broken = undefined
    if (broken !== undefined && block.type === 'text' && !block.refusal) {
      this.#places.set(event.index, broken)
      return
    }
    if (broken !== undefined) this.#close(broken, { type: 'block-end', id: this.id, index: broken })
    const index = this.#nextIndex++
    this.#places.set(event.index, index)
    this.#open.set(index, block)
    this.events.push({ ...event, index })
  }

  #grow(index: number, type: BlockDelta['type'], delta: string): void {
    const isAnswer = this.#isAnswer(index)
    const fresh = isAnswer && this.#seam !== undefined ? this.#seam.take(delta) : delta
    if (isAnswer && (this.#way === 'words' ? delta : fresh).trim() !== '') this.#wentOn = true
    if (fresh === '') return
    if (isAnswer) this.#text += fresh
    this.events.push({ type, id: this.id, index, delta: fresh })
  }

  #seal(event: BlockEnd): void {
    const index = this.#placeOf(event.index)
    this.#flushSeam(index)
    this.#close(index, { ...event, index })
  }

  #close(index: number, end: BlockEnd): void {
    this.#open.delete(index)
    this.events.push(end)
  }

  /** What the seam kept back and is new. A seam is over with the first text. */
  #flushSeam(index: number): void {
    if (this.#seam === undefined || !this.#isAnswer(index)) return
    const fresh = this.#seam.end()
    this.#seam = undefined
    if (fresh === '') return
    if (fresh.trim() !== '') this.#wentOn = true
    this.#text += fresh
    this.events.push({ type: 'text-delta', id: this.id, index, delta: fresh })
  }

  #isAnswer(index: number): boolean {
    const block = this.#open.get(index)
    return block?.type === 'text' && !block.refusal
  }

  /** Whether that end is the bare end of an answer's text, which began before or among these events. */
  #isTextOf(end: BlockEnd, events: readonly StreamEvent[]): boolean {
    if (end.signature !== undefined || end.metadata !== undefined) return false
    const known = this.#places.get(end.index)
    if (known !== undefined) return this.#isAnswer(known)
    const start = events.find((event) => event.type === 'block-start' && event.index === end.index)
    return start?.type === 'block-start' && start.block.type === 'text' && !start.block.refusal
  }

  #placeOf(index: number): number {
    return this.#places.get(index) ?? index
  }
}
