// The way back to programs written for Python AgentScope: answers of people over socket.io, each to its own run only.
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server } from 'socket.io'
import { ConfigError } from '../../core/error.ts'
import { programsOf, type V1Programs } from './ingest-v1-programs.ts'
import { runIdOf, type VisitOptions, Visits } from './python-visits.ts'

export interface PythonOptions extends VisitOptions {
  /** Who may open a connection. Default: whoever sends no `Origin`, or that of this server. */
  allow?: (request: IncomingMessage) => boolean
}

export interface PythonDoor {
  /** Closes the connections to programs; the HTTP server stays. */
  close(): Promise<void>
}

/**
 * Lets programs connect to the namespace `/python` of `server`, with `auth: { run_id }`, and sends each the answers to
 * its own questions: `forwardUserInput(requestId, blocks, structured)`. socket.io is an optional package: it is loaded
 * and attached when the first program registers, and a run is told when it is missing.
 */
export function attachPython(server: HttpServer, options: PythonOptions): PythonDoor {
  const programs = programsOf(options)
  let opening: Promise<Server> | undefined
  const open = () => {
    opening ??= openDoor(server, options, programs)
    return opening.then(
      () => undefined,
      (error: unknown) => {
        opening = undefined
        throw error
      },
    )
  }
  programs.door = open
  const close = async () => {
    programs.door = undefined
    const io = await opening?.catch(() => undefined)
    await new Promise<void>((resolve) => (io === undefined ? resolve() : closeDoor(io, resolve)))
  }
  return { close }
}

async function openDoor(server: HttpServer, options: PythonOptions, programs: V1Programs): Promise<Server> {
  const { Server } = await loadSocketIo()
  const { allow = isOfThisServer } = options
  const io = new Server(server, {
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: 1e6,
    allowRequest: (request, decide) => decide(null, allow(request)),
  })
  const visits = new Visits(options, programs)
  io.of('/python').use((socket, next) => {
    programs.find(runIdOf(socket)).then(
      (run) => next(run === undefined ? new Error('No run of that run_id is registered.') : undefined),
      () => next(new Error('The run cannot be looked up.')),
    )
  })
  io.of('/python').on('connection', (socket) => visits.begin(socket))
  return io
}

/** The HTTP server is somebody else's to close: only the connections of programs are. */
function closeDoor(io: Server, done: () => void): void {
  io.disconnectSockets(true)
  io.engine.close()
  done()
}

async function loadSocketIo(): Promise<typeof import('socket.io')> {
  try {
    return await import('socket.io')
  } catch (cause) {
    throw new ConfigError('Programs of Python AgentScope get answers through socket.io, which is not installed.', {
      advice: 'npm install socket.io',
      cause,
    })
  }
}

function isOfThisServer({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`
}
