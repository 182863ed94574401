// An exchange by Node's own HTTP client: the same bytes as `fetch` gives, without its streams.
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Readable } from 'node:stream'
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
  return exchanged(request, signal, client, client.agent)
}

function exchanged(
  request: HttpRequest,
  signal: AbortSignal,
  client: NodeClient,
  agent: NodeClient['agent'] | false,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const outgoing = client.request(request.url, optionsFor(request, agent))
    let exchange: NodeExchange | undefined
    outgoing.on('error', (error) => {
      if (exchange !== undefined) exchange.blame(error)
      // On a connection of its own: whoever kept one that is gone may have kept others.
      else if (isStale(outgoing, error) && !signal.aborted) resolve(exchanged(request, signal, client, false))
      else reject(error)
    })
    outgoing.once('response', (incoming) => {
      exchange = new NodeExchange(outgoing, incoming)
      resolve(exchange)
    })
    outgoing.once('upgrade', (_, socket) => {
      socket.destroy()
      reject(new Error('it answers in another protocol than HTTP (101)'))
    })
    outgoing.once('close', () => {
      if (exchange === undefined) reject(closedByOther())
    })
    signal.addEventListener('abort', () => {
      reject(signal.reason)
      outgoing.destroy()
    })
    outgoing.end(request.body)
  })
}

/** Whether the server had closed a connection that was kept, before it knew of this request. RFC 9112, section 9.3.1. */
function isStale({ reusedSocket }: ClientRequest, error: NodeJS.ErrnoException): boolean {
  return reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** Made only when it is needed: an error costs more than all else at the end of a short answer. */
function closedByOther(): Error {
  return new Error('other side closed')
}

/** A stream that is compressed on its way comes in lumps, so nothing asks for that. */
function optionsFor({ headers, body }: HttpRequest, agent: NodeClient['agent'] | false): RequestOptions {
  const own = { 'user-agent': `agentscope/${version}`, 'accept-encoding': 'identity', 'accept-language': '*' }
  return { method: 'POST', agent, headers: { ...own, ...headers, 'content-length': Buffer.byteLength(body) } }
}

/** Keeps what has come of the body and has not been read: all of it is handed over at once. */
class NodeExchange implements Exchange {
  readonly status: number
  readonly headers: HeaderFields
  readonly #outgoing: ClientRequest
  readonly #source: Readable
  #waiting: Uint8Array[] = []
  #length = 0
  #isPaused = false
  #isOver = false
  #reason: Error | undefined
  #failure: Error | undefined
  /** Whoever waits for bytes. */
  #reader: { resolve(bytes: Uint8Array | undefined): void; reject(error: Error): void } | undefined

  constructor(outgoing: ClientRequest, incoming: IncomingMessage) {
    this.status = incoming.statusCode ?? 0
    this.headers = new NodeHeaders(incoming)
    this.#outgoing = outgoing
    this.#source = decompressed(incoming, (error) => this.#break(error))
    this.#source.on('data', this.#receive)
    this.#source.on('end', () => this.#end())
    this.#source.on('error', (error) => this.#endBroken(error))
    this.#source.on('close', () => {
      if (!this.#isOver) this.#endBroken(closedByOther())
    })
  }

  read(): Promise<Uint8Array | undefined> {
    if (this.#length > 0) return Promise.resolve(this.#take())
    if (this.#failure !== undefined && this.#isOver) return Promise.reject(this.#failure)
    if (this.#isOver) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  cancel(): void {
    this.#isOver = true
    this.#serve()
    this.#source.destroy()
    this.#outgoing.destroy()
  }

  /** Why the connection will break, should the body not be whole. */
  blame(error: Error): void {
    this.#reason ??= error
  }

  /** What came before may still be on its way out of a decoder. */
  #break(error: Error): void {
    this.#failure ??= this.#reason ?? error
  }

  #endBroken(error: Error): void {
    if (this.#isOver) return
    this.#break(error)
    this.#source.off('data', this.#receive)
    for (let rest = this.#source.read(); rest !== null; rest = this.#source.read()) this.#receive(rest)
    this.#end()
  }

  #end(): void {
    this.#isOver = true
    this.#serve()
  }

  readonly #receive = (chunk: Uint8Array): void => {
    this.#waiting.push(chunk)
    this.#length += chunk.length
    if (this.#length >= mostWaiting && !this.#isPaused) {
      this.#isPaused = true
      this.#source.pause()
    }
    // All that this read of the socket brings comes before: each of its pieces calls here.
    if (this.#reader !== undefined && this.#waiting.length === 1) queueMicrotask(this.#serve)
  }

  readonly #serve = (): void => {
    const reader = this.#reader
    if (reader === undefined || (this.#length === 0 && !this.#isOver)) return
    this.#reader = undefined
    if (this.#length > 0) reader.resolve(this.#take())
    else if (this.#failure === undefined) reader.resolve(undefined)
    else reader.reject(this.#failure)
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
