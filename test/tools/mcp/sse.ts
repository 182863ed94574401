// The test server over the older SSE transport on loopback, as some servers still are.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { testServer } from './server.ts'

export interface SseMcpServer extends AsyncDisposable {
  url: string
  /** Breaks every connection. */
  breakConnections(): void
}

export async function sseMcpServer(key: string): Promise<SseMcpServer> {
  const sessions = new Map<string, SSEServerTransport>()
  const server = createServer(async (request, response) => {
    if (request.headers['x-key'] !== key) return refuse(response, 401)
    if (request.method === 'GET') return begin(response, sessions, key)
    await take(request, response, sessions)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`,
    breakConnections: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function begin(response: ServerResponse, sessions: Map<string, SSEServerTransport>, key: string): Promise<void> {
  const transport = new SSEServerTransport('/messages', response)
  sessions.set(transport.sessionId, transport)
  await testServer(key).connect(transport)
}

async function take(request: IncomingMessage, response: ServerResponse, sessions: Map<string, SSEServerTransport>) {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const transport = sessions.get(searchParams.get('sessionId') ?? '')
  if (pathname !== '/messages' || transport === undefined) return refuse(response, 404)
  await transport.handlePostMessage(request, response)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end('no')
}
