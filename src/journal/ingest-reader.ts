// One reader of a journal far away: it gets as much as it can take, and then waits until it asks for more.
import type { Journal, ReadOptions } from './journal.ts'

/** Entries are sent together when they are there together, but not more than so many characters at once. */
const frameCharacters = 1 << 16

export class IngestReader {
  readonly #journal: Journal
  readonly #from: ReadOptions
  readonly #send: (lines: readonly string[]) => void
  readonly #left = new AbortController()
  #credit: number
  #granted: (() => void) | undefined
  #lines: string[] = []
  #characters = 0
  #scheduled = false

  constructor(journal: Journal, from: ReadOptions, credit: number, send: (lines: readonly string[]) => void) {
    this.#journal = journal
    const { after, acknowledged } = from
    this.#from = { after, acknowledged, signal: this.#left.signal }
    this.#credit = credit
    this.#send = send
  }

  /** Resolves when the journal ends, or the reader has left. */
  async run(): Promise<void> {
    for await (const entry of this.#journal.read(this.#from)) {
      const line = JSON.stringify(entry)
      this.#credit -= line.length
      this.#add(line)
      if (this.#credit <= 0) await this.#more()
    }
    this.#flush()
  }

  grant(credit: number): void {
    this.#credit += credit
    if (this.#credit > 0) this.#granted?.()
  }

  leave(): void {
    this.#left.abort()
    this.#lines = []
    this.#granted?.()
  }

  #more(): Promise<void> {
    this.#flush()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#granted = resolve
    return promise
  }

  #add(line: string): void {
    this.#lines.push(line)
    this.#characters += line.length
    if (this.#characters >= frameCharacters) return this.#flush()
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#lines.length > 0) this.#send(this.#lines)
    this.#lines = []
    this.#characters = 0
  }
}
