// The ways into a Studio: requests, tabs and programs over WebSockets, programs of Python over socket.io.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { studioApp } from './app.ts'
import { ingestRoutes } from './ingest-posts.ts'
import { v1Routes } from './ingest-v1.ts'
import type { Listening } from './listening.ts'
import { serveProgram, socketRoutes } from './live.ts'
import { liveRoutes } from './live-events.ts'
import { otlpRoutes } from './otlp.ts'
import { takePathToken } from './path-token.ts'
import { attachPython } from './python-socket.ts'
import type { Room } from './room.ts'
import type { Guard } from './security.ts'
import { examine, serveSockets } from './sockets.ts'
import { staticFiles } from './static-files.ts'

export interface Doors {
  server: Server
  /** Ends the connections and the listening; the room stays. */
  close(listening: Listening): Promise<void>
}

/** `client`: the folder of the built client. The server does not listen yet. */
export function openDoors(room: Room, client: string): Doors {
  const { parts, hub, guard } = room
  const posts = ingestRoutes((run, socket) => serveProgram(room, run, socket))
  const more = [liveRoutes(hub, parts.store), posts, v1Routes(parts), otlpRoutes(parts)]
  const handle = getRequestListener(studioApp({ parts, more, client: staticFiles(client) }).fetch)
  const server = createServer((request, response) => {
    takePathToken(request)
    void handle(request, response)
  })
  const python = attachPython(server, { ...parts, allow: (request) => mayAnswer(request, guard) })
  const sockets = serveSockets(server, guard, socketRoutes(room), /^\/socket\.io\//)
  const close = async (listening: Listening) => {
    const gone = listening.close()
    await Promise.all([sockets.close(), python.close()])
    server.closeAllConnections()
    await gone
  }
  return { server, close }
}

/** The socket of a Python program brings no token; the id of its run, which it registered with one, is what it shows. */
function mayAnswer(request: IncomingMessage, { hosts }: Guard): boolean {
  const url = URL.parse(request.url ?? '/', 'http://localhost')
  return examine(request, url?.pathname ?? '/', { hosts }) === undefined
}
