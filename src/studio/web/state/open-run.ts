// The run that the tab has open: its model, kept up over the socket, and what of it belongs together.
import { signal } from '@preact/signals'
import { useLayoutEffect, useReducer } from 'preact/hooks'
import type { Op, ServerFrame } from '../../protocol/frames.ts'
import { RunModel, type RunPart, type Topic } from '../../protocol/model.ts'
import type { PersonsAnswer } from '../components/request-answers.tsx'
import { live, type Verdict } from './live.ts'
import { rest } from './rest.ts'

export class OpenRun {
  readonly id: string
  readonly model: RunModel
  /** Calls and results by the id of the call, in the order in which they came: ids may be used again. */
  readonly #calls = new Map<string, string[]>()
  readonly #results = new Map<string, string[]>()
  /** When a part was seen to close; only of those that closed while the tab was there. Milliseconds since 1970. */
  readonly closedAt = new Map<string, number>()
  /** Rises when a call or a result has come: who shows one may find its partner now. */
  readonly pairs = signal(0)
  /** The message that is looked at. */
  readonly selected = signal<string>()
  /** Hears of what is told live, behind the first snapshot. */
  onLive: ((ops: readonly Op[]) => void) | undefined
  readonly #unfollow: () => void
  readonly #key = crypto.randomUUID()
  #askedAgain = 0

  constructor(id: string) {
    this.id = id
    this.model = new RunModel(id)
    this.#unfollow = live.follow(id, {
      position: () => this.model.cursor(),
      batch: (frame) => this.#batch(frame),
    })
  }

  close(): void {
    this.#unfollow()
  }

  /** The result of a call, or the call of a result, when it is there. */
  partner(part: RunPart): RunPart | undefined {
    const { call, kind } = part.head
    if (call === undefined) return undefined
    const [own, others] = kind === 'tool_in' ? [this.#calls, this.#results] : [this.#results, this.#calls]
    const at = own.get(call)?.indexOf(part.id) ?? -1
    const id = at < 0 ? undefined : others.get(call)?.[at]
    return id === undefined ? undefined : this.model.parts.get(id)
  }

  /** Answers a question. A second try of this tab is the same answer, not another one. */
  answer(request: string, value: PersonsAnswer): Promise<Verdict> {
    return live.command({ t: 'answer', run: this.id, req: request, key: `${this.#key} ${request}`, value })
  }

  stop(): Promise<Verdict> {
    return live.command({ t: 'stop', run: this.id })
  }

  /** Whether there are messages before those that are here. */
  get hasOlder(): boolean {
    return (this.model.messages[0]?.head.place ?? 0) > 0
  }

  /** Reads a page of older messages. @throws RestError */
  async older(): Promise<void> {
    const before = this.model.messages[0]?.head.place ?? 0
    const path = `/api/runs/${encodeURIComponent(this.id)}/messages?before=${before}&limit=50`
    const { ops } = await rest<{ ops: Op[] }>(path)
    this.#note(ops, false)
    this.model.addOlder(ops)
  }

  #batch(frame: Extract<ServerFrame, { t: 'b' }>): void {
    if (frame.reset) for (const each of [this.#calls, this.#results, this.closedAt]) each.clear()
    const isLive = !this.model.isPartial
    this.#note(frame.ops, isLive)
    const isMissing = this.model.apply(frame)
    if (isLive) this.onLive?.(frame.ops)
    if (!isMissing) return
    // What is missing is asked for once; what is still on its way is not asked for again with every batch.
    if (Date.now() - this.#askedAgain < 500) return
    this.#askedAgain = Date.now()
    live.again(this.id)
  }

  #note(ops: readonly Op[], isLive: boolean): void {
    for (const op of ops) {
      if (op[0] === 'e' && isLive) this.closedAt.set(op[1], Date.now())
      if (op[0] !== 'n' || op[2].call === undefined) continue
      const index = op[2].kind === 'tool_in' ? this.#calls : this.#results
      const ids = index.get(op[2].call) ?? []
      if (ids.includes(op[1])) continue
      index.set(op[2].call, [...ids, op[1]])
      this.pairs.value += 1
    }
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
