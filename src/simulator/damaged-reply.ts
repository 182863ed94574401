// An answer of the simulator, or of any other, with damage done to its bytes while they are read.
import { setTimeout as wait } from 'node:timers/promises'
import type { DamagedPiece, Damager } from './damager.ts'
import type { Reply } from './reply.ts'
import { unlessGone } from './waiting.ts'

/** The same answer, damaged. */
export function damagedReply(reply: Reply, damager: Damager | undefined, signal: AbortSignal): Reply {
  if (damager === undefined) return reply
  const { 'content-length': _, ...headers } = reply.headers
  return {
    status: reply.status,
    headers,
    body: damagedPieces(reply.body, damager, signal),
    get isReset() {
      return damager.over === 'reset' || (damager.over === undefined && reply.isReset)
    },
  }
}

/**
 * What goes out for what comes in. Ends where the damage breaks it off, a reset included; a stall lasts until the signal
 * fires and then throws its reason. The source is closed when nothing more is wanted of it.
 */
export async function* damagedPieces(
  source: AsyncIterable<Uint8Array>,
  damager: Damager,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const bytes of source) {
    yield* late(damager.push(bytes), signal)
    if (damager.over !== undefined) break
  }
  if (damager.over === undefined) yield* late(damager.end(), signal)
  if (damager.over === 'stall') await unlessGone(new Promise<never>(() => {}), signal)
}

async function* late(pieces: readonly DamagedPiece[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const { bytes, pauseMs } of pieces) {
    if (pauseMs > 0) await wait(pauseMs, undefined, { signal })
    yield bytes
  }
}
