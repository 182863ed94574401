// Which runs are alive: a run whose program went away without a word is lost until it reports again.
import type { JournalRecord, Journals, RunStatus } from '../../journal/journal.ts'

export class Lives {
  readonly #journals: Journals
  readonly #told: (run: string) => void
  readonly #statuses = new Map<string, RunStatus>()
  readonly #connections = new Map<string, number>()

  /** `journals`: those that nobody watches; what is written here is Studio's own word, and `told` hears of which run. */
  constructor(journals: Journals, told: (run: string) => void = () => undefined) {
    this.#journals = journals
    this.#told = told
  }

  /** What a run was when Studio started: whoever was running then has yet to report. */
  found(run: string, status: RunStatus): void {
    if (this.#statuses.has(run)) return
    this.#statuses.set(run, status)
    this.#lose(run)
  }

  /** A program writes. One that was lost is running again, which is told before what it says. */
  heard(run: string, records: readonly JournalRecord[]): void {
    const told = records.findLast((record) => record.type === 'run' && record.run.status !== undefined)
    const status = told?.type === 'run' ? told.run.status : undefined
    if (status === undefined && this.#statuses.get(run) === 'lost') this.#tell(run, 'running')
    else if (status !== undefined) this.#statuses.set(run, status)
    else if (!this.#statuses.has(run)) this.#statuses.set(run, 'running')
  }

  /** A program has connected for that run. */
  came(run: string): void {
    this.#connections.set(run, (this.#connections.get(run) ?? 0) + 1)
  }

  /** One of its connections has ended. A run that said that it is over stays what it is. */
  went(run: string): void {
    const left = (this.#connections.get(run) ?? 1) - 1
    if (left > 0) this.#connections.set(run, left)
    else this.#connections.delete(run)
    if (left <= 0) this.#lose(run)
  }

  forget(run: string): void {
    this.#statuses.delete(run)
  }

  #lose(run: string): void {
    if (isAlive(this.#statuses.get(run))) this.#tell(run, 'lost')
  }

  #tell(run: string, status: RunStatus): void {
    this.#statuses.set(run, status)
    // A journal that is being closed takes no more: then nobody is left to be told.
    this.#journals
      .open(run)
      .append({ type: 'run', at: Date.now(), run: { status } })
      .catch(() => undefined)
    this.#told(run)
  }
}

function isAlive(status: RunStatus | undefined): boolean {
  return status === 'running' || status === 'waiting'
}
