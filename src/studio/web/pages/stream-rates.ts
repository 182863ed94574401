// Tokens a second of streams while they are written, by readings of their text; providers count tokens only at the end.
import type { RunMessage } from '../../protocol/model.ts'

const kept = 60

/** Readings are about one a second; each holds one value for each message, oldest first, of the last minute. */
export class StreamRates {
  readonly #streams = new Map<string, { atMs: number; tokens: number; values: number[] }>()

  /** The first reading of a message counts nothing: nobody knows how long that text took. */
  read(messages: readonly RunMessage[], atMs: number): void {
    const open = new Set(messages.map(({ id }) => id))
    for (const id of this.#streams.keys()) if (!open.has(id)) this.#streams.delete(id)
    for (const message of messages) {
      const tokens = message.parts.reduce((sum, { text }) => sum + aboutTokens(text), 0)
      const before = this.#streams.get(message.id)
      const seconds = before === undefined ? 0 : (atMs - before.atMs) / 1000
      const rate = before === undefined || seconds <= 0 ? [] : [Math.max(0, tokens - before.tokens) / seconds]
      this.#streams.set(message.id, { atMs, tokens, values: [...(before?.values ?? []), ...rate].slice(-kept) })
    }
  }

  of(messageId: string): readonly number[] {
    return this.#streams.get(messageId)?.values ?? []
  }
}

/** Roughly: four letters of most scripts are a token, and so is each sign of Chinese, Japanese or Korean. */
export function aboutTokens(text: string): number {
  const signs = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0
  return signs + (text.length - signs) / 4
}
