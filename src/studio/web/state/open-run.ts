// The run that the tab has open, kept up over the socket.
import { useLayoutEffect, useReducer } from 'preact/hooks'
import type { Op, ServerFrame } from '../../protocol/frames.ts'
import type { RunModel, Topic } from '../../protocol/model.ts'
import type { PersonsAnswer } from '../components/request-answers.tsx'
import { live, type Verdict } from './live.ts'
import { rest } from './rest.ts'
import { ShownRun } from './shown-run.ts'

/** When words that a person says to an agent reach it. */
export type SteerTime = 'now' | 'after-tool' | 'after-reply'

/** What is missing is asked for once in so many milliseconds, until it has come. */
const askAgainMs = 500

export class OpenRun extends ShownRun {
  readonly isReplay = false
  /** Hears of what is told live, behind the first snapshot. */
  onLive: ((ops: readonly Op[]) => void) | undefined
  readonly #unfollow: () => void
  readonly #key = crypto.randomUUID()
  #askedAgain = Number.NEGATIVE_INFINITY
  #asking: ReturnType<typeof setTimeout> | undefined

  constructor(id: string) {
    super(id)
    this.#unfollow = live.follow(id, {
      position: () => this.model.cursor(),
      batch: (frame) => this.#batch(frame),
    })
  }

  close(): void {
    clearTimeout(this.#asking)
    this.#unfollow()
  }

  /** Answers a question. A second try of this tab is the same answer, not another one. */
  answer(request: string, value: PersonsAnswer): Promise<Verdict> {
    return live.command({ t: 'answer', run: this.id, req: request, key: `${this.#key} ${request}`, value })
  }

  stop(): Promise<Verdict> {
    return live.command({ t: 'stop', run: this.id })
  }

  /** Says a word to an agent that is giving a reply. `agent`: its id. */
  steer(agent: string, text: string, when: SteerTime): Promise<Verdict> {
    return live.command({ t: 'steer', run: this.id, agent, text, when })
  }

  get hasOlder(): boolean {
    return (this.model.messages[0]?.head.place ?? 0) > 0
  }

  async older(): Promise<void> {
    const before = this.model.messages[0]?.head.place ?? 0
    const path = `/api/runs/${encodeURIComponent(this.id)}/messages?before=${before}&limit=50`
    const { ops } = await rest<{ ops: Op[] }>(path)
    this.note(ops)
    this.model.addOlder(ops)
  }

  #batch(frame: Extract<ServerFrame, { t: 'b' }>): void {
    if (frame.reset) this.forget()
    const isLive = !this.model.isPartial
    this.note(frame.ops)
    const isMissing = this.model.apply(frame)
    if (isLive) this.onLive?.(frame.ops)
    if (isMissing) this.#askAgain()
    else {
      clearTimeout(this.#asking)
      this.#asking = undefined
    }
  }

  /** What is still on its way is not asked for again with every batch; and the last batch may be the one that tells. */
  #askAgain(): void {
    if (this.#asking !== undefined) return
    const wait = this.#askedAgain + askAgainMs - Date.now()
    const ask = () => {
      this.#asking = undefined
      this.#askedAgain = Date.now()
      live.again(this.id)
    }
    if (wait > 0) this.#asking = setTimeout(ask, wait)
    else ask()
  }
}

/** Renders the component again when something of these topics has changed. */
export function useTopics(model: RunModel, ...topics: Topic[]): void {
  const [, again] = useReducer((count: number) => count + 1, 0)
  const key = topics.join('\n')
  // With the rendering, not behind it: what comes in between would never be shown.
  useLayoutEffect(() => {
    const stops = key === '' ? [] : key.split('\n').map((topic) => model.listen(topic as Topic, () => again(undefined)))
    return () => {
      for (const stop of stops) stop()
    }
  }, [model, key])
}
