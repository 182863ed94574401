// How fast and in which pieces the bytes of an answer leave.
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { ConfigError } from '../core/error.ts'

export interface Pace {
  /** Each wire event leaves in writes of so many bytes, cut anywhere, even inside a character. Default: whole. */
  bytes?: number
  /** Milliseconds between two writes; 0 = a new turn of the event loop. Default 0. */
  everyMs?: number
  /** Default: what the provider writes (CRLF for Gemini, LF elsewhere; a recorded body stays as it is). */
  lineEnd?: 'lf' | 'crlf' | 'cr'
}

const lineEnds = { lf: '\n', crlf: '\r\n', cr: '\r' }

/** @throws ConfigError */
export function checkPace(pace: unknown, where: string): asserts pace is Pace {
  if (typeof pace !== 'object' || pace === null)
    throw new ConfigError(`${where} must be an object, such as { bytes: 7 }.`)
  const { bytes, everyMs, lineEnd, ...others } = pace as Record<string, unknown>
  const unknown = Object.keys(others)[0]
  if (unknown !== undefined) throw new ConfigError(`${where}.${unknown} is not a field: bytes, everyMs, lineEnd are.`)
  if (bytes !== undefined && !(Number.isInteger(bytes) && (bytes as number) > 0)) {
    throw new ConfigError(`${where}.bytes must be a whole number from 1.`)
  }
  if (everyMs !== undefined && !(typeof everyMs === 'number' && everyMs >= 0)) {
    throw new ConfigError(`${where}.everyMs must be a number that is not negative.`)
  }
  if (lineEnd !== undefined && !(typeof lineEnd === 'string' && lineEnd in lineEnds)) {
    throw new ConfigError(`${where}.lineEnd must be 'lf', 'crlf' or 'cr'.`)
  }
}

/** The bytes of wire events that were written with LF. A lone CR is no line end of NDJSON, so `cr` leaves those as they are. */
export async function* encodeEvents(
  events: AsyncIterable<string>,
  lineEnd: 'lf' | 'crlf' | 'cr',
  lines: 'sse' | 'ndjson',
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const mark = lineEnds[lines === 'ndjson' && lineEnd === 'cr' ? 'lf' : lineEnd]
  for await (const event of events) yield encoder.encode(mark === '\n' ? event : event.replaceAll('\n', mark))
}

/** A recorded body with all its line ends exchanged; every other byte stays. */
export function withLineEnd(body: Uint8Array, lineEnd: 'lf' | 'crlf' | 'cr'): Uint8Array {
  const text = Buffer.from(body).toString('latin1')
  return Buffer.from(text.replace(/\r\n|\r|\n/g, lineEnds[lineEnd]), 'latin1')
}

/**
 * Hands on the same bytes in the pieces and at the times that the pace asks for. An event is written to its last byte
 * before the next one is asked for. Ends at once, with the signal's reason, when the client leaves.
 */
export async function* paced(
  bytes: AsyncIterable<Uint8Array>,
  pace: Pace | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let isFirst = true
  for await (const event of bytes) {
    const step = pace?.bytes ?? event.length
    for (let at = 0; at < event.length; at += step) {
      if (pace !== undefined && !isFirst) await rest(pace.everyMs ?? 0, signal)
      isFirst = false
      signal.throwIfAborted()
      yield event.subarray(at, at + step)
    }
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) await nextTurn(undefined, { signal })
  else await wait(ms, undefined, { signal })
}
