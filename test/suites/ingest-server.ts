// A Studio's `/ingest` on loopback for tests: the real server half, over real sockets that a test can cut or stall.
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type WebSocket, WebSocketServer } from 'ws'
import { serveIngest } from '../../src/journal/ingest.ts'
import type { Journals, StudioCommand } from '../../src/journal/journal.ts'
import { ingestRoutes } from '../../src/studio/server/ingest-posts.ts'

export interface IngestServer extends AsyncDisposable {
  url: string
  port: number
  /** Resolves with the next connection that is made. */
  connected(): Promise<WebSocket>
  /** Breaks all connections without a word. */
  cut(): void
  /** What every connection's headers were. */
  authorizations: (string | undefined)[]
}

export interface IngestServerOptions {
  port?: number
  /** No WebSocket gets through, as behind some proxies. */
  refusesSockets?: boolean
  commands?: (run: string, signal: AbortSignal) => AsyncIterable<StudioCommand>
}

/** The journals stay open when it is closed. */
export async function ingestServer(
  journals: Journals,
  { port = 0, refusesSockets = false, commands }: IngestServerOptions = {},
): Promise<IngestServer> {
  const routes = ingestRoutes((run, socket) => serveIngest({ run, journals, socket, commands }))
  const server = createServer(getRequestListener(routes.fetch))
  const sockets = new Set<Socket>()
  const waiting: ((socket: WebSocket) => void)[] = []
  const authorizations: (string | undefined)[] = []
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: 8 << 20 })
  server.on('upgrade', (request, stream, head) => {
    if (refusesSockets) return stream.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n')
    upgrades.handleUpgrade(request, stream, head, (socket) => upgrades.emit('connection', socket, request))
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  upgrades.on('connection', (socket, request) => {
    authorizations.push(request.headers.authorization)
    socket.on('error', () => undefined)
    const run = new URL(request.url ?? '', 'http://studio').searchParams.get('run') ?? ''
    serveIngest({ run, journals, socket: wrapped(socket), commands })
    for (const resolve of waiting.splice(0)) resolve(socket)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const at = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${at}`,
    port: at,
    connected: () => new Promise((resolve) => waiting.push(resolve)),
    cut,
    authorizations,
    [Symbol.asyncDispose]: () => {
      cut()
      upgrades.close()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function wrapped(socket: WebSocket) {
  return {
    send: (text: string) => socket.send(text),
    close: (code: number, reason: string) => socket.close(code, reason),
    onMessage: (hear: (text: string) => void) => void socket.on('message', (data) => hear(String(data))),
    onClose: (hear: () => void) => void socket.on('close', hear),
  }
}
