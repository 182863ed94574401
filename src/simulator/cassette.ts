// The cassette: requests and answers as they went over the wire, in JSON lines; parsed and formatted, nothing else.
import { ConfigError } from '../core/error.ts'
import { type CassetteLine, checkLine, type LineBytes } from './cassette-line.ts'

export const cassetteVersion = 1

/** One read of a body. `atMs` counts from when its request was sent, as all times of an exchange do. */
export interface RecordedPiece {
  readonly atMs: number
  readonly bytes: Uint8Array
}

/** `url`, `headers` and `body` without secrets; `atMs` counts from when the recording began. */
export interface RecordedRequest {
  readonly atMs: number
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface RecordedResponse {
  readonly atMs: number
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/**
 * `complete`: by itself; `broken`: the connection broke, or never came about; `left`: the client had enough; `silent`:
 * nothing more came, ever (only `mutate` makes it).
 */
export interface RecordedEnd {
  readonly atMs: number
  readonly how: 'complete' | 'broken' | 'left' | 'silent'
  /** What the platform said, and its code, such as `ECONNRESET`. */
  readonly message?: string
  readonly code?: string
}

/** One request and its answer. Without `end` the recording stopped before the answer did. */
export interface RecordedExchange {
  /** Counts from 1, in the order of the requests. */
  readonly number: number
  readonly request: RecordedRequest
  readonly response?: RecordedResponse
  readonly pieces: readonly RecordedPiece[]
  readonly end?: RecordedEnd
}

export interface Cassette {
  readonly version: typeof cassetteVersion
  /** When the recording began, in ISO 8601. */
  readonly recordedAt?: string
  readonly exchanges: readonly RecordedExchange[]
  /** Whether the recording never came to its end: a crash, or one that still goes on. What is here is valid. */
  readonly isPartial: boolean
}

/** Puts lines together, in the order in which they were written; those of several exchanges may be mixed. */
export class CassetteLines {
  readonly #exchanges = new Map<number, RecordedExchange & { pieces: RecordedPiece[] }>()
  #recordedAt: string | undefined
  #isClosed = false

  add(line: CassetteLine): void {
    if (line.type === 'cassette') this.#recordedAt = line.recordedAt
    else if (line.type === 'close') this.#isClosed = true
    else if (line.type === 'request') this.#begin(line)
    else this.#extend(line)
  }

  /** What has come so far; a copy. */
  cassette(): Cassette {
    return {
      version: cassetteVersion,
      ...(this.#recordedAt !== undefined && { recordedAt: this.#recordedAt }),
      exchanges: [...this.#exchanges.values()].map((each) => ({ ...each, pieces: [...each.pieces] })),
      isPartial: !this.#isClosed,
    }
  }

  /** Changes what has come so far. */
  change(changed: (exchange: RecordedExchange) => RecordedExchange): void {
    for (const [number, each] of this.#exchanges) {
      const { pieces, ...rest } = changed(each)
      this.#exchanges.set(number, { ...rest, pieces: [...pieces] })
    }
  }

  #begin({ exchange, atMs, method, url, headers, ...body }: CassetteLine & { type: 'request' }): void {
    const request = { atMs, method, url, headers, body: bytesOf(body) }
    this.#exchanges.set(exchange, { number: exchange, request, pieces: [] })
  }

  #extend(line: Exclude<CassetteLine, { type: 'cassette' | 'close' | 'request' }>): void {
    const begun = this.#exchanges.get(line.exchange)
    if (begun === undefined) throw new ConfigError(`it is of exchange ${line.exchange}, whose request is missing.`)
    const { type, exchange: _, ...rest } = line
    if (type === 'piece') begun.pieces.push({ atMs: line.atMs, bytes: bytesOf(line) })
    else Object.assign(begun, { [type]: Object.fromEntries(Object.entries(rest).filter(([name]) => name !== 'type')) })
  }
}

/**
 * A line of the file, with its line end. Names stand in the same order every time, so that two recordings compare well.
 */
export function formatLine(line: CassetteLine): string {
  return `${JSON.stringify(line)}\n`
}

/** The whole as the text of a `.cassette.jsonl` file. Each exchange in one piece, whatever the order of its times. */
export function formatCassette({ recordedAt, exchanges, isPartial }: Cassette): string {
  const lines = exchanges.flatMap(linesOf)
  const first: CassetteLine = {
    type: 'cassette',
    version: cassetteVersion,
    ...(recordedAt !== undefined && { recordedAt }),
  }
  return [first, ...lines, ...(isPartial ? [] : [{ type: 'close' } as const])].map(formatLine).join('')
}

function linesOf({ number: exchange, request, response, pieces, end }: RecordedExchange): CassetteLine[] {
  const { body, ...rest } = request
  return [
    { type: 'request', exchange, ...rest, ...(body.length > 0 && lineBytes(body)) },
    ...(response === undefined ? [] : [{ type: 'response', exchange, ...response } as const]),
    ...pieces.map(({ atMs, bytes }) => ({ type: 'piece', exchange, atMs, ...lineBytes(bytes) }) as const),
    ...(end === undefined ? [] : [{ type: 'end', exchange, ...end } as const]),
  ]
}

/**
 * Reads the text of a cassette. A last line that was not finished is left out: somebody crashed while writing it. Lines of
 * unknown types are passed over.
 *
 * @throws ConfigError with the number of the line, for what is no cassette or of a newer version
 */
export function parseCassette(text: string): Cassette {
  // Some editors put a byte-order mark before what they save.
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const unfinished = lines.pop() !== ''
  const whole = new CassetteLines()
  for (const [index, line] of lines.entries()) addLine(whole, line, index)
  if (lines.length === 0) throw notOne(1, unfinished ? 'its first line is not finished.' : 'it is empty.')
  const cassette = whole.cassette()
  return unfinished ? { ...cassette, isPartial: true } : cassette
}

function addLine(whole: CassetteLines, text: string, index: number): void {
  if (text.trim() === '') return
  try {
    const line = checkLine(JSON.parse(text), index === 0)
    if (line !== undefined) whole.add(line)
  } catch (cause) {
    throw notOne(index + 1, cause instanceof SyntaxError ? 'it is no JSON.' : (cause as Error).message)
  }
}

function notOne(line: number, why: string): ConfigError {
  return new ConfigError(`This is no cassette that can be read: line ${line}: ${why}`, {
    advice: 'A cassette is what record() or agentscope record wrote (docs/cassettes.md).',
  })
}

const exactly = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** As text when they are one, else as Base64. */
export function lineBytes(bytes: Uint8Array): LineBytes {
  try {
    return { text: exactly.decode(bytes) }
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}

function bytesOf({ text, base64 }: LineBytes): Uint8Array {
  return new Uint8Array(text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8'))
}
