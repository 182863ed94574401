// A server of one's own for tests: plain node:http that passes a web Response on, and stops it when its client leaves.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'

export interface RelayServer extends AsyncDisposable {
  url: string
}

export async function relayServer(answer: () => Response): Promise<RelayServer> {
  const server = createServer(async (_, client) => {
    const response = answer()
    client.writeHead(response.status, Object.fromEntries(response.headers))
    const body = Readable.fromWeb(response.body as NodeReadableStream<Uint8Array>)
    // A client that leaves is what some of the tests are about.
    await pipeline(body, client).catch(() => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
