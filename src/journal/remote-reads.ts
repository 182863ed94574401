// Readers of a journal far away: each takes so much at once, and goes on where it was after a new connection.
import { Doorbell } from './follow.ts'
import { encodeFrame } from './ingest-frames.ts'
import type { JournalEntry, ReadOptions } from './journal.ts'

/** So many characters may be on their way to one reader, or wait for it. */
const creditCharacters = 1 << 20

interface Reading {
  id: number
  acknowledged: boolean
  received: { entry: JournalEntry; size: number }[]
  /** The last that was received. */
  reached: number
  /** Characters that have been read, and may be asked for again. */
  spent: number
  waiting: number
  bell: Doorbell
}

export class RemoteReads {
  readonly #send: (frame: string) => void
  readonly #readings = new Map<number, Reading>()
  #id = 0

  constructor(send: (frame: string) => void) {
    this.#send = send
  }

  get isEmpty(): boolean {
    return this.#readings.size === 0
  }

  async *read({ after = 0, acknowledged = false }: ReadOptions, stop: AbortSignal): AsyncGenerator<JournalEntry, void> {
    const id = ++this.#id
    const bell = new Doorbell()
    const reading: Reading = { id, acknowledged, received: [], reached: after, spent: 0, waiting: 0, bell }
    this.#readings.set(reading.id, reading)
    this.#ask(reading)
    try {
      while (!stop.aborted) {
        const next = reading.received.shift()
        if (next !== undefined) {
          this.#spend(reading, next.size)
          yield next.entry
        } else if (reading.bell.closed) return
        else await reading.bell.rung(stop)
      }
    } finally {
      if (this.#readings.delete(reading.id)) this.#send(encodeFrame({ t: 'leave', id: reading.id }))
    }
  }

  /** Over a new connection. */
  askAgain(): void {
    for (const reading of this.#readings.values()) this.#ask(reading)
  }

  entries(id: number, lines: readonly string[]): void {
    const reading = this.#readings.get(id)
    for (const line of reading === undefined ? [] : lines) {
      const entry: JournalEntry = JSON.parse(line)
      reading?.received.push({ entry, size: line.length })
      if (reading !== undefined) {
        reading.waiting += line.length
        reading.reached = entry.offset
      }
    }
    reading?.bell.ring()
  }

  end(id: number): void {
    this.#readings.get(id)?.bell.close()
  }

  endAll(): void {
    for (const { bell } of this.#readings.values()) bell.close()
    this.#readings.clear()
  }

  #ask(reading: Reading): void {
    const credit = Math.max(creditCharacters - reading.waiting, 0)
    reading.spent = 0
    const { id, reached: after, acknowledged } = reading
    this.#send(encodeFrame({ t: 'read', id, after, credit, acknowledged }))
  }

  /** Asks for more when a good part is read, not for every entry. */
  #spend(reading: Reading, size: number): void {
    reading.waiting -= size
    reading.spent += size
    if (reading.spent < creditCharacters / 4) return
    this.#send(encodeFrame({ t: 'more', id: reading.id, credit: reading.spent }))
    reading.spent = 0
  }
}
