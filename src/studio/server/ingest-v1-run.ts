// One run of a program written for Python AgentScope: what it pushes becomes events in the journal of that run.
import type { Ending } from '../../core/ending.ts'
import type { StreamEvent } from '../../core/event.ts'
import type { JournalRecord, Journals, RunFacts, RunStatus } from '../../journal/journal.ts'
import type { ModelInvocation, Speaker } from '../../scope.ts'
import type { Answers, PersonsAnswer } from './answers.ts'
import type { Asked, Pushed } from './ingest-v1-input.ts'
import { V1Log } from './ingest-v1-log.ts'
import { CumulativeMessage } from './ingest-v1-message.ts'

export interface V1Studio {
  journals: Journals
  answers: Answers
}

interface Told {
  speaker: Speaker
  message: CumulativeMessage
  /** It went on after it was taken for finished: only the end of its run ends it. */
  wasReopened: boolean
  speechSkipped: boolean
  flushing?: NodeJS.Timeout
}

/** So many messages are remembered, to know what of a later push is new. */
const mostRemembered = 256

/** Longer than most: messages, questions and the end of a run depend on each other, and v1 marks no end of anything. */
export class V1Run {
  readonly id: string
  readonly log: V1Log
  readonly #studio: V1Studio
  readonly #messages = new Map<string, Told>()
  readonly #asked = new Set<string>()
  #facts: Partial<RunFacts> = {}
  #status: RunStatus = 'running'

  constructor(id: string, studio: V1Studio) {
    this.id = id
    this.#studio = studio
    this.log = new V1Log(id, studio.journals)
  }

  /** Whether it has visibly more to say: a question without an answer, a call without a result. */
  get isUnfinished(): boolean {
    const last = [...this.#messages.values()].at(-1)
    return this.#asked.size > 0 || last?.message.hasCalls === true
  }

  register(run: Partial<RunFacts>): void {
    this.#learn(run)
    this.log.append([{ type: 'run', at: Date.now(), run: this.#facts }])
  }

  /** The same run from its beginning: for a program that goes on although somebody has deleted what it had told. */
  begunAgain(): V1Run {
    const { endedAt: _, ...facts } = this.#facts
    const again = new V1Run(this.id, this.#studio)
    again.register({ ...facts, status: 'running' })
    return again
  }

  /** Takes up what a journal tells of this run, after Studio was started anew. */
  restore(record: JournalRecord): void {
    if (record.type === 'run') this.#learn(record.run)
    if (record.type !== 'event') return
    const { speaker, event } = record
    if (event.type === 'input-request') this.#restoreQuestion(speaker, event, record.at)
    else if (event.type === 'input-answer') this.#asked.delete(event.id)
    else if (event.type === 'message-start' && !this.#messages.has(event.id)) this.#remember(speaker, event)
    if (event.id !== undefined) this.#messages.get(event.id)?.message.restore(event)
  }

  push({ speaker, start, said, metadata, hasSpeech }: Pushed): void {
    this.#goOn()
    const known = this.#messages.get(start.id)
    if (known === undefined) this.#endBefore(start.id, start.role, start.replyId, speaker)
    const told = known ?? this.#remember(speaker, start)
    const wasEnded = told.message.ended
    this.log.tell(told.speaker, told.message.push(said, metadata, Date.now()))
    told.wasReopened ||= wasEnded && !told.message.ended
    if (hasSpeech) this.#skipSpeech(told)
    // A person's message comes whole.
    if (start.role === 'user') this.#end(told, finished(told))
    else this.#flushLater(told)
  }

  /** A model that was asked, as v0.1.6 told it. */
  invoked(invocation: ModelInvocation): void {
    this.log.append([{ type: 'invocation', at: Date.now(), invocation }])
  }

  ask({ requestId, speaker, schema }: Asked): void {
    const at = Date.now()
    const request = { type: 'input-request', id: requestId, name: speaker.name, ...(schema && { schema }) } as const
    const isNew = !this.#asked.has(requestId)
    // Whoever asks a person has mostly said what there was to say; one who goes on is heard all the same.
    for (const told of this.#messages.values()) if (!told.wasReopened) this.#end(told, finished(told))
    this.#asked.add(requestId)
    this.#studio.answers.open(this.id, request, { agentId: speaker.id, at })
    if (isNew) this.log.append([{ type: 'event', at, speaker, event: request }])
    this.#become('waiting')
  }

  /** The program has the answer. */
  answered(requestId: string, { content, value }: PersonsAnswer): void {
    if (!this.#asked.delete(requestId)) return
    this.#studio.answers.settle(this.id, requestId)
    const words = content ?? (value === undefined ? '' : JSON.stringify(value))
    const event = {
      type: 'input-answer',
      id: requestId,
      content: words,
      ...(value !== undefined && { value }),
    } as const
    this.log.tell(studio, [event])
    if (this.#asked.size === 0) this.#become('running')
  }

  /** Something of this run went wrong beside its messages. */
  complain(message: string, advice: string): void {
    this.log.tell(studio, [{ type: 'error', error: { type: 'input', message, retryable: false, advice } }])
  }

  /** The program is gone. `lost` when it went in the middle of something; its questions wait on, should it come back. */
  end(status: 'done' | 'lost'): void {
    const ending: Ending =
      status === 'done' ? { reason: 'unknown', complete: true } : { reason: 'truncated', complete: false }
    for (const told of this.#messages.values()) this.#end(told, ending)
    if (status === 'done') this.#studio.answers.forget(this.id)
    this.#become(status)
  }

  /** Who speaks next shows who has finished: the message before of the same reply, and the reply before of the speaker. */
  #endBefore(id: string, role: string, replyId: string | undefined, speaker: Speaker): void {
    for (const [otherId, told] of this.#messages) {
      if (otherId === id || told.wasReopened || told.message.ended) continue
      const { start } = told.message
      const isSameReply = start.replyId === replyId
      // Tools that run at once answer at once.
      const areResults = role === 'system' && start.role === 'system'
      if (isSameReply ? !areResults : told.speaker.name === speaker.name) this.#end(told, finished(told))
    }
  }

  #end(told: Told, ending: Ending): void {
    clearTimeout(told.flushing)
    this.log.tell(told.speaker, told.message.end(ending, Date.now()))
  }

  #remember(speaker: Speaker, start: Pushed['start']): Told {
    const told: Told = { speaker, message: new CumulativeMessage(start), wasReopened: false, speechSkipped: false }
    this.#messages.set(start.id, told)
    if (this.#messages.size > mostRemembered) {
      const oldest = [...this.#messages].find(([, { message }]) => message.ended)
      if (oldest !== undefined) this.#messages.delete(oldest[0])
    }
    return told
  }

  #restoreQuestion(speaker: Speaker, request: Extract<StreamEvent, { type: 'input-request' }>, at: number): void {
    this.#asked.add(request.id)
    this.#studio.answers.open(this.id, request, { agentId: speaker.id, at })
  }

  #skipSpeech(told: Told): void {
    if (told.speechSkipped) return
    told.speechSkipped = true
    const { id } = told.message.start
    this.log.tell(told.speaker, [
      { type: 'notice', id, kind: 'skipped', text: 'Spoken audio beside the text is not shown.' },
    ])
  }

  /** A change that was held back is told when it is due, unless a push tells it before. */
  #flushLater(told: Told): void {
    clearTimeout(told.flushing)
    const until = told.message.heldUntil
    if (until === undefined) return
    const flush = () => this.log.tell(told.speaker, told.message.flush(Date.now()))
    told.flushing = setTimeout(flush, Math.max(0, until - Date.now())).unref()
  }

  #learn(run: Partial<RunFacts>): void {
    this.#facts = { ...this.#facts, ...run }
    this.#status = run.status ?? this.#status
  }

  /** Whoever speaks is alive, whatever was thought of it. */
  #goOn(): void {
    if (this.#status !== 'running' && this.#status !== 'waiting') this.#become('running')
  }

  #become(status: RunStatus): void {
    if (status === this.#status) return
    this.#status = status
    const at = Date.now()
    const isOver = status !== 'running' && status !== 'waiting'
    this.log.append([{ type: 'run', at, run: { status, ...(isOver && { endedAt: new Date(at).toISOString() }) } }])
  }
}

const studio: Speaker = { name: 'Studio', id: 'studio' }

function finished({ message }: Told): Ending {
  return { reason: message.hasCalls ? 'tool-calls' : 'stop', complete: true }
}
