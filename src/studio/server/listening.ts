// Where a Studio listens: this machine only unless it is told otherwise, on the first port that is free.
import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { ConfigError } from '../../core/error.ts'

export interface Listening {
  port: number
  /** The addresses, as sockets tell them. */
  addresses: string[]
  close(): Promise<void>
}

/** Beyond so many, a connection is closed as it comes. */
const mostConnections = 1024
/** So many ports are tried after the usual one. */
const tries = 20

/**
 * Listens at `host`; without one at 127.0.0.1 and, where there is IPv6, at ::1 with the same port. `port: undefined` takes
 * 3000 or the next free one, 0 any.
 *
 * @throws ConfigError when the port is taken or the address is none of this machine's.
 */
export async function listen(
  server: HttpServer,
  host: string | undefined,
  port: number | undefined,
): Promise<Listening> {
  const first = port ?? 3000
  const last = port === undefined ? first + tries : first
  for (let candidate = first; ; candidate += first === 0 ? 0 : 1) {
    try {
      return await listenAt(server, host, candidate)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const isTaken = code === 'EADDRINUSE'
      if (isTaken && (candidate < last || first === 0)) continue
      throw new ConfigError(`Studio cannot listen at ${host ?? '127.0.0.1'}:${candidate} (${code ?? error}).`, {
        advice: isTaken
          ? 'Give another one with --port, or 0 for any.'
          : 'Give an address of this machine, and a port from 1024.',
      })
    }
  }
}

async function listenAt(server: HttpServer, host: string | undefined, port: number): Promise<Listening> {
  const doors: Server[] = [await open(server, host ?? '127.0.0.1', port)]
  const taken = (server.address() as AddressInfo).port
  const close = async () => {
    await Promise.all(doors.map((door) => new Promise((resolve) => door.close(resolve))))
  }
  if (host === undefined) {
    try {
      // The second door leads into the same HTTP server: whatever hooks into it hears both.
      const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        server.emit('connection', socket)
      })
      doors.push(await open(second, '::1', taken))
    } catch (error) {
      // A machine without IPv6 has no ::1. One where somebody else has that port would send half the tabs to him.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return listening(doors, taken, close)
      await close()
      throw error
    }
  }
  return listening(doors, taken, close)
}

function listening(doors: readonly Server[], port: number, close: () => Promise<void>): Listening {
  return { port, addresses: doors.map((door) => (door.address() as AddressInfo).address), close }
}

function open<Door extends Server>(door: Door, host: string, port: number): Promise<Door> {
  return new Promise((resolve, reject) => {
    door.once('error', reject)
    door.listen({ host, port, ipv6Only: host === '::1' }, () => {
      door.off('error', reject)
      door.maxConnections = mostConnections
      // An accepted connection that fails is that connection's matter.
      door.on('error', () => undefined)
      resolve(door)
    })
  })
}
