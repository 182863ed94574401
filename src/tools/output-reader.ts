// Reads what a tool gives into its result: a value at once, a stream piece by piece until it ends or is left.
import { LoopTurns } from '../core/loop-turn.ts'
import type { OpenResult } from './open-result.ts'
import { doneText, outputOf, pieceOf } from './output.ts'

type Pieces = AsyncIterator<unknown> | Iterator<unknown>

export class OutputReader {
  readonly #result: OpenResult
  #pieces: Pieces | undefined
  #left = false

  constructor(result: OpenResult) {
    this.#result = result
  }

  /** `isOver` says whether the tool has been told to stop: one that gives nothing then is not done. Throws what it throws. */
  async read(value: unknown, isOver: () => boolean): Promise<void> {
    if (isStream(value)) return this.#readAll(piecesOf(value), isOver)
    if (value !== undefined || !isOver()) await this.#result.write(outputOf(value))
  }

  /** Reads no more: a generator is told to finish, and what comes of that is nobody's concern. */
  leave(): void {
    this.#left = true
    try {
      Promise.resolve(this.#pieces?.return?.()).catch(() => {})
    } catch {
      // It ends badly, and nobody is there to hear it.
    }
  }

  async #readAll(pieces: Pieces, isOver: () => boolean): Promise<void> {
    this.#pieces = pieces
    if (this.#left) return this.leave()
    const bytes = new TextDecoder()
    let isEmpty = true
    const turns = new LoopTurns()
    for (let step = await pieces.next(); !step.done && !this.#left; step = await pieces.next()) {
      isEmpty = false
      // A generator that is always ready would starve timers and sockets, its own time limit among them.
      if (turns.isDue) await turns.give()
      const { value } = step
      await this.#result.piece(value instanceof Uint8Array ? bytes.decode(value, { stream: true }) : pieceOf(value))
    }
    await this.#result.text(bytes.decode())
    if (isEmpty && !isOver()) await this.#result.text(doneText)
  }
}

/** An async iterable, or what a generator function without `async` gives. */
function isStream(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || (Symbol.iterator in value && 'next' in value)
}

function piecesOf(value: AsyncIterable<unknown> | Iterable<unknown>): Pieces {
  return Symbol.asyncIterator in value ? value[Symbol.asyncIterator]() : value[Symbol.iterator]()
}
