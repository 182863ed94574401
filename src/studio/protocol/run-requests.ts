// The questions of one run to people: asked, answered in Studio, and what their program says of the answer.
import type { InputAnswer, InputRequest } from '../../core/event.ts'
import { textOf } from '../../core/message.ts'
import type { Speaker } from '../../scope.ts'
import type { Changes, Changing } from './changes.ts'
import type { RunFigures } from './figures.ts'
import type { RunAnswer } from './frames.ts'
import type { RequestState, Thing } from './run-state.ts'

/** What was answered in Studio to that question, whether its program has told of it or not. */
export type KnownAnswer = (requestId: string) => RunAnswer | undefined

/** What programs call the place of an answer that came from a Studio. */
const linked = 'Studio'

interface Place {
  offset: number
  at: number
  speaker: Speaker
}

export interface Ground {
  changes: Changes<Thing>
  figures: RunFigures
  newThing(): Changing
}

export class RunRequests {
  /**
   * Those that were answered in Studio, in that order. No journal tells of it before the program does, so readers find
   * here what they have not told yet.
   */
  readonly accepted: RequestState[] = []
  readonly #ground: Ground
  readonly #known: KnownAnswer
  readonly #states = new Map<string, RequestState>()

  constructor(ground: Ground, known: KnownAnswer) {
    this.#ground = ground
    this.#known = known
  }

  asked(event: InputRequest, { offset, at, speaker }: Place): void {
    const { changes, figures, newThing } = this.#ground
    const known = this.#states.get(event.id)
    const request = { ...event, at, agentId: speaker.id, agent: speaker.name }
    const state: RequestState = known ?? { ...newThing(), type: 'request', request, answer: undefined, isTold: false }
    this.#states.set(event.id, state)
    changes.touch(state, offset)
    if (known !== undefined) return
    figures.waiting(1)
    const answer = this.#known(event.id)
    if (answer !== undefined) this.accept(event.id, answer)
  }

  /** Studio has taken an answer, and waits for the program to tell of it. False when there is nothing new in that. */
  accept(id: string, answer: RunAnswer): boolean {
    const state = this.#states.get(id)
    if (state === undefined || state.answer !== undefined) return false
    state.answer = { ...answer, waits: true }
    this.accepted.push(state)
    this.#ground.figures.waiting(-1)
    return true
  }

  /** The program has the last word: it may have taken another answer than the one from here. */
  told(event: InputAnswer, { offset, at }: Place): void {
    const state = this.#states.get(event.id)
    if (state === undefined || state.isTold) return
    const answer = answerIn(event, at)
    if (state.answer === undefined) this.#ground.figures.waiting(-1)
    const here = state.answer ?? this.#known(event.id)
    state.answer = here !== undefined && isFromHere(here, answer) ? { ...answer, by: here.by, at: here.at } : answer
    state.isTold = true
    this.#ground.changes.touch(state, offset)
  }
}

function answerIn({ content, value, by }: InputAnswer, at: number): RunAnswer {
  const words = typeof content === 'string' ? content : (textOf({ content }) ?? '')
  return { by: by ?? 'elsewhere', at, content: words, ...(value !== undefined && { value }) }
}

/** A program that does not say where its answer was given took the one from here when it reads the same. */
function isFromHere(here: RunAnswer, told: RunAnswer): boolean {
  if (told.by !== 'elsewhere') return told.by === linked
  if (here.value !== undefined) return JSON.stringify(here.value) === JSON.stringify(told.value)
  return here.content === undefined || here.content === told.content
}
