// Opens a Studio: its data, its server, its doors for tabs and programs; and closes all of them.
import { createServer, type IncomingMessage } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { ConfigError } from '../../core/error.ts'
import type { Journals } from '../../journal/journal.ts'
import { memoryJournals } from '../../journal/memory.ts'
import { sqliteJournals } from '../../journal/sqlite.ts'
import type { Answers } from './answers.ts'
import { studioApp } from './app.ts'
import { clientFolder } from './client-folder.ts'
import { v1Routes } from './ingest-v1.ts'
import { type Listening, listen } from './listening.ts'
import { liveRoutes, socketRoutes } from './live.ts'
import { otlpRoutes } from './otlp.ts'
import { takePathToken } from './path-token.ts'
import { attachPython } from './python-socket.ts'
import { openRoom } from './room.ts'
import { allowedHosts, type Guard, isLoopback, written } from './security.ts'
import type { Settings } from './settings.ts'
import { examine, serveSockets } from './sockets.ts'
import { staticFiles } from './static-files.ts'
import { newToken } from './token.ts'

export interface StudioOptions {
  /** 0 takes any. Default: 3000, or the next free one. */
  port?: number | undefined
  /** Default: 127.0.0.1 and ::1. Any other address needs a token. */
  host?: string | undefined
  /** A SQLite file for the journals; the index lies beside it, as `<name>.index`. Default: all is kept in memory. */
  data?: string | undefined
  /** `false`: whoever reaches the port may come in. Default: a random one, the same at each start with the same data. */
  token?: string | false | undefined
  /** The folder of the built client. */
  client?: string | undefined
}

export interface Studio {
  /** The address to open, with the token in its fragment. */
  readonly url: string
  readonly port: number
  readonly token: string | undefined
  /** Where programs of this process write their runs. Whoever opened the Studio does not close them. */
  readonly journals: Journals
  readonly answers: Answers
  /** Closes the connections, the server and the data. A second call waits for the same. */
  close(): Promise<void>
}

/** @throws ConfigError when the address or the file cannot be had, or an open address is asked for without a token. */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const { host, data } = options
  if (options.token === false && host !== undefined && !isLoopback(host)) {
    throw new ConfigError(`Studio at ${host} needs a token: everybody on the network could read and stop runs.`, {
      advice: 'Leave out --no-token, or leave out --host.',
    })
  }
  const journals = data === undefined ? memoryJournals() : sqliteJournals(data)
  try {
    return await opened(options, journals)
  } catch (error) {
    await journals.close()
    throw error
  }
}

async function opened(options: StudioOptions, own: Journals): Promise<Studio> {
  const { host, data } = options
  const room = await openRoom(own, data, (settings) => {
    return { hosts: allowedHosts(host), token: tokenOf(options.token, settings) }
  })
  const { parts, hub, guard } = room
  const app = studioApp({
    parts,
    more: [liveRoutes(hub, parts.store), v1Routes(parts), otlpRoutes(parts)],
    client: staticFiles(options.client ?? clientFolder()),
  })
  const handle = getRequestListener(app.fetch)
  const server = createServer((request, response) => {
    takePathToken(request)
    void handle(request, response)
  })
  const python = attachPython(server, { ...parts, allow: (request) => mayAnswer(request, guard) })
  const sockets = serveSockets(server, guard, socketRoutes(room), /^\/socket\.io\//)
  let listening: Listening
  try {
    listening = await listen(server, host, options.port)
  } catch (error) {
    await room.close()
    throw error
  }
  const shut = async () => {
    const gone = listening.close()
    await Promise.all([sockets.close(), python.close()])
    server.closeAllConnections()
    await gone
    await room.close()
  }
  let closing: Promise<void> | undefined
  const close = () => (closing ??= shut())
  const { journals, answers } = parts
  const { port } = listening
  return { url: addressOf(host, port, guard.token), port, token: guard.token, journals, answers, close }
}

/** The socket of a Python program brings no token; the id of its run, which it registered with one, is what it shows. */
function mayAnswer(request: IncomingMessage, { hosts }: Guard): boolean {
  const url = URL.parse(request.url ?? '/', 'http://localhost')
  return examine(request, url?.pathname ?? '/', { hosts }) === undefined
}

/** Kept beside the data, so that tabs and programs find the door open after a restart. */
function tokenOf(given: string | false | undefined, settings: Settings): string | undefined {
  if (given === false) return undefined
  const token = given ?? settings.value('token') ?? newToken()
  if (given === undefined) settings.keep('token', token)
  return token
}

function addressOf(host: string | undefined, port: number, token: string | undefined): string {
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::'
  const address = `http://${isEverywhere ? 'localhost' : written(host)}:${port}/`
  return token === undefined ? address : `${address}#token=${token}`
}
