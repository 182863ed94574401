// Damage to a stream that is known as a whole: pieces of bytes with their times in, others out, by the random numbers alone.
import { fields, must } from './checks.ts'
import { type DamageKind, damageKinds, drawPlan } from './damage-plan.ts'
import { type Damage, Damager } from './damager.ts'
import type { Random } from './random.ts'

/** Bytes that came in one read, and when: milliseconds from the beginning of the body. */
export interface TimedPiece {
  atMs: number
  bytes: Uint8Array
}

export interface DamagedBytes {
  pieces: TimedPiece[]
  /** What stands behind the last piece: the body's end, a connection that is reset, or nothing for ever. */
  end: 'clean' | 'reset' | 'stall'
  damages: readonly Damage[]
}

export interface DamageOptions {
  /** Which kinds of damage may be drawn. Default: all. */
  kinds?: readonly DamageKind[] | undefined
  /** The longest wait that `pause` puts in, in milliseconds. Default 20. */
  pauseMs?: number | undefined
}

const isAbove0 = (value: unknown) => typeof value === 'number' && value > 0 && Number.isFinite(value)
const areKinds = (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every((kind) => damageKinds.includes(kind))

export const damageChecks = {
  kinds: must(`a list of ${damageKinds.join(', ')}`, areKinds),
  pauseMs: must('a number of milliseconds above 0', isAbove0),
}

/** @throws ConfigError for an option that is wrong or not known */
export const checkDamage = fields(damageChecks)

/**
 * A damaged copy of the stream: one to three kinds of damage, drawn from `random`. The same numbers give the same
 * bytes, times and ending. The given pieces stay as they are.
 *
 * @throws ConfigError for a wrong option
 */
export function damageBytes(pieces: readonly TimedPiece[], random: Random, options: DamageOptions = {}): DamagedBytes {
  checkDamage(options, 'damageBytes')
  const { kinds, pauseMs = 20 } = options
  const total = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const damager = new Damager(drawPlan(random, total, kinds), random, pauseMs)
  const damaged: TimedPiece[] = []
  let lateMs = 0
  const keep = (atMs: number, given: ReturnType<Damager['push']>) => {
    for (const { bytes, pauseMs: wait } of given) {
      lateMs += wait
      damaged.push({ atMs: atMs + lateMs, bytes })
    }
  }
  for (const { atMs, bytes } of pieces) if (damager.over === undefined) keep(atMs, damager.push(bytes))
  if (damager.over === undefined) keep(pieces.at(-1)?.atMs ?? 0, damager.end())
  return { pieces: damaged, end: endOf(damager), damages: damager.damages }
}

function endOf({ over }: Damager): DamagedBytes['end'] {
  return over === 'reset' || over === 'stall' ? over : 'clean'
}
