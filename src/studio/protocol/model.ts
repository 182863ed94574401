// One run as a reader holds it: operations go in, and whoever listens hears what has changed. Runs in browsers.
// Longer than most files: one case for each operation, all on one state.
import type { Span } from '../../journal/journal.ts'
import { crc32 } from './crc.ts'
import type {
  Batch,
  MessageHead,
  Op,
  PartHead,
  PartId,
  RunAnswer,
  RunHead,
  RunNotice,
  RunRequest,
  SpanPatch,
} from './frames.ts'
import { patchedSpan } from './span-patch.ts'

/** The object stays the same while the part lives; its fields change. */
export interface RunPart {
  readonly id: PartId
  head: PartHead
  text: string
  /** Rises when the text became another one. */
  revision: number
  closed: boolean
  /** When, in milliseconds since 1970; absent while it is open. */
  closedAt?: number
  /** `incomplete`: a call cut off. `error`: a failed result. `unproved`: the text is not what its sender said it is. */
  fault?: string
}

/** The object stays the same while the message lives; its fields change. */
export interface RunMessage {
  readonly id: string
  head: MessageHead
  /** In the order of the blocks. */
  parts: RunPart[]
  notices: RunNotice[]
}

export interface AskedRequest extends RunRequest {
  /** Absent while nobody has answered. */
  answered?: RunAnswer
}

export type Topic =
  /** A message came or went, or changed its place. */
  | 'messages'
  | 'head'
  | 'requests'
  | 'spans'
  | 'notices'
  /** The head of that message changed, one of its parts came or went, or there is news about it. */
  | `message ${string}`
  /** The text of that part grew, or it was closed. */
  | `part ${PartId}`

/** `appended`: what a part's text has grown by; absent when the text became another one, and for everything else. */
export interface Change {
  appended?: string
}

/** So often a text that is not what it should be is asked for again; then it stays, and is marked. */
const mostDoubts = 3

/**
 * A reducer without a clock, a socket or a framework. Everything may come twice, and text that came late is known by its
 * offset; what is missing is asked for again, and a part that is closed is checked by length and CRC. Listeners are called
 * when a whole batch has been applied, each once.
 */
export class RunModel {
  readonly run: string
  /** The journal offset up to which everything is known. */
  seq = 0
  /** Whether a snapshot or a catching up has been begun and not ended. */
  isPartial = true
  head: Partial<RunHead> = {}
  /** In the order of their places. */
  messages: RunMessage[] = []
  readonly parts = new Map<PartId, RunPart>()
  readonly requests = new Map<string, AskedRequest>()
  readonly spans = new Map<string, Span>()
  /** News about the run itself, not about a message. */
  notices: RunNotice[] = []
  /** How many batches have come since `seq` was reached. */
  #nth = 0
  readonly #byId = new Map<string, RunMessage>()
  readonly #open = new Set<PartId>()
  readonly #wanted = new Set<PartId>()
  readonly #doubts = new Map<PartId, number>()
  readonly #listeners = new Map<Topic, Set<(change: Change) => void>>()
  /** What changed in this batch, and by what text a part grew; `undefined` when it became another one. */
  #changed = new Map<Topic, string | undefined>()

  constructor(run: string) {
    this.run = run
  }

  /**
   * Applies a batch. Returns whether something must be asked again, with a `sub` of `cursor()`: a batch before this one
   * is missing, text is missing before what came, or a closed part is not what it should be. It says so with every batch
   * until what is missing has come.
   */
  apply(batch: Batch): boolean {
    if (batch.reset) this.#clear()
    // Without the batch before it, heads could be taken for newer than they are. Text says itself where it belongs.
    const { from = this.seq, nth = 0 } = batch
    const isAhead = from > this.seq || (from === this.seq && nth > this.#nth)
    const isOld = batch.seq < this.seq
    for (const op of batch.ops) if (!(isAhead || isOld) || isText(op)) this.#op(op)
    if (!isAhead && !isOld) {
      this.seq = batch.seq
      this.isPartial = batch.more === true
      this.#nth = batch.more ? nth + 1 : 0
    }
    this.#tell()
    return isAhead || this.#wanted.size > 0
  }

  /** Messages that were read by HTTP: older ones than those the snapshot held. */
  addOlder(ops: readonly Op[]): void {
    for (const op of ops) if (op[0] !== 'm' || !this.#byId.get(op[1])?.head.status) this.#op(op)
    this.#tell()
  }

  /** What to say when subscribing, the first time and again. */
  cursor(): { seq: number; have: Record<PartId, number> } {
    const have: Record<PartId, number> = {}
    const ids = this.isPartial ? this.parts.keys() : [...this.#open, ...this.#wanted]
    for (const id of ids) have[id] = this.parts.get(id)?.text.length ?? 0
    return { seq: this.seq, have }
  }

  message(id: string): RunMessage | undefined {
    return this.#byId.get(id)
  }

  /** Calls `listener` after each batch that changed something of that topic, until the returned function is called. */
  listen(topic: Topic, listener: (change: Change) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic)
    }
  }

  #op(op: Op): void {
    switch (op[0]) {
      case 'n':
        return this.#begin(op[1], op[2])
      case '+':
        return this.#append(op[1], op[2], op[3])
      case '=':
        return this.#replace(op[1], op[2], op[3])
      case 'e':
        return this.#close(op[1], op[2])
      case 'm':
        return this.#message(op[1], op[2])
      case 'r':
        this.head = { ...this.head, ...op[1] }
        return this.#mark('head')
      case 's':
        return this.#span(op[1])
      case '!n':
        return this.#notice(op[1])
      case '?':
        if (!this.requests.has(op[1].id)) this.requests.set(op[1].id, { ...op[1] })
        return this.#mark('requests')
      case '!':
        return this.#answered(op[1], op[2])
    }
  }

  #begin(id: PartId, head: PartHead): void {
    const message = this.#byId.get(head.msg) ?? this.#newMessage(head.msg)
    if (this.parts.has(id) || (head.start ?? 0) < (message.head.start ?? 0)) return
    const part: RunPart = { id, head, text: '', revision: 0, closed: head.kind === 'data' }
    this.parts.set(id, part)
    if (!part.closed) this.#open.add(id)
    insert(message.parts, part, comparePartIds)
    this.#mark(`message ${head.msg}`)
  }

  #append(id: PartId, offset: number, text: string): void {
    const part = this.parts.get(id)
    if (part === undefined || this.#isMissing(part, offset)) return
    const news = text.slice(part.text.length - offset)
    if (news === '') return
    part.text += news
    this.#wanted.delete(id)
    if (part.closed) this.#reopen(part)
    this.#grew(id, news)
  }

  /** Asks for what is missing before that offset, if anything is. */
  #isMissing(part: RunPart, offset: number): boolean {
    if (offset <= part.text.length) return false
    this.#wanted.add(part.id)
    return true
  }

  #reopen(part: RunPart): void {
    part.closed = false
    delete part.fault
    delete part.closedAt
    this.#open.add(part.id)
  }

  #replace(id: PartId, revision: number, text: string): void {
    const part = this.parts.get(id)
    if (part === undefined || revision < part.revision) return
    if (revision === part.revision && part.text.startsWith(text)) return
    part.revision = revision
    part.text = text
    if (part.closed) this.#reopen(part)
    this.#becameOther(id)
  }

  #close(id: PartId, { len, crc, at, fault }: Extract<Op, readonly ['e', ...unknown[]]>[2]): void {
    const part = this.parts.get(id)
    if (part === undefined || this.#isMissing(part, len)) return
    // A late one of a text that has grown since says nothing.
    if (len < part.text.length) return
    const isRight = crc32(part.text) === crc
    const doubts = this.#doubts.get(id) ?? 0
    if (!isRight && doubts < mostDoubts) return this.#doubt(part, doubts)
    this.#doubts.delete(id)
    this.#wanted.delete(id)
    this.#open.delete(id)
    part.closed = true
    if (at !== undefined) part.closedAt = at
    if (!isRight) part.fault = 'unproved'
    else if (fault !== undefined) part.fault = fault
    this.#mark(`part ${id}`)
  }

  /** What is there is not what was said: all of it is asked for again. */
  #doubt(part: RunPart, before: number): void {
    this.#doubts.set(part.id, before + 1)
    part.text = ''
    this.#wanted.add(part.id)
    this.#open.add(part.id)
    this.#becameOther(part.id)
  }

  #message(id: string, head: MessageHead): void {
    const message = this.#byId.get(id) ?? this.#newMessage(id)
    const { place, start = 0 } = message.head
    // Told whole each time: what is not in it any more (an ending, when the message starts again) does not count.
    message.head = head
    if ((head.start ?? 0) > start) this.#dropParts(message, head.start ?? 0)
    if (head.place !== place) this.#put(message)
    this.#mark(`message ${id}`)
  }

  #put(message: RunMessage): void {
    this.messages = this.messages.filter((each) => each !== message)
    insert(this.messages, message, comparePlaces)
    this.#mark('messages')
  }

  #dropParts(message: RunMessage, start: number): void {
    for (const part of message.parts.filter(({ head }) => (head.start ?? 0) < start)) {
      this.parts.delete(part.id)
      this.#open.delete(part.id)
      this.#wanted.delete(part.id)
    }
    message.parts = message.parts.filter(({ head }) => (head.start ?? 0) >= start)
  }

  #newMessage(id: string): RunMessage {
    const message: RunMessage = { id, head: {}, parts: [], notices: [] }
    this.#byId.set(id, message)
    insert(this.messages, message, comparePlaces)
    this.#mark('messages')
    return message
  }

  #notice(notice: RunNotice): void {
    const message = notice.msg === '' ? undefined : (this.#byId.get(notice.msg) ?? this.#newMessage(notice.msg))
    const notices = message?.notices ?? this.notices
    const at = notices.findIndex(({ id }) => id === notice.id)
    if (at >= 0) notices[at] = notice
    else notices.push(notice)
    this.#mark(message === undefined ? 'notices' : `message ${notice.msg}`)
  }

  #span(patch: SpanPatch): void {
    const span = patchedSpan(this.spans.get(patch.spanId), patch)
    if (span === undefined) return
    this.spans.set(span.spanId, span)
    this.#mark('spans')
  }

  #answered(id: string, answered: RunAnswer): void {
    const request = this.requests.get(id)
    if (request === undefined) return
    this.requests.set(id, { ...request, answered })
    this.#mark('requests')
  }

  #clear(): void {
    for (const id of this.parts.keys()) this.#becameOther(id)
    for (const topic of ['messages', 'head', 'requests', 'spans', 'notices'] as const) this.#mark(topic)
    for (const each of [this.parts, this.requests, this.spans, this.#byId, this.#open, this.#wanted]) each.clear()
    this.messages = []
    this.notices = []
    this.head = {}
    this.seq = 0
    this.#nth = 0
  }

  #mark(topic: Topic): void {
    if (!this.#changed.has(topic)) this.#changed.set(topic, '')
  }

  #grew(id: PartId, text: string): void {
    const before = this.#changed.has(`part ${id}`) ? this.#changed.get(`part ${id}`) : ''
    this.#changed.set(`part ${id}`, before === undefined ? undefined : before + text)
  }

  #becameOther(id: PartId): void {
    this.#changed.set(`part ${id}`, undefined)
  }

  #tell(): void {
    const changed = this.#changed
    this.#changed = new Map()
    for (const [topic, appended] of changed) {
      const change: Change = appended === undefined ? {} : { appended }
      for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener(change)
    }
  }
}

function isText(op: Op): boolean {
  return op[0] === '+' || op[0] === 'e' || op[0] === 'n'
}

/** Puts it behind everything that is not greater; most of what comes belongs at the end. */
function insert<T>(list: T[], item: T, compare: (a: T, b: T) => number): void {
  let at = list.length
  while (at > 0 && compare(list[at - 1] as T, item) > 0) at -= 1
  list.splice(at, 0, item)
}

function comparePlaces(a: RunMessage, b: RunMessage): number {
  return (a.head.place ?? Number.POSITIVE_INFINITY) - (b.head.place ?? Number.POSITIVE_INFINITY) || 0
}

/** By block index, and what a tool gave besides text behind its text. */
function comparePartIds(a: RunPart, b: RunPart): number {
  const [pathA, pathB] = [a, b].map(({ id, head }) =>
    id.slice(head.msg.length).split('.').filter(isNumeral).map(Number),
  )
  for (const [at, index] of (pathA ?? []).entries()) {
    const other = pathB?.[at]
    if (other === undefined || index !== other) return index - (other ?? -1)
  }
  return (pathA?.length ?? 0) - (pathB?.length ?? 0)
}

function isNumeral(text: string): boolean {
  return /^\d+$/.test(text)
}
