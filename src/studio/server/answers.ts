// Open questions to people, and what people want of programs, kept apart by run: an answer reaches its own run only.
import type { InputRequest } from '../../core/event.ts'
import type { StudioCommand } from '../../journal/journal.ts'

/** A question that waits. `at` in milliseconds since 1970. */
export interface OpenRequest {
  run: string
  request: InputRequest
  agentId: string
  at: number
}

/** What was answered. `content` are words, `value` is what a schema asked for. */
export interface PersonsAnswer {
  content?: string
  value?: unknown
}

export type AnswerVerdict = 'ok' | 'answered' | 'unknown'

/** An answer, who gave it, and when in milliseconds since 1970. */
export interface GivenHere extends PersonsAnswer {
  by: string
  at: number
}

interface Answered extends GivenHere {
  key?: string
  /** Kept until the program has told of it, so that one that was away gets it when it comes back. */
  undelivered?: PersonsAnswer
}

type Asked = OpenRequest & { answered?: Answered }

interface Desk {
  asked: Map<string, Asked>
  listeners: Set<(command: StudioCommand) => void>
}

/** So many answered questions of a run are remembered, so that a late second answer still hears `answered`. */
const remembered = 256

export class Answers {
  readonly #desks = new Map<string, Desk>()
  readonly #taken: (run: string, requestId: string, answer: GivenHere) => void

  /** `taken` hears of each answer that a program will get, before the program does. */
  constructor(taken: (run: string, requestId: string, answer: GivenHere) => void = () => undefined) {
    this.#taken = taken
  }

  /** Makes a question known. A second time for the same id changes nothing. */
  open(run: string, request: InputRequest, about: { agentId?: string; at?: number } = {}): void {
    const { asked } = this.#desk(run)
    if (asked.has(request.id)) return
    asked.set(request.id, { run, request, agentId: about.agentId ?? '', at: about.at ?? Date.now() })
    if (asked.size <= remembered) return
    const oldest = [...asked].find(([, each]) => each.answered !== undefined)
    if (oldest !== undefined) asked.delete(oldest[0])
  }

  /**
   * The first answer wins and goes to the program, also to one that is away and comes back. `key` makes it safe to send
   * twice: the same key again is `ok`. `answered`: somebody else was first; `unknown`: that run has no such question.
   */
  answer(run: string, requestId: string, key: string, value: PersonsAnswer, by: string): AnswerVerdict {
    const asked = this.#desks.get(run)?.asked.get(requestId)
    if (asked === undefined) return 'unknown'
    if (asked.answered !== undefined) return asked.answered.key === key ? 'ok' : 'answered'
    const given = { ...value, by, at: Date.now() }
    asked.answered = { ...given, key, undelivered: value }
    this.#taken(run, requestId, given)
    this.command(run, { type: 'answer', requestId, answer: value })
    return 'ok'
  }

  /** The program has told of an answer, wherever it was given: here, or in its own terminal. */
  settle(run: string, requestId: string, by = 'elsewhere'): void {
    const asked = this.#desks.get(run)?.asked.get(requestId)
    if (asked === undefined) return
    asked.answered ??= { by, at: Date.now() }
    delete asked.answered.undelivered
  }

  /** Who answered, when somebody has. */
  answeredBy(run: string, requestId: string): { by: string; at: number } | undefined {
    const answered = this.#desks.get(run)?.asked.get(requestId)?.answered
    return answered && { by: answered.by, at: answered.at }
  }

  /** What was answered here, as long as it is remembered. */
  given(run: string, requestId: string): GivenHere | undefined {
    const answered = this.#desks.get(run)?.asked.get(requestId)?.answered
    if (answered?.key === undefined) return undefined
    const { key: _, undelivered: __, ...given } = answered
    return given
  }

  /** That question, as long as nobody has answered it. */
  waiting(run: string, requestId: string): OpenRequest | undefined {
    const asked = this.#desks.get(run)?.asked.get(requestId)
    return asked?.answered === undefined ? asked : undefined
  }

  /** The questions that wait, of one run or of all, the oldest first. */
  pending(run?: string): OpenRequest[] {
    const desks = run === undefined ? [...this.#desks.values()] : [this.#desks.get(run)]
    const waiting = desks.flatMap((desk) => [...(desk?.asked.values() ?? [])]).filter((each) => !each.answered)
    return waiting
      .sort((one, other) => one.at - other.at)
      .map(({ run, request, agentId, at }) => ({ run, request, agentId, at }))
  }

  /** The run is over or was deleted: nothing of it waits any more. */
  forget(run: string): void {
    const desk = this.#desks.get(run)
    desk?.asked.clear()
    if (desk?.listeners.size === 0) this.#desks.delete(run)
  }

  /** Hands a wish to whoever listens for that run. `false` when nobody does: the program is away. */
  command(run: string, command: StudioCommand): boolean {
    const listeners = this.#desks.get(run)?.listeners
    for (const tell of listeners ?? []) tell(command)
    return (listeners?.size ?? 0) > 0
  }

  /** Whether a program listens for that run. */
  isHeard(run: string): boolean {
    return (this.#desks.get(run)?.listeners.size ?? 0) > 0
  }

  /** What people want of this run, from now until the signal fires; first the answers that it may have missed. */
  commands(run: string, signal: AbortSignal): AsyncIterable<StudioCommand> {
    const { asked, listeners } = this.#desk(run)
    const queue: StudioCommand[] = []
    for (const [requestId, { answered }] of asked) {
      if (answered?.undelivered !== undefined) queue.push({ type: 'answer', requestId, answer: answered.undelivered })
    }
    let wake: () => void = () => undefined
    const hear = (command: StudioCommand) => {
      queue.push(command)
      wake()
    }
    // It listens from this moment on, not from the first time somebody asks for the next one.
    if (!signal.aborted) listeners.add(hear)
    const leave = () => {
      listeners.delete(hear)
      wake()
    }
    signal.addEventListener('abort', leave, { once: true })
    const more = () => new Promise<void>((resolve) => (wake = resolve))
    return drain(queue, more, signal, leave)
  }

  #desk(run: string): Desk {
    const desk = this.#desks.get(run) ?? { asked: new Map(), listeners: new Set() }
    this.#desks.set(run, desk)
    return desk
  }
}

async function* drain(
  queue: StudioCommand[],
  more: () => Promise<void>,
  signal: AbortSignal,
  leave: () => void,
): AsyncGenerator<StudioCommand> {
  try {
    while (!signal.aborted) {
      const next = queue.shift()
      if (next === undefined) await more()
      else yield next
    }
  } finally {
    leave()
  }
}
