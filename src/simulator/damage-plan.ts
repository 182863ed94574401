// Which damage one stream suffers: drawn before its first byte, so that a seed stands for the whole of it.
import { below, oneOf, type Random } from './random.ts'

/** The answer says the same: cut at other bytes, late, with signs of life between its frames. */
export const harmlessKinds = ['cut', 'pause', 'ping'] as const
/**
 * Frames that are lost, come twice or in another order, are not the wire's (`junk`), hold values that no type allows
 * (`hostile`), report a failure inside the 200 (`failure`), have bytes changed (`flip`) or are very long (`long-line`).
 */
export const frameKinds = ['drop', 'duplicate', 'reorder', 'junk', 'hostile', 'failure', 'flip', 'long-line'] as const
/** The body ends early, its connection is reset, or nothing more comes. */
export const breakKinds = ['end', 'reset', 'stall'] as const

export type HarmlessKind = (typeof harmlessKinds)[number]
export type FrameKind = (typeof frameKinds)[number]
export type BreakKind = (typeof breakKinds)[number]
export type DamageKind = HarmlessKind | FrameKind | BreakKind

export const damageKinds: readonly DamageKind[] = [...harmlessKinds, ...frameKinds, ...breakKinds]

export interface DamagePlan {
  cuts: boolean
  /** What may happen to a frame, and how likely each is. */
  kinds: readonly Exclude<DamageKind, BreakKind | 'cut'>[]
  rate: number
  /** How it breaks, behind how many bytes; absent when it does not. */
  break?: { how: BreakKind; afterBytes: number }
}

/** One to three kinds of those, at most one of them a break. `bytes` is how long the stream is, or may be. */
export function drawPlan(random: Random, bytes: number, from: readonly DamageKind[] = damageKinds): DamagePlan {
  const drawn = new Set<DamageKind>()
  for (let left = 1 + below(random, 3); left > 0; left -= 1) drawn.add(oneOf(random, from))
  const how = breakKinds.find((kind) => drawn.has(kind))
  return {
    cuts: drawn.has('cut'),
    kinds: [...drawn].filter((kind) => kind !== 'cut' && !isBreak(kind)) as DamagePlan['kinds'],
    rate: 1 / (2 + below(random, 24)),
    ...(how !== undefined && { break: { how, afterBytes: below(random, bytes) } }),
  }
}

export function isBreak(kind: DamageKind): kind is BreakKind {
  return (breakKinds as readonly DamageKind[]).includes(kind)
}

export function isHarmless(kind: DamageKind): kind is HarmlessKind {
  return (harmlessKinds as readonly DamageKind[]).includes(kind)
}
