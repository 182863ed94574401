// The sink that writes a run into a journal: nobody ever waits for it.
import { messageOf } from '../core/error.ts'
import type { StreamEvent } from '../core/event.ts'
import { safeJson } from '../core/safe-json.ts'
import type { ModelInvocation, Sink, Speaker } from '../scope.ts'
import { Backlog } from './backlog.ts'
import { CleanPieces } from './clean-pieces.ts'
import type { Journal, JournalRecord } from './journal.ts'
import { isDelta } from './merge.ts'
import { Sending } from './sending.ts'

export interface JournalSinkOptions {
  /** What must not be written, in every form that it may have; asked each time, for it may grow. Default: nothing. */
  secrets?: (() => readonly string[]) | undefined
  /** From so many waiting characters on, records are merged further and prompts are left out. Default 4 Mi. */
  mostCharacters?: number | undefined
  /** So long `close()` waits for the journal at most, in milliseconds. Default 1000. */
  closeMs?: number | undefined
  /** Is told once when the journal fails, and once at the end when something could not be written. Default: a warning. */
  warn?: ((text: string) => void) | undefined
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined
}

export interface JournalSink extends Sink {
  event(speaker: Speaker, event: StreamEvent): void
  invocation(invocation: ModelInvocation): void
  /** Puts a record of one's own among the others. */
  record(record: JournalRecord): void
  /** Waits until all is acknowledged, or `closeMs` are over. Does not close the journal. */
  close(): Promise<void>
}

/** Records what is spoken, asked and answered. It costs a few microseconds for an event, and never returns a promise. */
export function journalSink(journal: Journal, options: JournalSinkOptions = {}): JournalSink {
  return new RecordingSink(journal, options)
}

class RecordingSink implements JournalSink {
  readonly #backlog: Backlog
  readonly #sending: Sending
  readonly #secrets: () => readonly string[]
  readonly #pieces = new CleanPieces()
  readonly #now: () => number
  readonly #closeMs: number
  readonly #warn: (text: string) => void
  #scheduled = false

  constructor(journal: Journal, options: JournalSinkOptions) {
    const { secrets = () => [], mostCharacters = 1 << 22, closeMs = 1000, now = Date.now, warn = emit } = options
    this.#backlog = new Backlog(mostCharacters)
    this.#sending = new Sending(journal, this.#backlog, (error) => {
      warn(`The journal of this run fails (${messageOf(error)}). The agents go on; it is tried again.`)
    })
    this.#secrets = secrets
    this.#now = now
    this.#closeMs = closeMs
    this.#warn = warn
  }

  event(speaker: Speaker, event: StreamEvent): void {
    const said = { type: 'event', at: this.#now(), speaker: { name: speaker.name, id: speaker.id } } as const
    if (isDelta(event)) {
      const piece = this.#pieces.take(event, this.#secrets())
      if (piece.delta !== '') this.#add({ ...said, event: piece }, 0)
      return
    }
    const rest = event.type === 'block-end' ? this.#pieces.end(event.id, event.index) : undefined
    if (rest !== undefined) this.#add({ ...said, event: rest }, 0)
    this.record({ ...said, event })
  }

  invocation(invocation: ModelInvocation): void {
    this.record({ type: 'invocation', at: this.#now(), invocation })
  }

  record(record: JournalRecord): void {
    // A copy, for what it holds may change, and may not be JSON at all.
    const text = safeJson(record, this.#secrets())
    this.#add(JSON.parse(text), text.length)
  }

  async close(): Promise<void> {
    const left = await this.#sending.finish(this.#closeMs)
    if (left > 0) this.#warn(`The journal did not take ${left} records of this run in time; they are not in it.`)
  }

  #add(record: JournalRecord, size: number): void {
    this.#backlog.add(record, this.#sending.isBehind, size)
    if (this.#scheduled) return
    this.#scheduled = true
    // All that one read of the network brings goes to the journal at once.
    setImmediate(() => {
      this.#scheduled = false
      this.#sending.go()
    })
  }
}

function emit(text: string): void {
  process.emitWarning(text, { code: 'AGENTSCOPE_JOURNAL' })
}
