// Spoken pieces without secrets, also without one that is cut between two pieces.
import type { BlockDelta } from '../core/event.ts'

/** An end that shares fewer letters with a secret is told at once: any word ends in the first letter of some key. */
const suspicious = 4

interface Block {
  /** The last letters that were told, fewer than are suspicious. */
  told: string
  /** What waits: it may be the beginning of a secret. */
  held: BlockDelta | undefined
}

/**
 * An end of a text that may well be the beginning of a secret waits for the next piece, or for the end of its block. Of a
 * secret that comes letter by letter, its first three may stand there; never more.
 */
export class CleanPieces {
  readonly #blocks = new Map<string, Block>()

  /** What of this piece, and of what waited before it, may be told now; the piece itself when all of it may. */
  take(piece: BlockDelta, secrets: readonly string[]): BlockDelta {
    if (secrets.length === 0) return piece
    const key = `${piece.index} ${piece.id}`
    const { told, held } = this.#blocks.get(key) ?? { told: '', held: undefined }
    const raw = told + (held?.delta ?? '') + piece.delta
    const { clean, from } = cleaned(raw, told.length, secrets)
    const open = raw.slice(from)
    const begun = Math.max(...secrets.map((secret) => begunIn(open, secret)))
    const waits = begun < suspicious ? 0 : Math.min(begun, raw.length - Math.max(from, told.length))
    const end = raw.length - waits
    const next = {
      told: raw.slice(Math.max(from, end - suspicious + 1), end),
      held: undefined as BlockDelta | undefined,
    }
    if (waits > 0) next.held = { ...piece, delta: raw.slice(end) }
    this.#blocks.set(key, next)
    const delta = clean + raw.slice(Math.max(from, told.length), end)
    return delta === piece.delta ? piece : { ...piece, delta }
  }

  /** What waits of a block that has ended: no secret has become of it. */
  end(id: string, index: number): BlockDelta | undefined {
    const key = `${index} ${id}`
    const held = this.#blocks.get(key)?.held
    this.#blocks.delete(key)
    return held
  }
}

/** The text up to the end of its last secret, without secrets and without what was told before, and where that end is. */
function cleaned(raw: string, told: number, secrets: readonly string[]): { clean: string; from: number } {
  let [clean, from] = ['', 0]
  for (;;) {
    const found = secrets
      .map((secret) => ({ at: raw.indexOf(secret, from), secret }))
      .filter(({ at }) => at !== -1)
      .sort((one, other) => one.at - other.at)[0]
    if (found === undefined) return { clean, from }
    clean += `${raw.slice(Math.max(from, told), Math.max(found.at, told))}[redacted]`
    from = found.at + found.secret.length
  }
}

/** How many characters at the end of the text are the beginning of the secret. */
function begunIn(text: string, secret: string): number {
  const first = secret[0] as string
  let at = text.indexOf(first, Math.max(0, text.length - secret.length + 1))
  while (at !== -1 && !secret.startsWith(text.slice(at))) at = text.indexOf(first, at + 1)
  return at === -1 ? 0 : text.length - at
}
