// A journal in a Studio elsewhere: another process, or another machine.
import { leavable } from '../core/leavable.ts'
import { Connection } from './connection.ts'
import { encodeFrame, ingestVersion, type StudioHeader, splitFrame } from './ingest-frames.ts'
import type { Journal, JournalEntry, JournalRecord, ReadOptions, StudioCommand } from './journal.ts'
import { closedJournal, listed } from './origin.ts'
import { Outbox } from './outbox.ts'
import { RemoteReads } from './remote-reads.ts'
import { ingestTarget } from './studio-url.ts'
import { studioWarnings } from './studio-warnings.ts'

export interface RemoteJournalOptions {
  /** What the Studio printed with its address. Default: the one in the URL's fragment, `#token=...`. */
  token?: string | undefined
  /** How long one attempt to connect may take, in milliseconds. Default 250. */
  connectMs?: number | undefined
  /** After so many milliseconds without a sign of life the connection counts as lost. Default 10000. */
  silenceMs?: number | undefined
  /** Is told once when the Studio cannot be reached. Default: a warning. */
  warn?: ((text: string) => void) | undefined
}

export interface RemoteJournal extends Journal {
  /** Whether the Studio is there at the moment. */
  readonly isConnected: boolean
  /** Hears what people want of this run. The function it gives back ends that. */
  onCommand(hear: (command: StudioCommand) => void): () => void
  /** Keeps the process alive until the function it gives back is called: somebody waits for a command. */
  hold(): () => void
  /** Closes at once; what is not acknowledged is given up, and its appends reject. */
  close(): Promise<void>
}

/**
 * The journal of one run over one WebSocket, or over HTTP requests where none gets through, which is told once. What is appended while the Studio is away waits, and is sent when it is
 * back; what may have arrived is sent again, and the Studio leaves out what it has. One warning tells that it is away;
 * then it is silent. Records on their way keep the process from ending only while the Studio is there.
 *
 * @throws ConfigError when the address is none.
 */
export function remoteJournal(url: string | URL, run: string, options: RemoteJournalOptions = {}): RemoteJournal {
  return new WebSocketJournal(url, run, options)
}

class WebSocketJournal implements RemoteJournal {
  readonly #run: string
  readonly #writer = crypto.randomUUID()
  readonly #outbox = new Outbox()
  readonly #connection: Connection
  readonly #reads = new RemoteReads((frame) => this.#connection.send(frame))
  readonly #commands = new Set<(command: StudioCommand) => void>()
  readonly #over = new AbortController()
  #last = 0
  #holds = 0

  constructor(url: string | URL, run: string, options: RemoteJournalOptions) {
    const { connectMs = 250, silenceMs = 10_000 } = options
    const target = ingestTarget(url, run, options.token)
    this.#run = run
    const warnings = studioWarnings(target.shown, options.warn)
    const lost = (why: string) => {
      this.#settle()
      warnings.away(why)
    }
    const fellBack = warnings.byPosts
    const opened = () => this.#resume()
    const heard = (text: string) => this.#hear(text)
    this.#connection = new Connection({ ...target, connectMs, silenceMs, opened, heard, lost, fellBack })
  }

  get isConnected(): boolean {
    return this.#connection.isOpen
  }

  async append(records: JournalRecord | readonly JournalRecord[]): Promise<number> {
    if (this.#over.signal.aborted) throw closedJournal(this.#run)
    const list = listed(records)
    if (list.length === 0) return this.#last
    const { frames, kept } = this.#outbox.add(list)
    for (const frame of frames) this.#connection.send(frame)
    this.#settle()
    return kept
  }

  read(options: ReadOptions = {}): AsyncGenerator<JournalEntry, void, undefined> {
    const left = new AbortController()
    const { signal } = options
    const stops = [left.signal, this.#over.signal]
    const stop = AbortSignal.any(signal === undefined ? stops : [...stops, signal])
    return leavable(this.#held(this.#reads.read(options, stop)), () => left.abort())
  }

  onCommand(hear: (command: StudioCommand) => void): () => void {
    this.#commands.add(hear)
    return () => void this.#commands.delete(hear)
  }

  hold(): () => void {
    this.#holds += 1
    this.#settle()
    let held = true
    return () => {
      if (held) this.#holds -= 1
      held = false
      this.#settle()
    }
  }

  async close(): Promise<void> {
    this.#over.abort()
    this.#reads.endAll()
    this.#outbox.giveUp(closedJournal(this.#run))
    this.#connection.close()
  }

  async *#held(entries: AsyncGenerator<JournalEntry, void>): AsyncGenerator<JournalEntry, void> {
    const release = this.hold()
    try {
      yield* entries
    } finally {
      release()
    }
  }

  #resume(): void {
    this.#connection.send(encodeFrame({ t: 'hello', proto: ingestVersion, writer: this.#writer }))
    for (const frame of this.#outbox.frames()) this.#connection.send(frame)
    this.#reads.askAgain()
    this.#settle()
  }

  #hear(text: string): void {
    const { header, lines } = splitFrame(text)
    const head: StudioHeader = JSON.parse(header)
    if (head.t === 'ack') {
      this.#last = head.offset
      this.#outbox.acknowledge(head.seq, head.offset)
      this.#settle()
    } else if (head.t === 'entries') this.#reads.entries(head.id, lines)
    else if (head.t === 'end') this.#reads.end(head.id)
    else if (head.t === 'command') for (const hear of this.#commands) hear(head.command)
  }

  /** The process may end when nobody waits, or when those that wait are records for a Studio that is away. */
  #settle(): void {
    this.#connection.hold(this.#holds > 0 || (this.#connection.isOpen && !this.#outbox.isEmpty))
  }
}
