// WebSockets: the same examination as for requests, then `/live` for tabs and `/ingest` for programs.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { type Guard, type Refusal, refusalOf } from './security.ts'

/**
 * Heads and lists say the same fields again and again, and shrink to a tenth; a piece of text on its own is sent as it is.
 * A small window keeps a connection cheap.
 */
const deflate = { threshold: 64, serverMaxWindowBits: 12, zlibDeflateOptions: { level: 3, memLevel: 5 } }

export const maxFrameBytes = 8_000_000
/** How often both sides show that they are there, in milliseconds. */
const heartbeatMs = 15_000
const mostSockets = 512

export interface Opened {
  socket: WebSocket
  url: URL
}

/** What to do with a socket at a path; throws nothing. */
export type SocketRoutes = Readonly<Record<string, (opened: Opened) => void>>

export interface Sockets {
  close(): Promise<void>
}

/** Takes upgrades of that server at these paths. Other paths are left to whoever else listens at `others`. */
export function serveSockets(server: Server, guard: Guard, routes: SocketRoutes, others: RegExp): Sockets {
  const door = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: deflate })
  server.on('upgrade', (request, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    // As long as nobody else listens, nobody would answer there.
    if (url !== null && others.test(url.pathname) && server.listenerCount('upgrade') > 1) return
    const route = url === null ? undefined : routes[url.pathname]
    const refusal = route === undefined || url === null ? noRoute : examine(request, url.pathname, guard)
    if (refusal !== undefined || route === undefined || url === null) return refuse(stream, refusal ?? noRoute)
    if (door.clients.size >= mostSockets) return refuse(stream, { status: 503, text: 'Too many connections.' })
    door.handleUpgrade(request, stream, head, (socket) => {
      keepAlive(socket)
      // A frame that is too large or broken closes this socket; it must not end the process.
      socket.on('error', () => socket.terminate())
      route({ socket, url })
    })
  })
  return { close: () => closeDoor(door) }
}

/** Every text frame; binary ones are nobody's language here. */
export function onText(socket: WebSocket, hear: (text: string) => void): void {
  socket.on('message', (data: RawData, isBinary) => {
    if (isBinary) return socket.close(1003, 'text frames only')
    hear(Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.concat([data].flat() as Buffer[]).toString('utf8'))
  })
}

export function examine(request: IncomingMessage, path: string, guard: Guard): Refusal | undefined {
  const header = (name: string) => [request.headers[name]].flat().join(', ') || undefined
  return refusalOf({ method: request.method ?? 'GET', path, isUpgrade: true, header }, guard)
}

const noRoute = { status: 404, text: 'There is no such socket.' }
const reasons: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }

function refuse(stream: Duplex, { status, text }: { status: number; text: string }): void {
  const reason = reasons[status] ?? 'Service Unavailable'
  const head = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain\r\n`
  stream.end(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
}

/** A peer that answers two pings with silence is gone, whatever its connection looks like. */
function keepAlive(socket: WebSocket): void {
  let silent = 0
  const timer = setInterval(() => {
    silent += 1
    if (silent > 2) socket.terminate()
    else if (socket.readyState === WebSocket.OPEN) socket.ping()
  }, heartbeatMs).unref()
  const heard = () => (silent = 0)
  socket.on('pong', heard).on('message', heard)
  socket.on('close', () => clearInterval(timer))
}

function closeDoor(door: WebSocketServer): Promise<void> {
  for (const socket of door.clients) socket.close(1001, 'Studio ends')
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const socket of door.clients) socket.terminate()
    }, 500)
    const gone = () => {
      if (door.clients.size > 0) return
      clearTimeout(timer)
      door.close(() => resolve())
    }
    for (const socket of door.clients) socket.once('close', () => setImmediate(gone))
    gone()
  })
}
