// Tells deltas from snapshots: DashScope repeats the whole text so far unless asked (and heard) to send increments.

type Mode = 'undecided' | 'deltas' | 'snapshots'

interface Channel {
  /** What has been handed on. */
  seen: string
  /** A piece that may be a snapshot or a delta; the next one decides. */
  held: Piece | undefined
  pieces: Piece[]
}

interface Piece {
  text: string
  /** Output tokens counted when it came. */
  tokens: number | undefined
}

/**
 * One per reply. The mode is pinned once, for all channels: at once when the request asked for snapshots or a piece does
 * not begin with everything before it; as snapshots when two pieces in a row do, and the token count does not speak
 * against it.
 */
export class SnapshotFilter {
  #mode: Mode
  readonly #channels = new Map<string, Channel>()

  constructor(incremental: boolean) {
    this.#mode = incremental ? 'undecided' : 'snapshots'
  }

  /** Whether each piece is known to be new text only. */
  get areDeltas(): boolean {
    return this.#mode === 'deltas'
  }

  /** What is new in this piece. '' while it has to wait for the next one. */
  push(name: string, text: string, tokens: number | undefined): string {
    if (text === '' || this.#mode === 'deltas') return text
    const channel = this.#channelOf(name)
    return this.#mode === 'snapshots' ? tail(channel, text) : this.#weigh(channel, { text, tokens })
  }

  /** The end: what still waits, by channel, in order. */
  *finish(): Generator<[name: string, text: string]> {
    for (const [name, channel] of this.#channels) {
      const held = channel.held
      if (held === undefined) continue
      channel.held = undefined
      const grown = this.#mode === 'undecided' && spread(channel.pieces, false) > spread(channel.pieces, true) * 1.01
      yield [name, this.#mode === 'snapshots' || grown ? tail(channel, held.text) : held.text]
    }
  }

  #weigh(channel: Channel, piece: Piece): string {
    const before = channel.held?.text ?? channel.seen
    const previous = channel.pieces.at(-1)
    channel.pieces.push(piece)
    if (previous === undefined) return tail(channel, piece.text)
    if (piece.text === before && previous.tokens !== undefined && previous.tokens === piece.tokens) return ''
    if (!piece.text.startsWith(before) || piece.text === before) return this.#pin('deltas', channel, piece)
    if (channel.held === undefined) {
      channel.held = piece
      return ''
    }
    const against = spread(channel.pieces, false) < spread(channel.pieces, true)
    return this.#pin(against ? 'deltas' : 'snapshots', channel, piece)
  }

  #pin(mode: Mode, channel: Channel, piece: Piece): string {
    this.#mode = mode
    const held = channel.held?.text ?? ''
    channel.held = undefined
    channel.pieces = []
    return mode === 'snapshots' ? tail(channel, piece.text) : held + piece.text
  }

  #channelOf(name: string): Channel {
    let channel = this.#channels.get(name)
    if (channel === undefined) {
      channel = { seen: '', held: undefined, pieces: [] }
      this.#channels.set(name, channel)
    }
    return channel
  }
}

/** The part of a snapshot that has not been handed on; all of it when it does not go on from there. */
function tail(channel: Channel, text: string): string {
  const fresh = text.startsWith(channel.seen) ? text.slice(channel.seen.length) : text
  channel.seen = text.startsWith(channel.seen) ? text : channel.seen + text
  return fresh
}

/**
 * How much the characters per token vary over the pieces, if they are snapshots (or deltas): the true reading varies
 * less. 1 when there is nothing to go by.
 */
function spread(pieces: readonly Piece[], asSnapshots: boolean): number {
  let least = Number.POSITIVE_INFINITY
  let most = 0
  let sum = 0
  for (const { text, tokens } of pieces) {
    if (tokens === undefined || tokens <= 0) return 1
    sum += text.length
    const ratio = (asSnapshots ? text.length : sum) / tokens
    least = Math.min(least, ratio)
    most = Math.max(most, ratio)
  }
  return most === 0 ? 1 : most / least
}
