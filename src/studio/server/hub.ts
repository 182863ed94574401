// The live side of Studio: each run is followed once, and every tab is told what it does not know yet, as fast as it takes it.
import type { Journals } from '../../journal/journal.ts'
import type { Op, RunAnswer, RunHead } from '../protocol/frames.ts'
import type { Spill } from '../protocol/growing-text.ts'
import { realClock, type ServerClock } from './clock.ts'
import { type ConnectOptions, LiveClient, type LiveConnection } from './live-client.ts'
import { LiveRun } from './live-run.ts'

/** `ok`, or a code that says why not (`answered`, `unknown`, `invalid`, …), with more words when there are some. */
export type Said = string | readonly [code: string, text: string]
export type Verdict = Said | Promise<Said>

/** What people want of programs; done by whoever knows the programs. */
export interface HubCommands {
  stop(run: string, replyId: string | undefined): Verdict
  steer(run: string, agentId: string, text: string, when: 'now' | 'after-tool' | 'after-reply' | undefined): Verdict
  /** `key`: the same for the same answer sent twice. `by`: the tab's name. */
  answer(run: string, requestId: string, key: string, value: { content?: string; value?: unknown }, by: string): Verdict
}

export interface LiveHubOptions {
  commands: HubCommands
  /** What `hi` says. Default `agentscope`. */
  name?: string
  /** The heads that a list begins with, newest first. Default: the newest 50 runs are read. */
  heads?: () => Promise<readonly RunHead[]>
  /** Keeps what stands in a `data:` URI of that run and names it. Default: it is not kept. */
  blob?: (dataUri: string, run: string) => string
  /** Where long texts go, so that they take no memory. Default: a file without a name for each run. */
  spill?: Spill
  /** What was answered to a question of a run in this Studio. Default: what `answered` tells while the run is watched. */
  answerOf?: (run: string, requestId: string) => RunAnswer | undefined
  clock?: ServerClock
  /** A run that nobody watches and in which nothing happens is put away after so long. Default 60,000. */
  idleMs?: number
}

const listedRuns = 50

/**
 * Knows no sockets: whoever has one hands over `{ send, bufferedAmount, close }` and the text of each frame that comes.
 * The hub does not close the journals.
 */
export class LiveHub {
  readonly name: string
  readonly clock: ServerClock
  readonly commands: HubCommands
  readonly #journals: Journals
  readonly #options: LiveHubOptions
  readonly #runs = new Map<string, LiveRun>()
  /** Heads of runs that lists know and nobody follows. */
  readonly #heads = new Map<string, RunHead>()
  readonly #clients = new Set<LiveClient>()
  #connected = 0
  #sweep: (() => void) | undefined
  #isClosed = false

  constructor(journals: Journals, options: LiveHubOptions) {
    this.#journals = journals
    this.#options = options
    this.name = options.name ?? 'agentscope'
    this.clock = options.clock ?? realClock
    this.commands = options.commands
  }

  /** A tab has come. `receive` of what is returned takes its frames, `close` says that it has gone. */
  connect(connection: LiveConnection, options: ConnectOptions = {}): LiveClient {
    this.#connected += 1
    const client = new LiveClient(this, connection, `tab ${this.#connected}`, options)
    this.#clients.add(client)
    return client
  }

  /** Something was logged in that run: lists shall know. Cheap, so call it for every append. */
  noticed(runId: string): void {
    if (!this.#runs.has(runId) && this.#isListed()) this.watch(runId)
  }

  /** That run has been deleted. */
  async forget(runId: string): Promise<void> {
    const run = this.#runs.get(runId)
    this.#runs.delete(runId)
    this.#heads.delete(runId)
    for (const client of this.#clients) client.forgot(runId)
    await run?.close()
  }

  /** The messages before that place, the last `limit` of them, as operations for `RunModel.addOlder`. */
  async messagesBefore(runId: string, place: number, limit = 50): Promise<Op[]> {
    const run = this.watch(runId)
    await run.ready
    run.usedAt = this.clock.now()
    return run.encoder.messagesBefore(place, limit)
  }

  /** Closes every tab and follows nothing any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#sweep?.()
    for (const client of [...this.#clients]) client.close()
    const runs = [...this.#runs.values()]
    this.#runs.clear()
    await Promise.all(runs.map((run) => run.close()))
  }

  /** How many tabs are connected. */
  get tabs(): number {
    return this.#clients.size
  }

  /** How many runs are held in memory. */
  get held(): number {
    return this.#runs.size
  }

  /** The run, followed from now on if it was not. For the hub's own clients. */
  watch(runId: string): LiveRun {
    const known = this.#runs.get(runId)
    if (known !== undefined) return known
    const { spill, blob, answerOf } = this.#options
    const run = new LiveRun(runId, this.#journals.open(runId), {
      clock: this.clock,
      changed: (changed) => this.#changed(changed),
      ...(spill !== undefined && { spill }),
      ...(answerOf !== undefined && { answered: (requestId: string) => answerOf(runId, requestId) }),
      ...(blob !== undefined && { blob: (uri: string) => blob(uri, runId) }),
    })
    this.#runs.set(runId, run)
    this.#sweepLater()
    return run
  }

  /** A client watches that run no more. */
  left(run: LiveRun): void {
    run.usedAt = this.clock.now()
  }

  disconnected(client: LiveClient): void {
    this.#clients.delete(client)
  }

  /** Studio has taken an answer: whoever shows that question hears of it now, not when the program tells of it. */
  answered(runId: string, requestId: string, answer: RunAnswer): void {
    const run = this.#runs.get(runId)
    if (run === undefined) this.noticed(runId)
    else if (run.encoder.accept(requestId, answer)) this.#changed(run)
  }

  headOf(runId: string): RunHead | undefined {
    const run = this.#runs.get(runId)
    if (run === undefined || run.encoder.seq === 0) return this.#heads.get(runId)
    return run.encoder.head()
  }

  /** The runs that a list begins with. */
  async listable(): Promise<string[]> {
    if (this.#options.heads !== undefined) {
      const heads = await this.#options.heads()
      for (const head of heads) this.#heads.set(head.id, head)
      return heads.map(({ id }) => id)
    }
    const ids = (await this.#journals.runs()).slice(0, listedRuns)
    if (this.#isClosed) return []
    await Promise.all(ids.map((id) => (this.#heads.has(id) ? undefined : this.watch(id).ready)))
    return ids
  }

  #changed(run: LiveRun): void {
    for (const client of this.#clients) if (run.isReady) client.changed(run)
  }

  #isListed(): boolean {
    for (const client of this.#clients) if (client.wantsList) return true
    return false
  }

  #sweepLater(): void {
    if (this.#isClosed) return
    this.#sweep ??= this.clock.after(this.#idleMs, () => {
      this.#sweep = undefined
      this.#putAway()
      if (this.#runs.size > 0) this.#sweepLater()
    })
  }

  /** Its journal has everything: whoever comes back finds it as it was. */
  #putAway(): void {
    const before = this.clock.now() - this.#idleMs
    for (const run of this.#runs.values()) {
      if (run.usedAt > before || [...this.#clients].some((client) => client.watches(run))) continue
      if (run.encoder.seq > 0) this.#heads.set(run.id, run.encoder.head())
      this.#runs.delete(run.id)
      void run.close()
    }
  }

  get #idleMs(): number {
    return this.#options.idleMs ?? 60_000
  }
}
