// Chaos made from a real stream: a cassette whose answers are damaged, by a seed.
import { ConfigError } from '../core/error.ts'
import type { Cassette, RecordedEnd, RecordedExchange, RecordedPiece } from './cassette.ts'
import { checkDamage, type DamagedBytes, type DamageOptions, damageBytes } from './damage.ts'
import { randomFrom, seedFor } from './random.ts'

/**
 * A copy of the cassette in which every answer with a status of 200 to 299 is damaged: cut elsewhere, frames lost,
 * doubled or out of order, junk between them, pauses, an early end, a reset, silence. The same seed does the same to the
 * same cassette. The given one stays as it is.
 *
 * @throws ConfigError for a seed that is no whole number, and for a wrong option
 */
export function mutate(cassette: Cassette, seed: number, options: DamageOptions = {}): Cassette {
  if (!Number.isSafeInteger(seed)) throw new ConfigError(`A seed must be a whole number, but is ${String(seed)}.`)
  checkDamage(options, 'mutate')
  const exchanges = cassette.exchanges.map((each, index) => damaged(each, seedFor(seed, index), options))
  return { ...cassette, exchanges }
}

function damaged(exchange: RecordedExchange, seed: number, options: DamageOptions): RecordedExchange {
  const { response, pieces } = exchange
  if (response === undefined || response.status > 299 || pieces.length === 0) return exchange
  const changed = damageBytes(pieces as RecordedPiece[], randomFrom(seed), options)
  const kept = changed.pieces.filter(({ bytes }) => bytes.length > 0)
  return { ...exchange, pieces: kept, ...endOf(exchange, changed) }
}

function endOf({ end }: RecordedExchange, { pieces, end: how }: DamagedBytes): { end?: RecordedEnd } {
  const last = pieces.at(-1)?.atMs ?? 0
  if (how === 'stall') return { end: { atMs: last, how: 'silent' } }
  if (how === 'reset') return { end: { atMs: last, how: 'broken', message: 'read ECONNRESET', code: 'ECONNRESET' } }
  return end === undefined ? {} : { end: { ...end, atMs: Math.max(last, end.atMs) } }
}
