// A run as pages show it, live or in a replay: its model, what of it belongs together, and what is looked at.
import { signal } from '@preact/signals'
import type { Op } from '../../protocol/frames.ts'
import { RunModel, type RunPart } from '../../protocol/model.ts'

export abstract class ShownRun {
  readonly id: string
  readonly model: RunModel
  /** Shown as it once stood: nothing in it can be answered. */
  abstract readonly isReplay: boolean
  /** Rises when a call or a result has come: who shows one may find its partner now. */
  readonly pairs = signal(0)
  /** The message that is looked at. */
  readonly selected = signal<string>()
  /** Calls and results by the id of the call, in the order in which they came: ids may be used again. */
  readonly #calls = new Map<string, string[]>()
  readonly #results = new Map<string, string[]>()

  constructor(id: string) {
    this.id = id
    this.model = new RunModel(id)
  }

  /** Whether there are messages before those that are here. */
  abstract get hasOlder(): boolean

  /** Reads a page of older messages. @throws RestError */
  abstract older(): Promise<void>

  /** The result of a call, or the call of a result, when it is there. */
  partner(part: RunPart): RunPart | undefined {
    const { call, kind } = part.head
    if (call === undefined) return undefined
    const [own, others] = kind === 'tool_in' ? [this.#calls, this.#results] : [this.#results, this.#calls]
    const at = own.get(call)?.indexOf(part.id) ?? -1
    const id = at < 0 ? undefined : others.get(call)?.[at]
    return id === undefined ? undefined : this.model.parts.get(id)
  }

  /** Nothing that was noted counts any more. */
  protected forget(): void {
    this.#calls.clear()
    this.#results.clear()
  }

  /** Notes which parts of these operations belong together. */
  protected note(ops: readonly Op[]): void {
    for (const op of ops) {
      if (op[0] !== 'n' || op[2].call === undefined) continue
      const index = op[2].kind === 'tool_in' ? this.#calls : this.#results
      const ids = index.get(op[2].call) ?? []
      if (ids.includes(op[1])) continue
      index.set(op[2].call, [...ids, op[1]])
      this.pairs.value += 1
    }
  }
}
