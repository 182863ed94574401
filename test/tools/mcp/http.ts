// The test server over streamable HTTP on loopback, for those who bring the right key.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { testServer } from './server.ts'

export interface HttpMcpServer extends AsyncDisposable {
  url: string
  /** Every request that came: its method and its key. */
  requests: { method: string; key: string | undefined }[]
  sessions: Map<string, StreamableHTTPServerTransport>
  /** Resolves when the client of every session listens for what the server says by itself (its GET has been answered). */
  listening(): Promise<void>
  /** Resolves when no POST is open any more. */
  idle(): Promise<void>
  /** Forgets its sessions, as a server that was started again. */
  forget(): void
  /** Breaks every connection. */
  breakConnections(): void
}

/** `port`: by default one that is free. */
export async function httpMcpServer(key: string, port = 0): Promise<HttpMcpServer> {
  const sessions: HttpMcpServer['sessions'] = new Map()
  const requests: HttpMcpServer['requests'] = []
  const sockets = new Set<Socket>()
  const posts = new Set<ServerResponse>()
  const listening = new Set<string>()
  const whenListening = bell()
  const whenPostEnds = bell()
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', key: request.headers['x-key'] as string | undefined })
    if (request.method === 'POST') {
      posts.add(response)
      response.on('close', () => posts.delete(response) && whenPostEnds.ring())
    }
    if (request.method === 'GET') {
      onHead(response, () => listening.add(String(request.headers['mcp-session-id'])) && whenListening.ring())
    }
    if (request.headers['x-key'] !== key) return refuse(response, 401, `not ${request.headers['x-key']}`)
    return answer(request, response, sessions, key)
  })
  server.on(
    'connection',
    (socket) => sockets.add(socket).has(socket) && socket.on('close', () => sockets.delete(socket)),
  )
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const breakConnections = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    requests,
    sessions,
    listening: async () => {
      while ([...sessions.keys()].some((id) => !listening.has(id))) await whenListening.next()
    },
    idle: async () => {
      while (posts.size > 0) await whenPostEnds.next()
    },
    forget: () => sessions.clear(),
    breakConnections,
    [Symbol.asyncDispose]: async () => {
      breakConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Something that happens again and again, and can be waited for. */
function bell(): { next(): Promise<void>; ring(): void } {
  const waiting: (() => void)[] = []
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    ring() {
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}

/** Tells when the answer's headers go out. */
function onHead(response: ServerResponse, then: () => void): void {
  const flush = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  response.writeHead = (...args: unknown[]) => {
    then()
    return flush(...args)
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  sessions: HttpMcpServer['sessions'],
  key: string,
): Promise<void> {
  const id = request.headers['mcp-session-id'] as string | undefined
  if (id !== undefined && !sessions.has(id)) return refuse(response, 404, 'Session not found')
  const known = id === undefined ? undefined : sessions.get(id)
  await (known ?? (await newSession(sessions, key))).handleRequest(request, response)
}

async function newSession(sessions: HttpMcpServer['sessions'], key: string): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  })
  await testServer(key).connect(transport as Transport)
  return transport
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
}
