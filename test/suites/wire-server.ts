// A loopback HTTP server for tests: plays given bytes in given pieces and tells when its client has gone.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Reply {
  status?: number
  contentType?: string
  headers?: Record<string, string>
  /** The body: whole, or the pieces to write one by one. A function writes by itself and decides how it ends. */
  body?: string | Uint8Array | readonly (string | Uint8Array)[] | ((response: ServerResponse) => void | Promise<void>)
  /** How it ends. `open` never ends, `destroy` breaks the connection. Default `end`. */
  end?: 'end' | 'open' | 'destroy'
  /** Resolves before each piece but the first, so that a test decides when it is sent. */
  gate?: (piece: number) => Promise<void>
}

export interface Received {
  url: string
  method: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
  /** Resolves with the time (ms, performance.now) at which the client's connection closed. */
  closed: Promise<number>
  /** Breaks the connection. */
  drop(): void
}

export interface WireServer extends AsyncDisposable {
  url: string
  received: Received[]
  /** Resolves with the next request. */
  next(): Promise<Received>
}

/** Answers the n-th request with the n-th reply; the last one repeats. `null` does not answer at all. */
export async function wireServer(...replies: (Reply | null)[]): Promise<WireServer> {
  const received: Received[] = []
  const waiting: ((request: Received) => void)[] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const entry = await receive(request)
    const reply = replies[Math.min(received.length, replies.length - 1)]
    received.push(entry)
    waiting.shift()?.(entry)
    if (reply) await answer(response, reply).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    [Symbol.asyncDispose]: () => close(server, sockets),
  }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const closed = closingOf(request.socket)
  let body = ''
  for await (const chunk of request) body += chunk
  const { url = '', method = '', headers } = request
  const drop = () => request.socket.destroy()
  return { url, method, headers, body: body === '' ? {} : JSON.parse(body), closed, drop }
}

const closings = new WeakMap<Socket, Promise<number>>()

/** One promise a connection, however many requests it carries. */
function closingOf(socket: Socket): Promise<number> {
  let closing = closings.get(socket)
  if (closing === undefined) {
    closing = new Promise((resolve) => socket.on('close', () => resolve(performance.now())))
    closings.set(socket, closing)
  }
  return closing
}

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  const { status = 200, contentType = 'text/event-stream', headers = {}, body = '', end = 'end' } = reply
  response.writeHead(status, { 'content-type': contentType, ...headers })
  response.flushHeaders()
  if (typeof body === 'function') return body(response)
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body
  for (const [at, piece] of pieces.entries()) {
    if (at > 0) await (reply.gate?.(at) ?? new Promise((resolve) => setImmediate(resolve)))
    if (response.destroyed) return
    if (piece.length > 0 && !response.write(piece)) await new Promise((resolve) => response.once('drain', resolve))
  }
  if (end === 'end') response.end()
  else if (end === 'destroy') response.destroy()
}

function close(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy()
  return new Promise((resolve) => server.close(() => resolve()))
}

/** Cuts bytes into pieces of that many. */
export function cut(body: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < body.length; at += size) pieces.push(body.subarray(at, at + size))
  return pieces
}
