// The answer to one request, as status, headers and bytes that are made while they are read.
import { encodeEvents, type Pace, paced, withLineEnd } from './pace.ts'
import { planOf } from './plan.ts'
import { failureInside, play, playWhole } from './play.ts'
import type { Recorded, Script } from './script.ts'
import { type Asked, type Failure, Refusal, type Wire } from './wire.ts'

/** What goes back. `body` yields one piece for one write and rejects when the signal fires; `isReset` = destroy the connection behind it. */
export interface Reply {
  /** 0: the connection is destroyed without an answer. */
  status: number
  headers: Record<string, string>
  body: AsyncIterable<Uint8Array>
  isReset: boolean
}

/** Squeezes the bytes before they are cut; the transport's affair. */
export type Squeeze = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

/** A request that was taken, and what its answer is made with. */
export interface Turn {
  asked: Asked
  wire: Wire
  signal: AbortSignal
  squeeze: Squeeze | undefined
  /** Told what breaks the answer from within, once its headers are out. */
  onBreak: (error: unknown) => void
}

export function scriptedReply(script: Script, turn: Turn, pace: Pace | undefined): Reply {
  const { asked, wire, signal, squeeze } = turn
  const isStream = wire.streams(asked)
  const plan = planOf(script, wire.messages(asked.body), wire.wholeToolCalls(asked))
  const inside = failureInside(script, plan)
  if (!isStream && inside !== undefined) throw new Refusal(inside.failure)
  const events = isStream
    ? play(script, plan, wire.encoder(asked, plan), signal)
    : playWhole(script, JSON.stringify(wire.whole(asked, plan)), signal)
  const contentType = isStream ? wire.contentType(asked) : 'application/json; charset=utf-8'
  const lines = contentType.includes('event-stream') ? 'sse' : 'ndjson'
  const bytes = encodeEvents(events, pace?.lineEnd ?? wire.lineEnd ?? 'lf', lines)
  return {
    status: 200,
    headers: { 'content-type': contentType, ...wire.headers(asked, plan), ...lowerCased(script.headers) },
    body: watched(paced(squeeze?.(bytes) ?? bytes, pace, signal), turn),
    isReset: script.end === 'reset',
  }
}

/** The same bytes; what breaks them while the client is there is told. */
async function* watched(bytes: AsyncIterable<Uint8Array>, { signal, onBreak }: Turn): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    if (!signal.aborted) onBreak(error)
    throw error
  }
}

export function recordedReply({ recorded }: Recorded, turn: Turn, pace: Pace | undefined): Reply {
  const { asked, wire, signal, squeeze } = turn
  const raw = typeof recorded.body === 'string' ? new TextEncoder().encode(recorded.body) : recorded.body
  const bytes = once(pace?.lineEnd === undefined ? raw : withLineEnd(raw, pace.lineEnd))
  return {
    status: recorded.status ?? 200,
    headers: { 'content-type': recorded.contentType ?? wire.contentType(asked), ...lowerCased(recorded.headers) },
    body: paced(squeeze?.(bytes) ?? bytes, pace, signal),
    isReset: false,
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

export function refusedReply(wire: Wire, failure: Failure, asked: Asked): Reply {
  const { retryAfterMs, headers } = failure
  return jsonReply(failure.status, wire.errorBody(failure, asked), {
    ...wire.headers(asked),
    ...(retryAfterMs !== undefined && {
      'retry-after': String(Math.ceil(retryAfterMs / 1000)),
      'retry-after-ms': String(retryAfterMs),
    }),
    ...lowerCased(headers),
  })
}

export function jsonReply(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  const body = new TextEncoder().encode(JSON.stringify(value))
  return {
    status,
    headers: { 'content-type': 'application/json', 'content-length': String(body.length), ...headers },
    body: once(body),
    isReset: false,
  }
}

function lowerCased(headers: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
}
