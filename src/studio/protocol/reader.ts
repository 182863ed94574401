// One reader of a run: what it has been told, and what it must be told next.
import type { Span } from '../../journal/journal.ts'
import type { RunEncoder } from './encode.ts'
import type { Batch, Op, PartId, RunHead } from './frames.ts'
import {
  endOf,
  type MessageState,
  type PartState,
  partsOf,
  type RequestState,
  type SpanState,
  type Thing,
} from './run-state.ts'
import { spanPatch } from './span-patch.ts'

/** Where a reader says it is: at `{ seq: 0, have: {} }` it knows nothing. */
export interface Cursor {
  seq: number
  /** Lengths of the parts it has begun and not closed, and of those it asks for again. */
  have: Readonly<Record<PartId, number>>
}

export interface ReaderOptions {
  /** Messages of the snapshot; open ones come besides. Default 50. */
  messages?: number
  /** Spans of the snapshot; open ones come besides. Default 1000. */
  spans?: number
}

export interface NextOptions {
  /** The batch ends soon after so many UTF-16 units of text. Default 65,536. */
  most?: number
  /** Whether the figures of the run may be told now. Default true. */
  head?: boolean
}

/** How much of a part's text has been told, and of which revision. */
interface Told {
  length: number
  revision: number
}

/** What an operation costs besides its text, roughly. */
const opCost = 120

/**
 * A cursor into the state of a run, and no queue: a slow reader costs nothing but where it is, and what it missed comes
 * merged. It is made when the run has been read to where it is now; the snapshot is what its first batches hold.
 */
export class RunReader {
  readonly #encoder: RunEncoder
  readonly #told = new Map<PartState, Told>()
  /** Spans as they were told last. */
  readonly #spans = new Map<SpanState, Span>()
  /** What is being told now, and the offset that is reached when all of it has been told. */
  #queue: Thing[] = []
  #at = 0
  #target: number
  #seq: number
  /** The offset that the last batch has told. */
  #said: number
  /** How many batches have been told since it was reached. */
  #nth = 0
  /** Messages before this place are unknown to the reader. */
  #first = 0
  /** Those of them that it has been told of after all. */
  readonly #old = new Set<MessageState>()
  /** The first batch comes even when it is empty: it says that there is nothing more. */
  #isFirst = true
  #reset: boolean
  #head: Partial<RunHead> = {}
  #headVersion = -1
  /** How many of the answers that Studio took have been told. */
  #answers = 0

  constructor(encoder: RunEncoder, cursor: Cursor, { messages = 50, spans = 1000 }: ReaderOptions = {}) {
    this.#encoder = encoder
    this.#reset = cursor.seq > encoder.seq
    this.#seq = this.#reset ? 0 : cursor.seq
    this.#said = this.#seq
    this.#target = encoder.seq
    const asked = this.#reset ? [] : this.#recall(cursor)
    const news = encoder.changes.since(this.#seq)
    if (this.#seq === 0) this.#first = Math.max(0, encoder.messages.length - messages)
    const told = this.#seq === 0 ? this.#snapshot(news, spans) : news
    this.#queue = [...new Set([...asked, ...told])].sort((a, b) => a.born - b.born)
  }

  /** What the reader must be told now; `undefined` when it knows everything. */
  next({ most = 65_536, head = true }: NextOptions = {}): Batch | undefined {
    if (this.#at >= this.#queue.length) this.#look()
    const ops: Op[] = []
    if (head) this.#tellHead(ops)
    this.#tellAnswers(ops)
    let left = most
    for (; this.#at < this.#queue.length && left > 0; this.#at += 1) {
      const thing = this.#queue[this.#at] as Thing
      left -= this.#tell(thing, left, ops)
      if (thing.type === 'part' && !this.#isTold(thing)) break
    }
    const more = this.#at < this.#queue.length
    if (!more) this.#seq = this.#target
    if (ops.length === 0 && !this.#isFirst) return undefined
    this.#isFirst = false
    const [from, nth] = [this.#said, this.#nth]
    this.#said = this.#seq
    this.#nth = more ? nth + 1 : 0
    const reset = this.#reset
    this.#reset = false
    return { seq: this.#seq, from, ...(nth > 0 && { nth }), ops, ...(reset && { reset }), ...(more && { more }) }
  }

  /** Everything that changed since the last look. */
  #look(): void {
    this.#at = 0
    this.#target = this.#encoder.seq
    this.#queue = this.#target === this.#seq ? [] : this.#encoder.changes.since(this.#seq)
  }

  /** Takes over what the reader says it has, and gives the parts of which it has not all. */
  #recall({ have }: Cursor): PartState[] {
    const missing: PartState[] = []
    for (const [id, length] of Object.entries(have)) {
      const part = this.#encoder.part(id)
      if (part === undefined) continue
      const isCurrent = part.revised <= this.#seq && length <= part.text.length
      this.#told.set(part, { length, revision: isCurrent ? part.revision : -1 })
      if (!isCurrent || length < part.text.length) missing.push(part)
    }
    return missing
  }

  /** The end of the transcript, what is still open, and what belongs to them. */
  #snapshot(news: readonly Thing[], spans: number): Thing[] {
    const isShown = (message: MessageState) => message.head.place >= this.#first || message.head.status === 'open'
    const ids = new Set(this.#encoder.messages.filter(isShown).map(({ id }) => id))
    const closed = news.filter((thing): thing is SpanState => thing.type === 'span' && thing.span.endMs !== undefined)
    const old = new Set<Thing>(closed.slice(0, Math.max(0, closed.length - spans)))
    return news.filter((thing) => {
      if (thing.type === 'message') return ids.has(thing.id)
      if (thing.type === 'part') return ids.has(thing.message.id)
      if (thing.type === 'notice') return thing.notice.msg === '' || ids.has(thing.notice.msg)
      return !old.has(thing)
    })
  }

  /** Writes what is new of it, and tells what that costs. */
  #tell(thing: Thing, most: number, ops: Op[]): number {
    switch (thing.type) {
      case 'message':
        return this.#tellMessage(thing, ops)
      case 'part':
        return this.#tellPart(thing, most, ops)
      case 'span':
        ops.push(['s', spanPatch(this.#spans.get(thing), thing.span)])
        this.#spans.set(thing, thing.span)
        return JSON.stringify(thing.span).length
      case 'notice':
        ops.push(['!n', thing.notice])
        return opCost + thing.notice.text.length
      case 'request':
        ops.push(['?', thing.request])
        if (thing.answer !== undefined) ops.push(['!', thing.request.id, thing.answer])
        return opCost + JSON.stringify(thing.request).length
    }
  }

  /** A message that the snapshot left out and that changes after all is told whole. */
  #tellMessage(message: MessageState, ops: Op[]): number {
    ops.push(['m', message.id, { ...message.head }])
    if (message.head.place >= this.#first || this.#old.has(message)) return opCost * 2
    this.#old.add(message)
    const parts = partsOf(message).filter((part) => !this.#told.has(part))
    for (const part of parts) if (part.changed <= this.#seq) this.#queue.push(part)
    return opCost * 2
  }

  #tellPart(part: PartState, most: number, ops: Op[]): number {
    // It may have gone since it was found: its message has started again.
    if (this.#encoder.part(part.id) !== part) return 0
    let told = this.#told.get(part)
    if (told === undefined) {
      ops.push(['n', part.id, part.head])
      told = { length: 0, revision: part.revision }
      this.#told.set(part, told)
    }
    const isOther = told.revision !== part.revision
    const text = part.text.from(isOther ? 0 : told.length, most)
    if (isOther) ops.push(['=', part.id, part.revision, text])
    else if (text !== '') ops.push(['+', part.id, told.length, text])
    told.length = isOther ? text.length : told.length + text.length
    told.revision = part.revision
    if (this.#isTold(part)) this.#close(part, ops)
    const cost = part.head.kind === 'data' ? JSON.stringify(part.head.block).length : text.length
    return cost + opCost
  }

  /** A closed part is forgotten: nothing will be said of it any more, and if something is, it is told anew. */
  #close(part: PartState, ops: Op[]): void {
    if (part.head.kind !== 'data' && part.closed === undefined) return
    if (part.closed !== undefined) ops.push(endOf(part))
    if (part.changed <= this.#target) this.#told.delete(part)
  }

  #isTold(part: PartState): boolean {
    if (this.#encoder.part(part.id) !== part) return true
    const told = this.#told.get(part)
    return told === undefined || (told.revision === part.revision && told.length === part.text.length)
  }

  /** Those of which the journal does not tell yet; a question that is told later brings its own along. */
  #tellAnswers(ops: Op[]): void {
    const { accepted } = this.#encoder
    for (; this.#answers < accepted.length; this.#answers += 1) {
      const { request, answer, isTold, changed } = accepted[this.#answers] as RequestState
      if (answer !== undefined && !isTold && changed <= this.#target) ops.push(['!', request.id, answer])
    }
  }

  /** Only the fields that changed since they were told. */
  #tellHead(ops: Op[]): void {
    const { figures } = this.#encoder
    if (figures.version === this.#headVersion || this.#encoder.seq === 0) return
    this.#headVersion = figures.version
    const head = figures.head()
    const news = Object.entries(head).filter(([field, value]) => differs(this.#head[field as keyof RunHead], value))
    this.#head = head
    if (news.length > 0) ops.push(['r', Object.fromEntries(news) as Partial<RunHead>])
  }

  /** Whether a call of `next` may find something. */
  get isBehind(): boolean {
    const { seq, accepted } = this.#encoder
    const isBehind = this.#at < this.#queue.length || this.#seq < seq || this.#answers < accepted.length
    return this.#isFirst || isBehind || this.isHeadBehind
  }

  get isHeadBehind(): boolean {
    return this.#headVersion !== this.#encoder.figures.version && this.#encoder.seq > 0
  }
}

function differs(a: unknown, b: unknown): boolean {
  return a !== b && JSON.stringify(a) !== JSON.stringify(b)
}
