// Writes what goes over the wire into a cassette, line by line, so that a crash keeps what was recorded.
import { closeSync, openSync, writeSync } from 'node:fs'
import { ConfigError, messageOf } from '../core/error.ts'
import { redact } from '../core/redact.ts'
import {
  type Cassette,
  CassetteLines,
  cassetteVersion,
  formatLine,
  lineBytes,
  type RecordedEnd,
  type RecordedPiece,
} from './cassette.ts'
import type { CassetteLine } from './cassette-line.ts'
import { CleanPieces } from './cassette-pieces.ts'
import { cleanBody, cleanRequestHeaders, cleanResponseHeaders, cleanUrl, KnownSecrets } from './cassette-secrets.ts'
import type { Outgoing } from './outgoing.ts'
import { SpelledSecrets } from './spelled-secrets.ts'

export interface RecordOptions {
  /**
   * The file that is written while it is recorded, usually `<name>.cassette.jsonl`; replaced when it exists, and readable
   * only by its owner. Default: none, the recording is only in memory.
   */
  file?: string | undefined
  /** What else must not get into the cassette; the keys of requests are found by themselves. */
  secrets?: readonly string[] | undefined
  /** Milliseconds from anywhere, never going back. Default `performance.now`. */
  now?: (() => number) | undefined
  /** When the recording began, as it stands in the first line. Default: the time of day; `null` leaves it out. */
  recordedAt?: Date | null | undefined
}

export class Recorder {
  readonly #lines = new CassetteLines()
  readonly #secrets: KnownSecrets
  readonly #now: () => number
  readonly #startedAt: number
  #file: number | undefined
  #count = 0
  #isClosed = false
  /** Exchanges that have not ended. */
  readonly #open = new Set<ExchangeRecorder>()

  /** @throws ConfigError when the file cannot be written */
  constructor({ file, secrets, now = () => performance.now(), recordedAt = new Date() }: RecordOptions = {}) {
    this.#secrets = new KnownSecrets(secrets)
    this.#now = now
    this.#startedAt = now()
    this.#file = file === undefined ? undefined : opened(file)
    const begun = recordedAt === null ? {} : { recordedAt: recordedAt.toISOString() }
    this.write({ type: 'cassette', version: cassetteVersion, ...begun })
  }

  get cassette(): Cassette {
    return this.#lines.cassette()
  }

  /** When the signal fires before the end, the client has left. */
  begin({ method, url, headers, body }: Outgoing, signal?: AbortSignal | null): ExchangeRecorder {
    this.#secrets.learn(url, headers, body)
    const { forms } = this.#secrets
    const exchange = ++this.#count
    const sentAt = this.#now()
    this.write({
      type: 'request',
      exchange,
      atMs: rounded(sentAt - this.#startedAt),
      method,
      url: cleanUrl(url, forms),
      headers: cleanRequestHeaders(headers, forms),
      ...(body.length > 0 && lineBytes(cleanBody(body, forms))),
    })
    const record = new ExchangeRecorder(this, exchange, forms, () => rounded(this.#now() - sentAt))
    this.#open.add(record)
    if (signal) record.watch(signal)
    return record
  }

  /** That exchange has ended. */
  ended(exchange: ExchangeRecorder): void {
    this.#open.delete(exchange)
  }

  /** What comes when the recording has been closed is not in it. */
  write(line: CassetteLine): void {
    if (this.#isClosed) return
    this.#lines.add(line)
    if (this.#file !== undefined) writeSync(this.#file, formatLine(line))
  }

  /** What has come of exchanges that have not ended is kept; that they have no end tells that they went on. */
  close(): void {
    if (this.#isClosed) return
    for (const exchange of this.#open) exchange.leaveOpen()
    this.write({ type: 'close' })
    this.#isClosed = true
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}

/** One exchange: its response, its pieces, its end. After the end nothing is taken any more. */
export class ExchangeRecorder {
  readonly #recorder: Recorder
  readonly #exchange: number
  readonly #forms: readonly string[]
  readonly #atMs: () => number
  readonly #clean: CleanPieces
  readonly #spelled: SpelledSecrets
  #isOver = false
  #unwatch = () => {}

  constructor(recorder: Recorder, exchange: number, forms: readonly string[], atMs: () => number) {
    this.#recorder = recorder
    this.#exchange = exchange
    this.#forms = forms
    this.#atMs = atMs
    this.#clean = new CleanPieces(forms)
    this.#spelled = new SpelledSecrets(forms)
  }

  watch(signal: AbortSignal): void {
    const leave = () => this.end('left')
    signal.addEventListener('abort', leave, { once: true })
    this.#unwatch = () => signal.removeEventListener('abort', leave)
  }

  response({ status, headers }: { status: number; headers: Headers }): void {
    const { exchange, atMs } = this.#place()
    const kept = cleanResponseHeaders(headers, this.#forms)
    this.#recorder.write({ type: 'response', exchange, atMs, status, headers: kept })
  }

  piece(bytes: Uint8Array): void {
    // Copied: whoever reads the body may do with its bytes as they like.
    if (bytes.length > 0 && !this.#isOver) this.#write(this.#clean.push({ atMs: this.#atMs(), bytes: bytes.slice() }))
  }

  end(how: RecordedEnd['how'], error?: unknown): void {
    if (this.#isOver) return
    this.leaveOpen()
    const why = how === 'broken' ? brokenBy(error, this.#forms) : {}
    this.#recorder.write({ type: 'end', ...this.#place(), how, ...why })
  }

  /** Writes what waits, and takes nothing more. */
  leaveOpen(): void {
    this.#isOver = true
    this.#unwatch()
    this.#recorder.ended(this)
    this.#write(this.#clean.end())
    this.#keep(this.#spelled.end())
  }

  #write(pieces: readonly RecordedPiece[]): void {
    for (const piece of pieces) this.#keep(this.#spelled.push(piece))
  }

  #keep(pieces: readonly RecordedPiece[]): void {
    const { exchange } = this.#place()
    for (const { atMs, bytes } of pieces) this.#recorder.write({ type: 'piece', exchange, atMs, ...lineBytes(bytes) })
  }

  #place(): { exchange: number; atMs: number } {
    return { exchange: this.#exchange, atMs: this.#atMs() }
  }
}

/** The innermost cause says what happened; the platform wraps it in "fetch failed" and "terminated". */
function brokenBy(error: unknown, forms: readonly string[]): { message: string; code?: string } {
  let inner = error
  for (let depth = 0; depth < 8; depth += 1) {
    if (inner instanceof AggregateError && inner.errors.length > 0) inner = inner.errors[0]
    else if (inner instanceof Error && inner.cause !== undefined) inner = inner.cause
    else break
  }
  const code = inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : undefined
  return { message: redact(messageOf(inner), forms), ...(code !== undefined && { code }) }
}

function rounded(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10)
}

function opened(file: string): number {
  try {
    return openSync(file, 'w', 0o600)
  } catch (cause) {
    throw new ConfigError(`The cassette ${file} cannot be written: ${messageOf(cause)}`, { cause })
  }
}
