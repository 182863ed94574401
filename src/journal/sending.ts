// Hands what waits on to a journal: some at a time, in order, and again when the journal fails.
import type { Backlog } from './backlog.ts'
import type { Journal, JournalRecord } from './journal.ts'

/** So much may be on its way without being acknowledged, in characters. */
const windowCharacters = 1 << 18
/** So much is handed over in one call. */
const batchCharacters = 1 << 16

interface Batch {
  records: readonly JournalRecord[]
  size: number
  state: 'sent' | 'failed'
}

/**
 * Within a window, nothing waits for an acknowledgement. When the journal rejects a batch, the others on their way are
 * waited for; what was rejected is then sent again, in order, at intervals from 0.1 to 5 seconds.
 */
export class Sending {
  readonly #journal: Journal
  readonly #backlog: Backlog
  readonly #failed: (error: unknown) => void
  readonly #batches = new Set<Batch>()
  #characters = 0
  #failures = 0
  #told = false
  #over = false
  #retry: NodeJS.Timeout | undefined
  #idle: (() => void) | undefined

  constructor(journal: Journal, backlog: Backlog, failed: (error: unknown) => void) {
    this.#journal = journal
    this.#backlog = backlog
    this.#failed = failed
  }

  /** Whether what comes now has to wait: the journal is slow, or whoever speaks leaves it no turn. */
  get isBehind(): boolean {
    return this.#mustWait || this.#backlog.characters >= batchCharacters
  }

  get #mustWait(): boolean {
    return this.#characters >= windowCharacters || this.#hasFailed()
  }

  go(): void {
    while (!this.#mustWait && !this.#backlog.isEmpty) {
      const { records, size } = this.#backlog.take(batchCharacters)
      const batch: Batch = { records, size, state: 'sent' }
      this.#batches.add(batch)
      this.#characters += size
      this.#send(batch)
    }
    if (this.#batches.size === 0 && this.#backlog.isEmpty) this.#idle?.()
  }

  /** Resolves with the number of records that the journal has not taken after so many milliseconds. */
  async finish(withinMs: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, withinMs)
    this.#idle = resolve
    this.#again()
    await promise
    clearTimeout(timer)
    clearTimeout(this.#retry)
    // What a journal that is closed now gives back is told as missing: it is neither a failure nor tried again.
    this.#over = true
    let left = this.#backlog.take(Number.POSITIVE_INFINITY).records.length
    for (const { records } of this.#batches) left += records.length
    return left
  }

  #send(batch: Batch): void {
    this.#journal.append(batch.records).then(
      () => this.#acknowledged(batch),
      (error) => this.#rejected(batch, error),
    )
  }

  #acknowledged(batch: Batch): void {
    this.#batches.delete(batch)
    this.#characters -= batch.size
    this.#failures = 0
    this.#settled()
  }

  #rejected(batch: Batch, error: unknown): void {
    if (this.#over) return
    batch.state = 'failed'
    if (!this.#told) this.#failed(error)
    this.#told = true
    this.#failures += 1
    this.#settled()
  }

  #settled(): void {
    if (!this.#hasFailed()) return this.go()
    for (const { state } of this.#batches) if (state === 'sent') return
    if (this.#failures === 0) return this.#again()
    const waitMs = Math.min(100 * 2 ** (this.#failures - 1), 5000)
    this.#retry ??= setTimeout(() => this.#again(), waitMs)
    this.#retry.unref()
  }

  /** One after another, for the first one shows whether the journal is well again. */
  #again(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    for (const batch of this.#batches) {
      if (batch.state === 'sent') return
      batch.state = 'sent'
      return this.#send(batch)
    }
    this.go()
  }

  #hasFailed(): boolean {
    for (const { state } of this.#batches) if (state === 'failed') return true
    return false
  }
}
