// Chaos around a `fetch`: its answers arrive cut, late, twice, out of order, full of junk, or never to the end.
import { ConfigError } from '../core/error.ts'
import { fields, must } from './checks.ts'
import { type DamageOptions, damageChecks } from './damage.ts'
import { drawPlan } from './damage-plan.ts'
import { damagedPieces } from './damaged-reply.ts'
import { type Damage, Damager } from './damager.ts'
import { randomFrom, seedFor } from './random.ts'
import { connectionReset } from './reset.ts'
import { isFields } from './value.ts'

type Fetch = (input: Request | string | URL, init?: RequestInit) => Promise<Response>

/** What was done to one answer. */
export interface DamagedReply {
  /** The how manieth answer it is, from 1. */
  number: number
  /** `chaos(fetch, { seed, alone: true })` does the same to its first answer. */
  seed: number
  /** In order; empty while nothing has been done, or for an answer that passes whole. It grows while the answer is read. */
  damages: readonly Damage[]
}

export interface ChaosOptions extends DamageOptions {
  /** Whole number; each answer gets a seed of its own from it, by its number. */
  seed: number
  /** How long an answer is, roughly: where breaks are looked for. Default 4,096. */
  bytes?: number | undefined
  /** Take the seed for the first answer as it is: to play one answer of a longer run again. Default false. */
  alone?: boolean | undefined
  /** Which part of the answers is damaged, 0 to 1. Default 1. */
  share?: number | undefined
  /** Hears of each answer when its headers have come. */
  onReply?: ((reply: DamagedReply) => void) | undefined
}

/**
 * The same `fetch`, with damaged answers: one to three kinds of damage each, drawn by the seed. Only the body of an
 * answer with a status of 200 to 299 is touched, and nothing is read of it that has not been asked for. The n-th answer
 * of a seed is always damaged in the same way, as long as its body comes in the same bytes.
 *
 * A reset is what the platform's own `fetch` reports, a TypeError with the cause ECONNRESET; a stall lasts until the
 * body is cancelled or the request's signal fires, and either closes the answer beneath.
 *
 * @throws ConfigError for a wrong option
 */
export function chaos(fetch: (request: Request) => Promise<Response>, options: ChaosOptions | number): Fetch {
  const dice = new ChaosDice(options)
  return async (input, init) => {
    const request = new Request(input, init)
    const { signal } = request
    const response = await fetch(request)
    if (!response.ok || response.body === null) return response
    const damager = dice.next()
    if (damager === undefined) return response
    return new Response(damagedBody(response.body, damager, signal), response)
  }
}

/** Draws the damage of one answer after the other. */
export class ChaosDice {
  readonly #options: ChaosOptions
  #count = 0

  /** @throws ConfigError for a wrong option */
  constructor(options: ChaosOptions | number) {
    this.#options = checkedOptions(options)
  }

  /** For the next answer; `undefined` when it passes whole. */
  next(): Damager | undefined {
    const { seed: first, alone = false, share = 1, kinds, bytes = 4096, pauseMs = 20, onReply } = this.#options
    const seed = alone && this.#count === 0 ? first : seedFor(first, this.#count)
    this.#count += 1
    const random = randomFrom(seed)
    const isDamaged = random() < share
    const damager = isDamaged ? new Damager(drawPlan(random, bytes, kinds), random, pauseMs) : undefined
    onReply?.({ number: this.#count, seed, damages: damager?.damages ?? [] })
    return damager
  }
}

/** The damaged body as a stream that is pulled; whoever cancels it cancels the body beneath. */
function damagedBody(body: ReadableStream<Uint8Array>, damager: Damager, signal: AbortSignal): ReadableStream {
  const reader = body.getReader()
  const left = new AbortController()
  const pieces = damagedPieces(chunksOf(reader), damager, AbortSignal.any([signal, left.signal]))
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next()
          if (!done) return controller.enqueue(value)
          if (damager.over === 'reset') controller.error(connectionReset())
          else controller.close()
        } catch (error) {
          if (!left.signal.aborted) controller.error(error)
        }
      },
      async cancel(reason) {
        left.abort()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    await reader.cancel()
  }
}

const isShare = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1
const isAbove0 = (value: unknown) => typeof value === 'number' && value > 0 && Number.isFinite(value)

const checkOptions = fields(
  {
    seed: must('a whole number', Number.isSafeInteger),
    alone: must('true or false', (value) => typeof value === 'boolean'),
    share: must('a number from 0 to 1', isShare),
    ...damageChecks,
    bytes: must('a number of bytes above 0', isAbove0),
    onReply: must('a function', (value) => typeof value === 'function'),
  },
  ['seed'],
)

/** A number is the seed. */
function checkedOptions(options: ChaosOptions | number): ChaosOptions {
  if (!isFields(options) && typeof options !== 'number') {
    throw new ConfigError('chaos needs a seed.', {
      advice: 'For example chaos(fetch, 42) or chaos(fetch, { seed: 42 }).',
    })
  }
  const given = typeof options === 'number' ? { seed: options } : options
  checkOptions(given, 'chaos')
  return given as ChaosOptions
}
