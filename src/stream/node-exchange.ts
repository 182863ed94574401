// An exchange by Node's own HTTP client: the same bytes as `fetch` gives, without its streams.
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { version } from '../core/version.ts'
import { decompressed } from './decompressed.ts'
import type { Exchange, HeaderFields, HttpRequest } from './exchange.ts'
import type { NodeClient } from './node-client.ts'
import { joined } from './text.ts'

/** A slow reader holds the provider back when so much waits for it. Bytes. */
const mostWaiting = 64 * 1024

/**
 * Sends the request and waits for the headers. Redirects are not followed.
 *
 * @throws Node's error when the server cannot be reached or does not speak HTTP; the signal's reason.
 */
export function exchangeByNode(request: HttpRequest, signal: AbortSignal, client: NodeClient): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const outgoing = client.request(request.url, optionsFor(request, client))
    let exchange: NodeExchange | undefined
    outgoing.on('error', (error) => {
      reject(error)
      exchange?.fail(error)
    })
    outgoing.once('response', (incoming) => {
      exchange = new NodeExchange(outgoing, incoming)
      resolve(exchange)
    })
    signal.addEventListener('abort', () => {
      reject(signal.reason)
      outgoing.destroy()
    })
    outgoing.end(request.body)
  })
}

/** A stream that is compressed on its way comes in lumps, so nothing asks for that. */
function optionsFor({ headers, body }: HttpRequest, { agent }: NodeClient): RequestOptions {
  const own = { 'user-agent': `agentscope/${version}`, 'accept-encoding': 'identity', 'accept-language': '*' }
  return { method: 'POST', agent, headers: { ...own, ...headers, 'content-length': Buffer.byteLength(body) } }
}

/** Keeps what has come of the body and has not been read: all of it is handed over at once. */
class NodeExchange implements Exchange {
  readonly status: number
  readonly headers: HeaderFields
  readonly #outgoing: ClientRequest
  readonly #source: NodeJS.ReadableStream
  #waiting: Uint8Array[] = []
  #length = 0
  #isPaused = false
  #isOver = false
  #failure: Error | undefined
  #wake: (() => void) | undefined

  constructor(outgoing: ClientRequest, incoming: IncomingMessage) {
    this.status = incoming.statusCode ?? 0
    this.headers = new NodeHeaders(incoming)
    this.#outgoing = outgoing
    this.#source = decompressed(incoming)
    this.#source.on('data', (chunk: Uint8Array) => this.#receive(chunk))
    this.#source.on('end', () => this.#end())
    this.#source.on('error', (error: Error) => this.fail(error))
    this.#source.on('close', () => this.fail(new Error('other side closed')))
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#length === 0 && !this.#isOver) await new Promise<void>((wake) => (this.#wake = wake))
    if (this.#length > 0) return this.#take()
    if (this.#failure !== undefined) throw this.#failure
    return undefined
  }

  cancel(): void {
    this.#end()
    this.#outgoing.destroy()
  }

  /** The connection broke. The first reason is the true one. */
  fail(error: Error): void {
    if (this.#isOver) return
    this.#failure = error
    this.#end()
  }

  #end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  #receive(chunk: Uint8Array): void {
    this.#waiting.push(chunk)
    this.#length += chunk.length
    if (this.#length >= mostWaiting && !this.#isPaused) {
      this.#isPaused = true
      this.#source.pause()
    }
    this.#wake?.()
  }

  #take(): Uint8Array {
    const bytes = joined(this.#waiting, this.#length)
    this.#waiting = []
    this.#length = 0
    if (this.#isPaused) {
      this.#isPaused = false
      this.#source.resume()
    }
    return bytes
  }
}

class NodeHeaders implements HeaderFields {
  readonly #incoming: IncomingMessage

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming
  }

  get(name: string): string | null {
    const value = this.#incoming.headers[name]
    return value === undefined ? null : textOf(value)
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (const [name, value] of Object.entries(this.#incoming.headers)) {
      if (value !== undefined) yield [name, textOf(value)]
    }
  }
}

function textOf(value: string | string[]): string {
  return typeof value === 'string' ? value : value.join(', ')
}
