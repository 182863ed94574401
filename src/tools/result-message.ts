// The one message in which the results of a turn's calls stand: its events in order, no faster than they are taken.
import type { Ending } from '../core/ending.ts'
import type { StreamEvent } from '../core/event.ts'
import type { ToolUseBlock } from '../core/message.ts'
import { OpenResult } from './open-result.ts'

/** Takes an event; a promise asks to be waited for. */
export type Emit = (event: StreamEvent) => void | Promise<void>

/** Of the message that the results stand in: its id, who says it, and the reply that it belongs to. */
export interface ResultMessageOptions {
  id: string
  name: string
  replyId?: string
}

/**
 * Writes the events of one message of tool results. Results may be open at the same time; each writes its own block.
 * When `emit` fails, nothing more is emitted, `onBroken` is called once, and `end` rejects with what it threw.
 */
export class ResultMessage {
  readonly id: string
  readonly #emit: Emit
  readonly #onBroken: () => void
  #blocks = 0
  /** Settles when all that was sent has been taken. */
  #tail: Promise<void> | undefined
  #broken: { error: unknown } | undefined

  constructor(options: ResultMessageOptions, emit: Emit, onBroken: () => void) {
    const { id, name, replyId } = options
    this.id = id
    this.#emit = emit
    this.#onBroken = onBroken
    this.send({ type: 'message-start', id, role: 'system', name, ...(replyId !== undefined && { replyId }) })
  }

  /** Opens the block that answers this call. */
  open({ id, name }: ToolUseBlock): OpenResult {
    const index = this.#blocks++
    const block = { type: 'tool_result' as const, id, name, output: '' }
    this.send({ type: 'block-start', id: this.id, index, block })
    return new OpenResult(this, index, block)
  }

  async end(ending: Ending): Promise<void> {
    await this.send({ type: 'message-end', id: this.id, ending })
    if (this.#broken !== undefined) throw this.#broken.error
  }

  /** At once when everything before has been taken, else behind it; a function says then what there is to send. */
  send(event: StreamEvent | (() => StreamEvent | undefined)): void | Promise<void> {
    if (this.#tail !== undefined) return this.#wait(this.#tail.then(() => this.#hand(event)))
    const taken = this.#hand(event)
    if (taken !== undefined) return this.#wait(taken)
  }

  #wait(taken: Promise<void>): Promise<void> {
    const tail = taken.then(undefined, this.#break).then(() => {
      if (this.#tail === tail) this.#tail = undefined
    })
    this.#tail = tail
    return tail
  }

  #hand(what: StreamEvent | (() => StreamEvent | undefined)): void | Promise<void> {
    const event = typeof what === 'function' ? what() : what
    if (this.#broken !== undefined || event === undefined) return
    try {
      return this.#emit(event)
    } catch (error) {
      this.#break(error)
    }
  }

  readonly #break = (error: unknown): void => {
    if (this.#broken !== undefined) return
    this.#broken = { error }
    this.#onBroken()
  }
}
