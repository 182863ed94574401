// Records one exchange: its response, its pieces, its end.
import { messageOf } from '../core/error.ts'
import { redact } from '../core/redact.ts'
import { lineBytes, type RecordedEnd, type RecordedPiece } from './cassette.ts'
import type { CassetteLine } from './cassette-line.ts'
import { CleanPieces } from './cassette-pieces.ts'
import { cleanResponseHeaders, learnResponse } from './cassette-secrets.ts'
import { CredentialPieces } from './credential-pieces.ts'
import type { KnownSecrets } from './known-secrets.ts'
import { SpelledSecrets } from './spelled-secrets.ts'

/** Where the lines of an exchange go. */
export interface Tape {
  write(line: CassetteLine): void
  /** That exchange has ended. */
  ended(exchange: ExchangeRecorder): void
}

/** After the end nothing is taken any more. */
export class ExchangeRecorder {
  readonly #tape: Tape
  readonly #exchange: number
  readonly #secrets: KnownSecrets
  readonly #atMs: () => number
  #fields: CredentialPieces
  readonly #clean: CleanPieces
  readonly #spelled: SpelledSecrets
  #isOver = false
  #unwatch = () => {}

  constructor(tape: Tape, exchange: number, secrets: KnownSecrets, atMs: () => number) {
    this.#tape = tape
    this.#exchange = exchange
    this.#secrets = secrets
    this.#atMs = atMs
    this.#fields = new CredentialPieces(secrets, null)
    this.#clean = new CleanPieces(secrets)
    this.#spelled = new SpelledSecrets(secrets)
  }

  watch(signal: AbortSignal): void {
    const leave = () => this.end('left')
    signal.addEventListener('abort', leave, { once: true })
    this.#unwatch = () => signal.removeEventListener('abort', leave)
  }

  response({ status, headers }: { status: number; headers: Headers }): void {
    learnResponse(this.#secrets, headers)
    this.#fields = new CredentialPieces(this.#secrets, headers.get('content-type'))
    const kept = cleanResponseHeaders(headers, this.#secrets.forms)
    this.#tape.write({ type: 'response', ...this.#place(), status, headers: kept })
  }

  piece(bytes: Uint8Array): void {
    // Copied: whoever reads the body may do with its bytes as they like.
    if (bytes.length > 0 && !this.#isOver) this.#write(this.#fields.push({ atMs: this.#atMs(), bytes: bytes.slice() }))
  }

  end(how: RecordedEnd['how'], error?: unknown): void {
    if (this.#isOver) return
    this.leaveOpen()
    const why = how === 'broken' ? brokenBy(error, this.#secrets.forms) : {}
    this.#tape.write({ type: 'end', ...this.#place(), how, ...why })
  }

  /** Writes what waits, and takes nothing more. */
  leaveOpen(): void {
    this.#isOver = true
    this.#unwatch()
    this.#tape.ended(this)
    this.#write(this.#fields.end())
    this.#spell(this.#clean.end())
    this.#keep(this.#spelled.end())
  }

  #write(pieces: readonly RecordedPiece[]): void {
    for (const piece of pieces) this.#spell(this.#clean.push(piece))
  }

  #spell(pieces: readonly RecordedPiece[]): void {
    for (const piece of pieces) this.#keep(this.#spelled.push(piece))
  }

  #keep(pieces: readonly RecordedPiece[]): void {
    const exchange = this.#exchange
    for (const { atMs, bytes } of pieces) this.#tape.write({ type: 'piece', exchange, atMs, ...lineBytes(bytes) })
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
