// Spoken pieces without secrets, also without one that is cut between two pieces.
import type { BlockDelta } from '../core/event.ts'
import { redact } from '../core/redact.ts'

/**
 * An end of a text that may be the beginning of a secret waits for the next piece, or for the end of its block. Keeps no
 * more than the longest secret for each block that is open.
 */
export class CleanPieces {
  readonly #waiting = new Map<string, BlockDelta>()

  /** What of this piece, and of what waited before it, may be told now; the piece itself when all of it may. */
  take(piece: BlockDelta, secrets: readonly string[]): BlockDelta {
    if (secrets.length === 0) return piece
    const key = `${piece.index} ${piece.id}`
    const before = this.#waiting.get(key)
    const text = redact((before?.delta ?? '') + piece.delta, secrets)
    const waits = Math.max(...secrets.map((secret) => begunIn(text, secret)))
    if (waits > 0) this.#waiting.set(key, { ...piece, delta: text.slice(text.length - waits) })
    else if (before !== undefined) this.#waiting.delete(key)
    return waits === 0 && text === piece.delta ? piece : { ...piece, delta: text.slice(0, text.length - waits) }
  }

  /** What waits of a block that has ended: no secret has become of it. */
  end(id: string, index: number): BlockDelta | undefined {
    const key = `${index} ${id}`
    const rest = this.#waiting.get(key)
    this.#waiting.delete(key)
    return rest
  }
}

/** How many characters at the end of the text are the beginning of the secret. */
function begunIn(text: string, secret: string): number {
  const first = secret[0] as string
  let at = text.indexOf(first, Math.max(0, text.length - secret.length + 1))
  while (at !== -1 && !secret.startsWith(text.slice(at))) at = text.indexOf(first, at + 1)
  return at === -1 ? 0 : text.length - at
}
