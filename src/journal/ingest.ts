// The Studio's half of `/ingest`: takes a program's records into its journal, serves readers, and hands commands out.
import { messageOf } from '../core/error.ts'
import { readProgramFrame } from './ingest-check.ts'
import { encodeFrame, ingestVersion, type ProgramHeader, type StudioHeader } from './ingest-frames.ts'
import { IngestReader } from './ingest-reader.ts'
import type { JournalRecord, Journals, StudioCommand } from './journal.ts'

/** A connection to a program, whatever carries it: messages of text, each one whole. */
export interface IngestSocket {
  send(text: string): void
  /** Ends the connection. `code` and `reason` as WebSockets have them. */
  close(code: number, reason: string): void
  onMessage(hear: (text: string) => void): void
  onClose(hear: () => void): void
}

export interface IngestOptions {
  run: string
  journals: Journals
  socket: IngestSocket
  /** What people want of that run, from the call until the signal fires. They are sent as they come. */
  commands?: ((run: string, signal: AbortSignal) => AsyncIterable<StudioCommand>) | undefined
}

/**
 * Serves one program until its connection closes. A frame that makes no sense is answered with `no`; nothing that a
 * program sends makes it throw.
 */
export function serveIngest(options: IngestOptions): void {
  const connection = new IngestConnection(options)
  options.socket.onMessage((text) => connection.hear(text))
  options.socket.onClose(() => connection.end())
}

class IngestConnection {
  readonly #run: string
  readonly #journals: Journals
  readonly #socket: IngestSocket
  readonly #readers = new Map<number, IngestReader>()
  readonly #over = new AbortController()
  #writer: string | undefined

  constructor({ run, journals, socket, commands }: IngestOptions) {
    this.#run = run
    this.#journals = journals
    this.#socket = socket
    if (commands !== undefined) void this.#hand(commands(run, this.#over.signal)).catch(() => undefined)
  }

  hear(text: string): void {
    try {
      const { header, records } = readProgramFrame(text)
      if (header.t === 'hello') this.#welcome(header)
      else if (this.#writer === undefined) this.#refuse('hello', 'The first frame must be a hello.')
      else if (header.t === 'append') void this.#append(this.#writer, header.seq, records)
      else this.#serve(header)
    } catch (error) {
      this.#refuse('frame', messageOf(error))
    }
  }

  end(): void {
    this.#over.abort()
    for (const reader of this.#readers.values()) reader.leave()
    this.#readers.clear()
  }

  #welcome({ proto, writer }: ProgramHeader & { t: 'hello' }): void {
    if (proto === ingestVersion) {
      this.#writer = writer
      this.#send({ t: 'hi', proto: ingestVersion })
      return
    }
    this.#refuse('version', `This Studio speaks version ${ingestVersion}, the program ${proto}.`)
    this.#socket.close(1008, 'another version')
  }

  async #append(writer: string, seq: number, records: readonly JournalRecord[]): Promise<void> {
    try {
      const offset = await this.#journals.open(this.#run).append(records, { writer, seq })
      this.#send({ t: 'ack', seq: seq + records.length - 1, offset })
    } catch (error) {
      // The program still has them: it sends them again over its next connection.
      this.#refuse('append', messageOf(error))
      this.#socket.close(1011, 'the journal failed')
    }
  }

  #serve(header: ProgramHeader & { t: 'read' | 'more' | 'leave' }): void {
    const known = this.#readers.get(header.id)
    if (header.t === 'more') known?.grant(header.credit)
    else if (header.t === 'leave') this.#leave(header.id)
    else if (known === undefined) this.#read(header)
    else this.#refuse('read', `A reader ${header.id} is there already.`)
  }

  #read({ id, credit, ...from }: ProgramHeader & { t: 'read' }): void {
    const send = (lines: readonly string[]) => this.#send({ t: 'entries', id }, lines)
    const reader = new IngestReader(this.#journals.open(this.#run), from, credit, send)
    this.#readers.set(id, reader)
    const ended = () => {
      if (this.#readers.delete(id)) this.#send({ t: 'end', id })
    }
    reader.run().then(ended, ended)
  }

  #leave(id: number): void {
    this.#readers.get(id)?.leave()
    this.#readers.delete(id)
  }

  async #hand(commands: AsyncIterable<StudioCommand>): Promise<void> {
    for await (const command of commands) this.#send({ t: 'command', command })
  }

  #refuse(code: string, text: string): void {
    this.#send({ t: 'no', code, text })
  }

  #send(header: StudioHeader, lines?: readonly string[]): void {
    if (!this.#over.signal.aborted) this.#socket.send(encodeFrame(header, lines))
  }
}
