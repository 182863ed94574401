// A `fetch` for bytes that were damaged before: it plays them piece by piece and knows whether it was closed.
import { setImmediate as turn } from 'node:timers/promises'
import type { DamagedBytes } from '../../src/simulator/index.ts'

/** Bodies that are being read at the moment, over all. */
export const openBodies = new Set<DamagedBody>()

export class DamagedBody {
  readonly #damaged: DamagedBytes
  readonly #contentType: string
  #at = 0
  readonly #gone = Promise.withResolvers<void>()
  /** Resolves when the body has ended, in whatever way, or its reader has left. */
  readonly closed = this.#gone.promise

  constructor(damaged: DamagedBytes, contentType: string) {
    this.#damaged = damaged
    this.#contentType = contentType
  }

  readonly fetch = async (): Promise<Response> => {
    openBodies.add(this)
    const body = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller), cancel: () => this.#close() },
      { highWaterMark: 0 },
    )
    return new Response(body, { headers: { 'content-type': this.#contentType } })
  }

  /** A pause is a turn of the loop, but not where a short clock runs: others may take long over their turns. */
  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { pieces, end } = this.#damaged
    const piece = pieces[this.#at]
    const before = pieces[this.#at - 1]
    this.#at += 1
    if (piece !== undefined && before !== undefined && piece.atMs > before.atMs && end !== 'stall') await turn()
    if (!openBodies.has(this)) return
    if (piece !== undefined) return controller.enqueue(piece.bytes)
    if (end === 'stall') return this.closed
    this.#close()
    if (end === 'reset') controller.error(new TypeError('terminated', { cause: resetByPeer() }))
    else controller.close()
  }

  #close(): void {
    openBodies.delete(this)
    this.#gone.resolve()
  }
}

function resetByPeer(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}
