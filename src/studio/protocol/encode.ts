// One run as Studio holds it: journal entries go in, each reader is told what it does not know yet.
// Longer than most files: one case for each event, all on one state.
import type {
  BlockDelta,
  BlockEnd,
  BlockStart,
  MessageEnd,
  MessageStart,
  Notice,
  StreamEvent,
} from '../../core/event.ts'
import { type Block, textOf } from '../../core/message.ts'
import type { Usage } from '../../core/usage.ts'
import type { JournalEntry, JournalRecord, Span } from '../../journal/journal.ts'
import type { ModelInvocation, Speaker } from '../../scope.ts'
import { type BlockHead, besideText, headOf, type KeepBlob, kindOfDelta, textIn } from './blocks.ts'
import { Changes, type Changing } from './changes.ts'
import { RunFigures } from './figures.ts'
import type { MessageHead, Op, PartId, RunAnswer, RunHead, RunNotice } from './frames.ts'
import { GrowingText, PieceShelf, type Spill } from './growing-text.ts'
import { limitNotice, type RunLimits } from './run-limits.ts'
import { type KnownAnswer, RunRequests } from './run-requests.ts'
import { RunSpans, withoutWords } from './run-spans.ts'
import type { MessageState, NoticeState, PartState, RequestState, SpanState, Thing } from './run-state.ts'
import { wholeMessage } from './run-state.ts'

export interface RunEncoderOptions {
  /** Keeps inline media and names it. Default: the bytes are not kept. */
  blob?: KeepBlob
  /** Where long texts go when more than `inMemory` units of them are held. Default: they stay in memory. */
  spill?: Spill
  /** Default: one mebi of UTF-16 units. */
  inMemory?: number
  /** What was answered in Studio itself. Default: nothing is known of that. */
  answered?: KnownAnswer
  /** How much of the run is held. What goes beyond is left out, which a notice of the kind `limit` tells. */
  limits?: RunLimits
}

/** Where something happened: in the journal, in time, and who spoke. */
interface Place {
  offset: number
  at: number
  speaker: Speaker
}

/**
 * Holds the state of one run once, for any number of readers (`RunReader`). It takes what any program may have logged:
 * an event that does not fit is made to fit, and nothing that was said is lost.
 */
export class RunEncoder {
  readonly run: string
  /** The offset of the last entry. */
  seq = 0
  readonly figures: RunFigures
  readonly changes = new Changes<Thing>()
  readonly messages: MessageState[] = []
  readonly #byId = new Map<string, MessageState>()
  readonly #parts = new Map<PartId, PartState>()
  readonly #spans = new Map<string, SpanState>()
  readonly #derived: RunSpans
  readonly #requests: RunRequests
  readonly #progress = new Map<string, NoticeState>()
  readonly #shelf: PieceShelf
  readonly #keep: KeepBlob
  readonly #limits: Required<RunLimits>
  readonly #exceeded = new Set<keyof RunLimits>()
  /** How many notices and questions there are. */
  #asides = 0
  #born = 0

  constructor(run: string, options: RunEncoderOptions = {}) {
    const { blob = () => 'not-kept', spill, inMemory, answered = () => undefined, limits } = options
    this.#limits = { parts: 100_000, spans: 50_000, ...limits }
    this.run = run
    this.figures = new RunFigures(run)
    this.#keep = blob
    this.#shelf = new PieceShelf(spill, inMemory)
    const { changes, figures } = this
    this.#derived = new RunSpans(
      () => figures.head(),
      (span) => this.#span(withoutWords(span), this.seq),
    )
    this.#requests = new RunRequests({ changes, figures, newThing: () => this.#newThing() }, answered)
  }

  /** One entry, in the order of offsets. One that was taken before is passed over. */
  add({ offset, record }: JournalEntry): void {
    if (offset <= this.seq) return
    this.seq = offset
    this.figures.heard(record.at)
    this.#record(record, offset)
  }

  head(): RunHead {
    return this.figures.head()
  }

  part(id: PartId): PartState | undefined {
    return this.#parts.get(id)
  }

  /** Studio has taken an answer. False when that is not new, or nobody asked. */
  accept(requestId: string, answer: RunAnswer): boolean {
    return this.#requests.accept(requestId, answer)
  }

  /** What was answered in Studio, in that order. */
  get accepted(): readonly RequestState[] {
    return this.#requests.accepted
  }

  /** The last `limit` messages before that place, whole and in order: what a reader's snapshot left out. */
  messagesBefore(place: number, limit: number): Op[] {
    const end = Math.max(0, Math.min(place, this.messages.length))
    return this.messages.slice(Math.max(0, end - limit), end).flatMap(wholeMessage)
  }

  #record(record: JournalRecord, offset: number): void {
    const { at } = record
    if (record.type === 'run') {
      this.figures.facts(record.run)
      this.#derived.run()
    } else if (record.type === 'span') this.#told(record.span, offset)
    else if (record.type === 'invocation') {
      this.#invocation(record.invocation, { offset, at, speaker: record.invocation.speaker })
      this.#derived.invocation(record.invocation)
    } else {
      if (this.#isTooMuch(record.event)) return this.#leaveOut('parts', offset, at)
      this.#event(record.event, { offset, at, speaker: record.speaker })
      this.#derived.event(record.speaker, record.event, at)
    }
  }

  /** Whether it begins something for which there is no room. What is there already goes on and ends. */
  #isTooMuch(event: StreamEvent): boolean {
    const { parts } = this.#limits
    if (this.#parts.size + this.messages.length + this.#asides < parts || event.type === 'raw') return false
    if (event.type === 'input-answer') return false
    if (event.type === 'input-request' || event.type === 'error' || event.type === 'notice') return true
    const message = this.#byId.get(event.id)
    if (message === undefined || event.type === 'message-start') return message === undefined
    return 'index' in event && !message.parts.has(event.index)
  }

  #leaveOut(what: keyof RunLimits, offset: number, at: number): void {
    if (this.#exceeded.has(what)) return
    this.#exceeded.add(what)
    const { text, details } = limitNotice(what, this.#limits[what])
    // Its id is no offset: what was told there may have made a notice too.
    const notice: RunNotice = { id: -offset, msg: '', kind: 'limit', text, at, details }
    this.changes.touch({ ...this.#newThing(), type: 'notice', notice }, offset)
  }

  #event(event: StreamEvent, place: Place): void {
    switch (event.type) {
      case 'message-start':
        return this.#start(event, place)
      case 'block-start':
        return this.#begin(event, place)
      case 'block-end':
        return this.#seal(event, place)
      case 'message-end':
        return this.#end(event, place)
      case 'notice':
        return this.#news(event, place)
      case 'error':
        return this.#notice(event.id ?? '', 'error', event.error.message, place, event.error)
      case 'input-request':
        this.#asides += 1
        return this.#requests.asked(event, place)
      case 'input-answer':
        return this.#requests.told(event, place)
      case 'raw':
        return
      default:
        return this.#grow(event, place)
    }
  }

  #start({ id, name, role, replyId }: MessageStart, place: Place): void {
    const known = this.#byId.get(id)
    const message = known ?? this.#newMessage(id, place)
    const { place: order, start = 0 } = message.head
    if (known !== undefined) this.#startOver(known)
    message.head = {
      ...headOfSpeaker(place, order),
      agent: name,
      role,
      ...(replyId !== undefined && { reply: replyId }),
    }
    if (known !== undefined) message.head.start = start + 1
    this.figures.spoke(name)
    this.changes.touch(message, place.offset)
  }

  #startOver(message: MessageState): void {
    for (const part of message.parts.values()) for (const each of [part, ...part.beside]) this.#forget(each)
    message.parts.clear()
  }

  #forget(part: PartState): void {
    this.changes.remove(part)
    this.#parts.delete(part.id)
  }

  #begin({ id, index, block }: BlockStart, place: Place): void {
    const message = this.#message(id, place)
    const part = this.#part(message, index, headOf(block, this.#keep), place)
    this.#become(part, textIn(block), place)
    if (block.type === 'tool_result') this.#beside(part, block.output, place)
  }

  #grow({ type, id, index, delta }: BlockDelta, place: Place): void {
    const message = this.#message(id, place)
    const part = message.parts.get(index) ?? this.#part(message, index, { kind: kindOfDelta[type] ?? 'text' }, place)
    this.#append(part, delta, place)
  }

  #append(part: PartState, text: string, place: Place): void {
    part.text.append(text)
    part.closed = undefined
    part.crc = undefined
    if (part.head.kind === 'text') this.figures.speech = part.text
    this.changes.touch(part, place.offset)
  }

  /** The part's text is this one, whatever it was: what is new is appended when it goes on from what was there. */
  #become(part: PartState, text: string, place: Place): void {
    const before = part.text.length
    if (before === 0 || text.startsWith(part.text.toString())) {
      if (text.length > before) this.#append(part, text.slice(before), place)
      return
    }
    part.text = new GrowingText(this.#shelf)
    part.revision += 1
    part.revised = place.offset
    this.#append(part, text, place)
  }

  #seal({ id, index, incomplete, isError, output }: BlockEnd, place: Place): void {
    const part = this.#message(id, place).parts.get(index)
    if (part === undefined || part.head.kind === 'data') return
    if (output !== undefined) {
      this.#become(part, textOf({ content: output }) ?? '', place)
      this.#beside(part, output, place)
    }
    this.#close(part, incomplete ? 'incomplete' : isError ? 'error' : undefined, place)
  }

  #close(part: PartState, fault: string | undefined, place: Place): void {
    part.closed = { at: place.at, ...(fault !== undefined && { fault }) }
    this.changes.touch(part, place.offset)
  }

  #beside(part: PartState, output: string | Block[], place: Place): void {
    for (const old of part.beside.splice(0)) this.#forget(old)
    for (const [at, block] of besideText(output).entries()) {
      const id = `${part.id}.${at}`
      const head = { ...part.head, ...headOf(block, this.#keep), at: place.at }
      if (head.kind !== 'data') Object.assign(head, { kind: 'data', block })
      part.beside.push(this.#newPart(id, part.message, head, place))
    }
  }

  #end({ id, ending, usage, timing }: MessageEnd, place: Place): void {
    const message = this.#message(id, place)
    for (const part of message.parts.values()) {
      if (part.closed !== undefined || part.head.kind === 'data') continue
      this.#close(part, part.head.kind === 'tool_in' ? 'incomplete' : undefined, place)
    }
    message.head.status = 'done'
    message.head.ending = ending
    if (usage !== undefined) message.head.usage = withoutRaw(usage)
    if (timing !== undefined) message.head.timing = { ...message.head.timing, ...timing }
    this.figures.used(usage)
    this.changes.touch(message, place.offset)
  }

  /** What is told of a whole reply stands between messages, under the name of whose it is. */
  #news({ id, kind, text, details }: Notice, place: Place): void {
    if (this.#byId.has(id)) this.#notice(id, kind, text, place, details)
    else this.#notice('', kind, text, place, { ...details, agent: place.speaker.name })
  }

  /** Progress of one call replaces what was told of it before; all other notices stand. */
  #notice(msg: string, kind: string, text: string, place: Place, details?: unknown): void {
    const call = kind === 'progress' ? (details as { callId?: unknown } | undefined)?.callId : undefined
    const key = call === undefined ? undefined : `${msg} ${String(call)}`
    const known = key === undefined ? undefined : this.#progress.get(key)
    if (known === undefined) this.#asides += 1
    const id = known?.notice.id ?? place.offset
    const notice: RunNotice = { id, msg, kind, text, at: place.at, ...(details !== undefined && { details }) }
    const state: NoticeState = known ?? { ...this.#newThing(), type: 'notice', notice }
    state.notice = notice
    if (key !== undefined) this.#progress.set(key, state)
    this.changes.touch(state, place.offset)
  }

  #invocation(invocation: ModelInvocation, place: Place): void {
    this.figures.invoked(invocation)
    const { id, model, firstContentMs, durationMs, error, response, speaker } = invocation
    const message = response === undefined ? undefined : this.#byId.get(response.id)
    if (message !== undefined) {
      const timing = { durationMs, ...(firstContentMs !== undefined && { firstContentMs }), ...message.head.timing }
      Object.assign(message.head, { model: model.modelName, invocation: id, timing } satisfies MessageHead)
      if (response?.usage !== undefined) message.head.usage ??= withoutRaw(response.usage)
      this.changes.touch(message, place.offset)
    }
    // A refused request made no message that could tell of it.
    if (response === undefined && error !== undefined) {
      this.#notice('', 'error', error.message, place, { error, agent: speaker.name, invocation: id })
    }
  }

  /** A span of the program's own: what is told of it later adds to what was told before. */
  #told(span: Span, offset: number): void {
    this.#derived.areTold = true
    const before = this.#spans.get(keyOf(span))?.span
    this.#span({ ...before, ...span, attributes: { ...before?.attributes, ...span.attributes } }, offset)
    const held = this.#spans.get(keyOf(span))
    if (held !== undefined) this.figures.span(keyOf(span), held.span)
  }

  #span(span: Span, offset: number): void {
    const known = this.#spans.get(keyOf(span))
    if (known === undefined && this.#spans.size >= this.#limits.spans) {
      return this.#leaveOut('spans', offset, this.figures.lastAt)
    }
    const state: SpanState = known ?? { ...this.#newThing(), type: 'span', span }
    state.span = span
    this.#spans.set(keyOf(span), state)
    this.changes.touch(state, offset)
  }

  /** The message of that id; one that nobody began begins here. */
  #message(id: string, place: Place): MessageState {
    const known = this.#byId.get(id)
    if (known !== undefined) return known
    this.figures.spoke(place.speaker.name)
    const message = this.#newMessage(id, place)
    this.changes.touch(message, place.offset)
    return message
  }

  #newMessage(id: string, place: Place): MessageState {
    const head = headOfSpeaker(place, this.messages.length)
    const message: MessageState = { ...this.#newThing(), type: 'message', id, head, parts: new Map() }
    this.messages.push(message)
    this.#byId.set(id, message)
    return message
  }

  #part(message: MessageState, index: number, block: BlockHead, place: Place): PartState {
    const known = message.parts.get(index)
    if (known !== undefined) return known
    const { start, agent = place.speaker.name } = message.head
    const id = start === undefined ? `${message.id}.${index}` : `${message.id}.r${start}.${index}`
    const head = { msg: message.id, agent, ...block, ...(start !== undefined && { start }), at: place.at }
    const part = this.#newPart(id, message, head, place)
    message.parts.set(index, part)
    return part
  }

  #newPart(id: string, message: MessageState, head: PartState['head'], place: Place): PartState {
    const text = new GrowingText(this.#shelf)
    const rest = { revision: 0, revised: 0, closed: undefined, crc: undefined, beside: [] }
    const part: PartState = { ...this.#newThing(), type: 'part', id, message, head, text, ...rest }
    this.#parts.set(id, part)
    this.changes.touch(part, place.offset)
    return part
  }

  #newThing(): Changing {
    this.#born += 1
    return { born: this.#born, changed: 0, before: undefined, after: undefined }
  }
}

function headOfSpeaker({ at, speaker }: Place, order: number): MessageHead & { place: number } {
  return { place: order, agent: speaker.name, agentId: speaker.id, role: 'assistant', status: 'open', at }
}

function keyOf({ traceId, spanId }: Span): string {
  return `${traceId} ${spanId}`
}

function withoutRaw({ raw: _, ...counts }: Usage): Usage {
  return counts
}
