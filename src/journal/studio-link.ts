// A program's link to Studio: what happens in a scope goes out, and what people want of it comes in.
import { AbortedError, TimeoutError } from '../core/error.ts'
import type { InputRequest, StreamEvent } from '../core/event.ts'
import type { RunIdentity } from '../core/run-name.ts'
import { until } from '../core/until.ts'
import { version } from '../core/version.ts'
import type { Answer, Input, LiveReply, Scope, Sink } from '../scope.ts'
import type { Journals, RunStatus, StudioCommand } from './journal.ts'
import { type LinkedStudio, linkedStudio } from './linked-studio.ts'
import type { RemoteJournalOptions } from './remote.ts'
import { type JournalSink, type JournalSinkOptions, journalSink } from './sink.ts'
import { warnDeleted } from './studio-warnings.ts'

/** A Studio in this process: `openStudio()` has both. */
export interface StudioInProcess {
  journals: Journals
  answers: { commands(run: string, signal: AbortSignal): AsyncIterable<StudioCommand> }
}

export interface StudioLinkOptions extends JournalSinkOptions, RemoteJournalOptions {
  /** Whose run it is. */
  run: RunIdentity
}

export interface StudioLink {
  /** For the scope's `sinks`. Closing it ends the run, sends what waits (within `closeMs`) and closes the link. */
  readonly sink: Sink
  /** For the scope's `inputs`: waits for whoever answers in Studio. AbortedError when the run is deleted there. */
  readonly input: Input
  /** From now on what people want is done with the replies of that scope. What they wanted before is done now. */
  obey(scope: Pick<Scope, 'replies'>): void
  /** The same as closing the sink, with another last word about the run. Default `done`. A second call waits for the same. */
  close(status?: RunStatus): Promise<void>
}

/**
 * Links a scope to a Studio, in this process or at an address (with its token in the fragment, or as an option). Never
 * throws later on: when the Studio is away the program goes on, and catches up when it is back. When the run is deleted
 * there, the program goes on, one warning tells of it, and nothing more is sent.
 *
 * @throws ConfigError when the address is none.
 */
export function studioLink(target: string | URL | StudioInProcess, options: StudioLinkOptions): StudioLink {
  return new Link(linkedStudio(target, options), options)
}

/** Answers to questions that have not been asked yet, and wishes before there is a scope: so many are kept. */
const mostEarly = 100

/** Those whose program may end without closing them. */
const unclosed = new Set<Link>()
process.on('beforeExit', () => {
  for (const link of unclosed) link.endWithProgram()
})

class Link implements StudioLink {
  readonly sink: Sink
  readonly input: Input
  readonly #studio: LinkedStudio
  readonly #journal: JournalSink
  readonly #waiting = new Map<string, (answer: Answer) => void>()
  readonly #early = new Map<string, Answer>()
  readonly #now: () => number
  #wishes: StudioCommand[] = []
  readonly #deleted = new AbortController()
  readonly #warn: ((text: string) => void) | undefined
  #scope: Pick<Scope, 'replies'> | undefined
  #closed: Promise<void> | undefined
  /** Somebody stopped the run, and no agent has begun to speak since. */
  #stopped = false

  constructor(studio: LinkedStudio, { run, now = Date.now, ...options }: StudioLinkOptions) {
    this.#studio = studio
    this.#now = now
    this.#warn = options.warn
    const { project, name, runId: id } = run
    const journal = journalSink(studio.journal, { ...options, now })
    const at = now()
    const facts = { id, project, name, startedAt: new Date(at).toISOString(), pid: process.pid }
    journal.record({ type: 'run', at, run: { ...facts, status: 'running', program: `agentscope-ts ${version}` } })
    this.#journal = journal
    this.sink = {
      event: (speaker, event) => {
        if (this.#isDeleted) return
        if (isReply(event)) this.#stopped = false
        journal.event(speaker, event)
      },
      invocation: (invocation) => {
        if (!this.#isDeleted) journal.invocation(invocation)
      },
      close: () => this.close(),
    }
    this.input = { place: 'Studio', ask: (request, signal) => this.#ask(request, signal) }
    studio.onCommand((command) => this.#obey(command))
    unclosed.add(this)
  }

  obey(scope: Pick<Scope, 'replies'>): void {
    this.#scope = scope
    for (const wish of this.#wishes.splice(0)) this.#obey(wish)
  }

  close(status: RunStatus = 'done'): Promise<void> {
    this.#closed ??= this.#end(status)
    return this.#closed
  }

  /** Nothing is left to do, so all went well; a run that was cut off in a reply, or has nobody to tell, stays as it is. */
  endWithProgram(): void {
    const isQuiet = [...(this.#scope?.replies ?? [])].length === 0
    if (this.#studio.isThere && isQuiet) void this.close(process.exitCode ? 'failed' : 'done')
  }

  async #end(status: RunStatus): Promise<void> {
    unclosed.delete(this)
    const at = this.#now()
    const last = status === 'done' && this.#stopped ? 'stopped' : status
    const ended = { status: last, endedAt: new Date(at).toISOString() }
    if (!this.#isDeleted) this.#journal.record({ type: 'run', at, run: ended })
    await this.#journal.close()
    await this.#studio.close()
  }

  get #isDeleted(): boolean {
    return this.#deleted.signal.aborted
  }

  async #ask(request: InputRequest, signal: AbortSignal): Promise<Answer> {
    const early = this.#early.get(request.id)
    if (early !== undefined) return early
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const release = this.#studio.hold()
    this.#waiting.set(request.id, resolve)
    try {
      return await until(promise, AbortSignal.any([signal, this.#deleted.signal]), () => this.#unanswered())
    } catch (error) {
      if (!this.#isDeleted && isCalledOff(signal.reason)) this.#callOff(request)
      throw error
    } finally {
      this.#waiting.delete(request.id)
      release()
    }
  }

  #unanswered(): AbortedError {
    if (!this.#isDeleted) return new AbortedError('Studio needs to answer no longer.')
    return new AbortedError('The run was deleted in Studio: nobody can answer there.')
  }

  /** Nobody waits for an answer any more, and nobody else tells so: the question would stand open for ever. */
  #callOff({ id, name }: InputRequest): void {
    const event = { type: 'input-answer', id, content: '', by: 'default' } as const
    this.#journal.record({ type: 'event', at: this.#now(), speaker: { name, id: '' }, event })
  }

  #obey(command: StudioCommand): void {
    if (command.type === 'deleted') return this.#leave()
    if (command.type === 'answer') return this.#answer(command.requestId, answerOf(command.answer))
    if (this.#scope === undefined) {
      if (this.#wishes.length < mostEarly) this.#wishes.push(command)
      return
    }
    const replies = [...this.#scope.replies]
    if (command.type === 'steer') return this.#steer(command, replies)
    this.#stopped = command.replyId === undefined && replies.length > 0
    for (const reply of replies) {
      if (command.replyId === undefined || command.replyId === reply.id) {
        reply.stop(command.reason ?? 'stopped in Studio')
      }
    }
  }

  /** What was told before is acknowledged and dropped there; nobody sees the questions that still wait. */
  #leave(): void {
    if (this.#isDeleted) return
    this.#deleted.abort()
    warnDeleted(this.#warn)
  }

  /** An agent that takes a word in says so (`steered`); that nobody was there to take it in is told here, with the words. */
  #steer({ agentId, text, when }: StudioCommand & { type: 'steer' }, replies: readonly LiveReply[]): void {
    const hearers = replies.filter(({ speaker }) => speaker.id === agentId)
    for (const reply of hearers) reply.steer(text, when)
    if (hearers.length > 0) return
    const told = `Not heard: the agent gives no reply now. What was said to it from Studio: ${text}`
    const notice = { type: 'notice', id: '', kind: 'skipped', text: told, details: { agentId } } as const
    this.#journal.record({ type: 'event', at: this.#now(), speaker: { name: 'Studio', id: agentId }, event: notice })
  }

  #answer(requestId: string, answer: Answer): void {
    const waiting = this.#waiting.get(requestId)
    if (waiting !== undefined) return waiting(answer)
    // The question is told to everybody before it is asked: somebody may be quicker than that.
    this.#early.set(requestId, answer)
    const [oldest] = this.#early.keys()
    if (this.#early.size > mostEarly && oldest !== undefined) this.#early.delete(oldest)
  }
}

function isReply(event: StreamEvent): boolean {
  return event.type === 'message-start' && event.role === 'assistant'
}

/** Not because it was answered elsewhere, or in time by nobody: those the scope tells everybody. */
function isCalledOff(reason: unknown): boolean {
  return !(reason instanceof TimeoutError) && !(reason instanceof AbortedError && 'answer' in reason)
}

function answerOf({ content, value }: { content?: string; value?: unknown }): Answer {
  if (value === undefined) return content ?? ''
  return content === undefined ? { value } : { value, content }
}
