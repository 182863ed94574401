// Sound that a model speaks: base64 in pieces, made one block at the end.
// https://platform.openai.com/docs/guides/audio https://help.aliyun.com/zh/model-studio/qwen-omni
import type { MediaBlock } from '../core/message.ts'
import { type Fields, textIn } from './values.ts'

/** How the base64 of a known container begins. Raw samples (16 bit, 24 kHz) begin with anything. */
const beginnings: readonly (readonly [beginning: string, mimeType: string])[] = [
  ['UklGR', 'audio/wav'],
  ['SUQz', 'audio/mpeg'],
  ['//u', 'audio/mpeg'],
  ['//N', 'audio/mpeg'],
  ['T2dnU', 'audio/ogg'],
  ['ZkxhQ', 'audio/flac'],
]

export class SpokenAudio {
  readonly #pieces: string[] = []
  readonly #facts: Fields = {}

  add(audio: Fields): void {
    const { id, data, expires_at: expiresAt } = audio
    if (textIn(data)) this.#pieces.push(data as string)
    if (textIn(id)) this.#facts['id'] = id
    if (expiresAt) this.#facts['expiresAt'] = expiresAt
  }

  /** All of it as one block; `undefined` when no sound came. */
  block(): MediaBlock | undefined {
    const data = joinBase64(this.#pieces)
    if (data === '') return undefined
    const mimeType = beginnings.find(([beginning]) => data.startsWith(beginning))?.[1] ?? 'audio/pcm'
    const block: MediaBlock = { type: 'audio', url: `data:${mimeType};base64,${data}`, mimeType }
    return Object.keys(this.#facts).length === 0 ? block : { ...block, metadata: this.#facts }
  }
}

/** Pieces that were encoded one by one are padded one by one: such are written anew. */
function joinBase64(pieces: readonly string[]): string {
  const padded = pieces.some((piece, at) => at < pieces.length - 1 && piece.endsWith('='))
  if (!padded) return pieces.join('')
  try {
    return btoa(pieces.map((piece) => atob(piece)).join(''))
  } catch {
    return pieces.join('')
  }
}
