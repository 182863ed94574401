// Writes what goes over the wire into a cassette, line by line, so that a crash keeps what was recorded.
import type { ConfigError } from '../core/error.ts'
import { type Cassette, CassetteLines, cassetteVersion, formatCassette, formatLine, lineBytes } from './cassette.ts'
import type { CassetteLine } from './cassette-line.ts'
import { cleanBody, cleanRequestHeaders, cleanUrl, learnRequest } from './cassette-secrets.ts'
import { cleanedExchange } from './cleaned-exchange.ts'
import { ExchangeRecorder } from './exchange-recorder.ts'
import { FormIndex, KnownSecrets, type Searchable } from './known-secrets.ts'
import type { Outgoing } from './outgoing.ts'
import { RecordingFile } from './recording-file.ts'

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
  readonly #file: RecordingFile | undefined
  #count = 0
  #isClosed = false
  /** What was known when all that stands in memory was last looked through. */
  #swept: readonly string[]
  #isFileClean = true
  /** Why nothing is recorded any more. */
  failure: ConfigError | undefined
  /** Exchanges that have not ended. */
  readonly #open = new Set<ExchangeRecorder>()

  /** @throws ConfigError when the file cannot be written */
  constructor({ file, secrets, now = () => performance.now(), recordedAt = new Date() }: RecordOptions = {}) {
    this.#secrets = new KnownSecrets(secrets)
    this.#swept = this.#secrets.forms
    this.#now = now
    this.#startedAt = now()
    this.#file = file === undefined ? undefined : new RecordingFile(file)
    const begun = recordedAt === null ? {} : { recordedAt: recordedAt.toISOString() }
    this.write({ type: 'cassette', version: cassetteVersion, ...begun })
  }

  get cassette(): Cassette {
    this.#sweep()
    return this.#lines.cassette()
  }

  /** When the signal fires before the end, the client has left. */
  begin({ method, url, headers, body }: Outgoing, signal?: AbortSignal | null): ExchangeRecorder {
    learnRequest(this.#secrets, url, headers, body)
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
      ...(body.length > 0 && lineBytes(cleanBody(body, this.#secrets, headers.get('content-type')))),
    })
    const record = new ExchangeRecorder(this, exchange, this.#secrets, () => rounded(this.#now() - sentAt))
    this.#open.add(record)
    if (signal) record.watch(signal)
    return record
  }

  /** That exchange has ended. */
  ended(exchange: ExchangeRecorder): void {
    this.#open.delete(exchange)
  }

  /** Nothing that comes when the recording has been closed, or its disk is full, is in it. Never throws. */
  write(line: CassetteLine): void {
    if (this.#isClosed || this.failure !== undefined) return
    this.#lines.add(line)
    this.#onDisk((file) => file.append(formatLine(line)))
  }

  /** What has come of exchanges that have not ended is kept; that they have no end tells that they went on. */
  close(): void {
    if (this.#isClosed) return
    for (const exchange of this.#open) exchange.leaveOpen()
    this.write({ type: 'close' })
    this.#isClosed = true
    this.#sweep()
    if (!this.#isFileClean) this.#onDisk((file) => file.replace(formatCassette(this.#lines.cassette())))
    this.#file?.close()
  }

  /** Takes out of memory what was learned after it had been kept; the file follows when it is closed. */
  #sweep(): void {
    const { forms } = this.#secrets
    if (forms === this.#swept) return
    const before = new Set(this.#swept)
    const fresh = forms.filter((form) => !before.has(form))
    const learned: Searchable = { forms: fresh, index: new FormIndex(fresh) }
    this.#swept = forms
    this.#lines.change((each) => {
      const clean = cleanedExchange(each, learned)
      if (clean !== each) this.#isFileClean = false
      return clean
    })
  }

  /** The program's request goes on whatever happens to the recording. */
  #onDisk(act: (file: RecordingFile) => void): void {
    if (this.#file === undefined || this.failure !== undefined) return
    try {
      act(this.#file)
    } catch (error) {
      this.failure = error as ConfigError
      process.emitWarning(`${this.failure.message}. The recording stops here, the program goes on.`, {
        code: 'AGENTSCOPE_RECORDING',
      })
    }
  }
}

function rounded(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10)
}
