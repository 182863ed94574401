// Plain requests of the examination: counted, bounded by a clock, with the key in the wire's own header.
import { networkCode } from './network-code.ts'
import type { Fetch } from './recording.ts'
import type { Wire } from './wires.ts'

/** The most of an answer that is read, in characters. */
const mostText = 512 * 1024

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Nothing is read of a reply that goes well and streams. */
  readonly text: string
}

/** The server gave no answer that could be examined. */
export class Unreachable extends Error {}

/** No request is left of those that were allowed. */
export class Spent extends Error {
  constructor() {
    super('no request is left')
  }
}

export interface AskerOptions {
  readonly apiKey: string | undefined
  readonly timeoutMs: number
  readonly maxRequests: number
  readonly fetch?: Fetch | undefined
  readonly signal?: AbortSignal | undefined
}

export class Asker {
  readonly #options: AskerOptions
  sent = 0

  constructor(options: AskerOptions) {
    this.#options = options
  }

  /** Counts, and refuses what is more than allowed. Every request of the examination goes through here. */
  readonly fetch: Fetch = async (request) => {
    if (this.sent >= this.#options.maxRequests) throw new Spent()
    this.sent += 1
    return (this.#options.fetch ?? fetch)(request)
  }

  get isSpent(): boolean {
    return this.sent >= this.#options.maxRequests
  }

  /** @throws Unreachable when no answer came in time, Spent. */
  async ask(url: string, wire: Wire, body?: unknown): Promise<Answer> {
    const { timeoutMs, signal: outer } = this.#options
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(outer === undefined ? [] : [outer])])
    const headers: Record<string, string> = { accept: 'application/json', ...this.#key(wire) }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (wire.dialect === 'anthropic') headers['anthropic-version'] = '2023-06-01'
    const init = { method: body === undefined ? 'GET' : 'POST', headers, redirect: 'manual' as const, signal }
    try {
      const response = await this.fetch(
        new Request(url, body === undefined ? init : { ...init, body: JSON.stringify(body) }),
      )
      return { status: response.status, headers: response.headers, text: await textOf(response) }
    } catch (error) {
      outer?.throwIfAborted()
      if (error instanceof Spent) throw error
      throw new Unreachable(reasonOf(error, timeoutMs))
    }
  }

  #key({ keyHeader }: Wire): Record<string, string> {
    const { apiKey } = this.#options
    if (apiKey === undefined) return {}
    return { [keyHeader]: keyHeader === 'authorization' ? `Bearer ${apiKey}` : apiKey }
  }
}

async function textOf(response: Response): Promise<string> {
  const streams = /event-stream|ndjson/.test(response.headers.get('content-type') ?? '')
  const reader = response.body?.getReader()
  if (reader === undefined || (response.ok && streams)) {
    await reader?.cancel()
    return ''
  }
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return text
    text += decoder.decode(value, { stream: true })
    if (text.length < mostText) continue
    await reader.cancel()
    return text
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const code = networkCode(error)
  if (code === 'TimeoutError' || code === '23') return `It did not answer within ${timeoutMs / 1000} s.`
  return `It cannot be reached (${code}).`
}

export function isWebPage({ headers }: Pick<Answer, 'headers'>): boolean {
  return (headers.get('content-type') ?? '').includes('text/html')
}

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
