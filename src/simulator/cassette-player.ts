// Plays recorded exchanges at their times, at other times, or step by step.
import { setTimeout as wait } from 'node:timers/promises'
import { ConfigError, ProviderError } from '../core/error.ts'
import type { Cassette, RecordedExchange, RecordedResponse } from './cassette.ts'
import { CassetteMatches, type MatchOptions } from './cassette-match.ts'
import type { Outgoing } from './outgoing.ts'
import { unlessGone } from './waiting.ts'

/** What is about to be played. `index` counts the pieces of the exchange from 0. */
export interface ReplayStep {
  exchange: number
  type: 'response' | 'piece' | 'end'
  index: number
  /** When it came, in milliseconds from its request. */
  atMs: number
}

/** Where waiting takes place; a test may bring its own. */
export interface ReplayClock {
  /** Milliseconds from anywhere. */
  now(): number
  /** Rejects when the signal fires. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export interface ReplayOptions extends MatchOptions {
  /** 1 (default): as it was; 10: ten times as fast; `max`: without waiting. With a `gate` the default is `max`. */
  speed?: number | 'max' | undefined
  /** Awaited before each step, after its time has come: to go step by step. What it throws breaks the answer. */
  gate?: ((step: ReplayStep) => void | Promise<void>) | undefined
  clock?: ReplayClock | undefined
}

const realClock: ReplayClock = {
  now: () => performance.now(),
  wait: (ms, signal) => wait(ms, undefined, { signal }),
}

export class CassettePlayer {
  readonly #matches: CassetteMatches
  readonly #options: ReplayOptions

  /** @throws ConfigError for a wrong option */
  constructor(cassette: Cassette, options: ReplayOptions = {}) {
    checkReplay(cassette, options)
    this.#matches = new CassetteMatches(cassette, options)
    this.#options = options
  }

  /** Begins to play what was recorded for this request. @throws NotRecordedError */
  play(outgoing: Outgoing, signal: AbortSignal): ExchangePlay {
    return new ExchangePlay(this.#matches.next(outgoing), this.#options, signal)
  }
}

/** One exchange on its way. */
export class ExchangePlay {
  readonly #exchange: RecordedExchange
  readonly #options: ReplayOptions
  readonly #signal: AbortSignal
  readonly #clock: ReplayClock
  readonly #startedAt: number

  constructor(exchange: RecordedExchange, options: ReplayOptions, signal: AbortSignal) {
    this.#exchange = exchange
    this.#options = options
    this.#signal = signal
    this.#clock = options.clock ?? realClock
    this.#startedAt = this.#clock.now()
  }

  /**
   * Whether there was no answer, or one whose connection broke or whose recording stopped. One whose client had enough
   * ends cleanly: most clients leave at the end mark, and at any other place the wire tells that the end is missing.
   */
  get isBroken(): boolean {
    const { end, response } = this.#exchange
    return response === undefined || end === undefined || end.how === 'broken'
  }

  /** When its time has come. @throws what the recorded `fetch` threw when there was no response */
  async response(): Promise<RecordedResponse> {
    const { response } = this.#exchange
    if (response === undefined) {
      await this.#ended()
      throw new TypeError('fetch failed', { cause: brokenOf(this.#exchange) })
    }
    await this.#until('response', 0, response.atMs)
    return response
  }

  /** The pieces, each in its time. @throws when the recorded connection broke, as the platform's body does */
  async *pieces(): AsyncGenerator<Uint8Array> {
    for (const [index, { atMs, bytes }] of this.#exchange.pieces.entries()) {
      await this.#until('piece', index, atMs)
      yield bytes.slice()
    }
    await this.#ended()
    if (this.isBroken) throw new TypeError('terminated', { cause: brokenOf(this.#exchange) })
  }

  async #ended(): Promise<void> {
    const { end, pieces, response } = this.#exchange
    if (end !== undefined) await this.#until('end', pieces.length, end.atMs)
    else await this.#until('end', pieces.length, pieces.at(-1)?.atMs ?? response?.atMs ?? 0)
    if (end?.how === 'silent') await unlessGone(new Promise<never>(() => {}), this.#signal)
  }

  async #until(type: ReplayStep['type'], index: number, atMs: number): Promise<void> {
    const { gate, speed = gate === undefined ? 1 : 'max' } = this.#options
    this.#signal.throwIfAborted()
    if (speed !== 'max') {
      const ms = this.#startedAt + atMs / speed - this.#clock.now()
      if (ms > 0) await this.#clock.wait(ms, this.#signal)
    }
    if (gate === undefined) return
    await unlessGone(gate({ exchange: this.#exchange.number, type, index, atMs }), this.#signal)
  }
}

/** What broke it. A recording that stopped, or whose client had enough, knows nothing of what would have come. */
function brokenOf({ number, end }: RecordedExchange): Error {
  if (end?.how === 'broken') {
    const error = new Error(end.message ?? 'the connection broke')
    return end.code === undefined ? error : Object.assign(error, { code: end.code })
  }
  const why = end === undefined ? 'the recording stopped there' : 'its client had left'
  return new ProviderError(`Exchange ${number} of the cassette goes no further: ${why}.`, { code: 'CASSETTE_END' })
}

function checkReplay(cassette: Cassette, { speed = 1, match = 'exact' }: ReplayOptions): void {
  if (!Array.isArray(cassette?.exchanges)) {
    throw new ConfigError('There is no cassette to replay.', { advice: 'Give what readCassette(file) resolves to.' })
  }
  if (speed !== 'max' && !(typeof speed === 'number' && speed > 0)) {
    throw new ConfigError(`speed must be a number above 0, or 'max', but is ${String(speed)}.`)
  }
  if (match !== 'exact' && match !== 'order') throw new ConfigError("match must be 'exact' or 'order'.")
}
