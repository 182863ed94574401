// A TCP proxy between a browser and a server: counts bytes, cuts connections, stalls them, and takes no new ones.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface TcpProxy extends AsyncDisposable {
  /** The server's address through the proxy. */
  readonly url: string
  /** Bytes from the server to the browser so far. */
  readonly down: number
  /** Bytes from the browser to the server so far. */
  readonly up: number
  /** Connections that are open now. */
  readonly open: number
  /** Breaks every open connection at once, as a pulled cable would be noticed. Returns how many there were. */
  cut(): number
  /** Nothing more reaches the browser, and the connections stay open, until `resume`. */
  stall(): void
  resume(): void
  /** While `false`, each new connection is broken at once. */
  accept(on: boolean): void
}

interface Pair {
  browser: Socket
  server: Socket
}

/** Stands before the server at `url`; path and fragment are kept. The browser sees a server with another port. */
export async function tcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url)
  const pairs = new Set<Pair>()
  const state = { down: 0, up: 0, stalled: false, accepting: true }
  const server = createServer((browser) => {
    if (!state.accepting) return browser.destroy()
    const pair = { browser, server: connect(Number(target.port), '127.0.0.1') }
    pairs.add(pair)
    join(pair, state)
    for (const socket of [pair.browser, pair.server]) socket.on('close', () => pairs.delete(pair))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = new URL(url)
  address.host = `127.0.0.1:${portOf(server)}`
  return {
    url: address.href,
    get down() {
      return state.down
    },
    get up() {
      return state.up
    },
    get open() {
      return pairs.size
    },
    cut: () => cut(pairs),
    stall() {
      state.stalled = true
      for (const pair of pairs) pair.server.pause()
    },
    resume() {
      state.stalled = false
      for (const pair of pairs) pair.server.resume()
    },
    accept(on) {
      state.accepting = on
    },
    async [Symbol.asyncDispose]() {
      cut(pairs)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function join({ browser, server }: Pair, state: { down: number; up: number; stalled: boolean }): void {
  browser.setNoDelay(true)
  server.setNoDelay(true)
  browser.on('data', (bytes) => {
    state.up += bytes.length
    server.write(bytes)
  })
  server.on('data', (bytes) => {
    state.down += bytes.length
    if (!browser.write(bytes)) server.pause()
  })
  browser.on('drain', () => {
    if (!state.stalled) server.resume()
  })
  if (state.stalled) server.pause()
  browser.on('close', () => server.destroy()).on('error', () => server.destroy())
  server.on('close', () => browser.destroySoon()).on('error', () => browser.destroy())
}

function cut(pairs: Set<Pair>): number {
  const open = [...pairs]
  for (const { browser, server } of open) {
    browser.resetAndDestroy()
    server.resetAndDestroy()
  }
  pairs.clear()
  return open.length
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
