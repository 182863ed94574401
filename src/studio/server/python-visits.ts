// The programs of Python AgentScope that are connected, and those that have just left and may come back.
import type { Socket } from 'socket.io'
import type { StudioCommand } from '../../journal/journal.ts'
import type { PersonsAnswer } from './answers.ts'
import type { V1Programs } from './ingest-v1-programs.ts'
import type { V1Studio } from './ingest-v1-run.ts'

export interface VisitOptions extends V1Studio {
  /** A program that is away for so long is taken for gone; its questions wait that long. Milliseconds; default 15,000. */
  graceMs?: number
  /** An answer that a connected program has not confirmed in this time counts as delivered. Default 2,000. */
  confirmMs?: number
}

/** One connection of a program. `pause` ends the telling, not the connection. */
interface Visit {
  readonly socket: Socket
  pause(): void
}

/** The run that a program says it is; empty when it says none. */
export function runIdOf(socket: Socket): string {
  const { run_id: runId } = socket.handshake.auth as { run_id?: unknown }
  return typeof runId === 'string' ? runId : ''
}

export class Visits {
  readonly #options: VisitOptions
  readonly #programs: V1Programs
  /** The connections of each run, the newest last. It alone is told: a program that is back may still seem to be here. */
  readonly #here = new Map<string, Visit[]>()
  readonly #leaving = new Map<string, NodeJS.Timeout>()

  constructor(options: VisitOptions, programs: V1Programs) {
    this.#options = options
    this.#programs = programs
  }

  begin(socket: Socket): void {
    const runId = runIdOf(socket)
    const visit: Visit = { socket, pause: () => undefined }
    clearTimeout(this.#leaving.get(runId))
    this.#leaving.delete(runId)
    const here = this.#here.get(runId) ?? []
    here.at(-1)?.pause()
    this.#here.set(runId, [...here, visit])
    this.#tell(visit, runId)
    socket.on('disconnect', (reason) => this.#end(visit, runId, reason))
  }

  #tell(visit: Visit, runId: string): void {
    const leave = new AbortController()
    visit.pause = () => leave.abort()
    this.#forward(visit.socket, runId, leave.signal).catch(() => visit.socket.disconnect(true))
  }

  async #forward(socket: Socket, runId: string, signal: AbortSignal): Promise<void> {
    for await (const command of this.#options.answers.commands(runId, signal)) {
      if (command.type === 'answer') this.#send(socket, runId, command)
      else if (command.type !== 'deleted') await this.#cannot(runId, command)
    }
  }

  /**
   * Not settled until the program confirms it: an answer that a broken connection swallowed is sent again. When only the
   * confirmation was swallowed the program hears it twice, and passes over what it no longer asks.
   */
  #send(socket: Socket, runId: string, { requestId, answer }: Extract<StudioCommand, { type: 'answer' }>): void {
    const { confirmMs = 2_000, answers } = this.#options
    const settle = async (error: Error | null) => {
      if (error !== null && !socket.connected) return
      // At once, so that a connection that begins while the run is looked up does not send it again.
      answers.settle(runId, requestId)
      const run = await this.#programs.find(runId)
      run?.answered(requestId, answer)
    }
    const structured = answer.value ?? null
    socket
      .timeout(confirmMs)
      .emit('forwardUserInput', requestId, blocksOf(answer), structured, (error: Error | null) => {
        settle(error).catch(() => undefined)
      })
  }

  async #cannot(runId: string, { type }: StudioCommand): Promise<void> {
    const run = await this.#programs.find(runId)
    const advice = 'Stop it where it was started. Programs written with AgentScope for TypeScript can be stopped here.'
    run?.complain(`A program of Python AgentScope does not listen to ${type}.`, advice)
  }

  #end(visit: Visit, runId: string, reason: string): void {
    visit.pause()
    const here = this.#here.get(runId) ?? []
    const others = here.filter((each) => each !== visit)
    const next = others.at(-1)
    if (next !== undefined) {
      this.#here.set(runId, others)
      if (here.at(-1) === visit) this.#tell(next, runId)
      return
    }
    this.#here.delete(runId)
    // This server was closed: the program is as well as before.
    if (reason.startsWith('server')) return
    if (reason === 'client namespace disconnect') return void this.#gone(runId, 'done')
    const { graceMs = 15_000 } = this.#options
    this.#leaving.set(runId, setTimeout(() => void this.#gone(runId), graceMs).unref())
  }

  /** v1 never says that it has finished; one that left nothing unfinished is taken for done. */
  async #gone(runId: string, status?: 'done'): Promise<void> {
    this.#leaving.delete(runId)
    const run = await this.#programs.find(runId).catch(() => undefined)
    await this.#programs.end(runId, status ?? (run?.isUnfinished ? 'lost' : 'done')).catch(() => undefined)
  }
}

function blocksOf({ content, value }: PersonsAnswer): { type: 'text'; text: string }[] {
  const text = content ?? (value === undefined ? '' : JSON.stringify(value))
  return [{ type: 'text', text }]
}
