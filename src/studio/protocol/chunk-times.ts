// When the pieces of each message came, until the call that wrote it is told: for the ticks in its bar, and its pauses.

/** So many pieces of a message are kept; a longer one loses its later ticks. */
const mostPieces = 2000
/** So many messages wait at most for their call; those of programs that tell no calls must not pile up. */
const mostMessages = 64

export class ChunkTimes {
  readonly #times = new Map<string, number[]>()

  heard(messageId: string, at: number): void {
    const times = this.#times.get(messageId)
    if (times !== undefined && times.length < mostPieces) times.push(at)
    if (times !== undefined) return
    this.#times.set(messageId, [at])
    const [oldest] = this.#times.keys()
    if (this.#times.size > mostMessages && oldest !== undefined) this.#times.delete(oldest)
  }

  /** Milliseconds from `startMs` to each piece, in whole ones; `undefined` when none was heard. They are forgotten. */
  take(messageId: string | undefined, startMs: number): number[] | undefined {
    const times = messageId === undefined ? undefined : this.#times.get(messageId)
    if (messageId !== undefined) this.#times.delete(messageId)
    return times?.map((at) => Math.max(0, Math.round(at - startMs)))
  }
}
