// The runs of programs written for Python AgentScope that one Studio knows, shared by their HTTP routes and their socket.
import type { Journal, Journals, RunFacts } from '../../journal/journal.ts'
import { V1Run, type V1Studio } from './ingest-v1-run.ts'

export class V1Programs {
  readonly #studio: V1Studio
  readonly #runs = new Map<string, Promise<V1Run | undefined>>()
  #openDoor: (() => Promise<void>) | undefined

  constructor(studio: V1Studio) {
    this.#studio = studio
  }

  /** What opens the way back to programs, when the first one comes: `attachPython` says it. */
  set door(open: (() => Promise<void>) | undefined) {
    this.#openDoor = open
  }

  /** Opens the way back. Throws what the door throws; without one, nobody's answer can get back, and it is `false`. */
  async openDoor(): Promise<boolean> {
    await this.#openDoor?.()
    return this.#openDoor !== undefined
  }

  /** A run that registers again goes on; one that was deleted for good begins anew. */
  async register(facts: RunFacts): Promise<void> {
    const known = this.isDeleted(facts.id) ? undefined : await this.find(facts.id)
    const run = known ?? new V1Run(facts.id, this.#studio)
    this.#runs.set(facts.id, Promise.resolve(run))
    run.register(facts)
  }

  /** The run of that id; one that only the journal knows, because Studio was started anew, is taken up again. */
  async find(id: string): Promise<V1Run | undefined> {
    let finding = this.#runs.get(id)
    if (finding === undefined) {
      finding = this.#recall(id)
      this.#runs.set(id, finding)
    }
    const run = await finding.catch(() => undefined)
    if (run === undefined && this.#runs.get(id) === finding) this.#runs.delete(id)
    if (run?.log.isDeleted !== true) return finding
    const again = run.begunAgain()
    this.#runs.set(id, Promise.resolve(again))
    return again
  }

  /** Whether somebody deleted that run for good: its program is answered as ever, and what it tells is dropped. */
  isDeleted(id: string): boolean {
    return this.#studio.journals.deletedAt(id) !== undefined
  }

  /** The program has left; its run stays in the journal. */
  async end(id: string, status: 'done' | 'lost'): Promise<void> {
    const run = await this.find(id)
    run?.end(status)
    this.#runs.delete(id)
    await run?.log.written()
  }

  async #recall(id: string): Promise<V1Run | undefined> {
    if (this.isDeleted(id)) return new V1Run(id, this.#studio)
    if (!(await this.#studio.journals.runs()).includes(id)) return undefined
    const run = new V1Run(id, this.#studio)
    await replay(this.#studio.journals.open(id), (entry) => run.restore(entry))
    return run
  }
}

/** A journal is read as far as it goes now: up to a record that is written to find that place. */
async function replay(journal: Journal, each: V1Run['restore']): Promise<void> {
  const end = await journal.append({ type: 'run', at: Date.now(), run: { status: 'running' } })
  for await (const { offset, record } of journal.read()) {
    each(record)
    if (offset >= end) return
  }
}

const known = new WeakMap<Journals, V1Programs>()

/** One list for one Studio, however many parts ask for it. */
export function programsOf(studio: V1Studio): V1Programs {
  const programs = known.get(studio.journals) ?? new V1Programs(studio)
  known.set(studio.journals, programs)
  return programs
}
