// An answer of the simulator that comes from a cassette.

import { NotRecordedError } from './cassette-match.ts'
import type { CassettePlayer, ExchangePlay } from './cassette-player.ts'
import type { Incoming } from './intake.ts'
import { jsonReply, type Reply, type Squeeze } from './reply.ts'

/** The request with its body, which has been read. */
export type Read = Omit<Incoming, 'text'> & { text: string }

/**
 * What was recorded for the request, in its time; a connection that broke breaks. A request that was not recorded is
 * answered with 404 and what differs, and is not worth trying again.
 */
export async function tapedReply(
  cassette: CassettePlayer,
  { method, url, headers, text }: Read,
  signal: AbortSignal,
  squeeze?: Squeeze,
): Promise<Reply> {
  let play: ExchangePlay
  try {
    play = cassette.play({ method, url, headers, body: new TextEncoder().encode(text) }, signal)
  } catch (error) {
    if (!(error instanceof NotRecordedError)) throw error
    const { message, advice, differences } = error
    return jsonReply(404, { error: { type: 'not_recorded', message: `${message}\n${advice}`, differences } })
  }
  return playedReply(play, signal, squeeze)
}

async function playedReply(play: ExchangePlay, signal: AbortSignal, squeeze?: Squeeze): Promise<Reply> {
  const response = await play.response().catch((error: unknown) => {
    signal.throwIfAborted()
    if (isGateError(error)) throw error
    return undefined
  })
  if (response === undefined) return { status: 0, headers: {}, body: nothing(), isReset: true }
  const body = unbroken(play, signal)
  return {
    status: response.status,
    headers: { ...response.headers },
    body: squeeze?.(body) ?? body,
    isReset: play.isBroken,
  }
}

async function* unbroken(play: ExchangePlay, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* play.pieces()
  } catch (error) {
    signal.throwIfAborted()
    if (!play.isBroken) throw error
  }
}

function isGateError(error: unknown): boolean {
  return !(error instanceof TypeError && error.message === 'fetch failed')
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
