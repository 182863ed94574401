// An MCP server over HTTP: streamable HTTP, or the older SSE.
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { answeringFetch } from './mcp-answers.ts'
import { fromSdk } from './mcp-sdk.ts'
import type { McpLine } from './mcp-stdio.ts'
import type { McpTarget } from './mcp-target.ts'

/** How long the server may take to end its session when we leave. */
const goodbyeMs = 2000

export async function httpLine(target: NonNullable<McpTarget['http']>, kind: 'http' | 'sse'): Promise<McpLine> {
  return kind === 'http' ? streamableLine(target) : sseLine(target)
}

async function streamableLine({ url, headers, fetch }: NonNullable<McpTarget['http']>): Promise<McpLine> {
  const { StreamableHTTPClientTransport } = await fromSdk(
    () => import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
  )
  const transport = new StreamableHTTPClientTransport(url, { fetch: answeringFetch(fetch), requestInit: { headers } })
  return {
    transport: transport as Transport,
    lastWords: () => '',
    goodbye: () => {
      const late = new Promise<void>((resolve) => setTimeout(resolve, goodbyeMs).unref())
      // A server that is gone already, or that ends no sessions, is no reason to fail.
      return Promise.race([transport.terminateSession(), late]).catch(() => {})
    },
    close: () => transport.close(),
  }
}

async function sseLine({ url, headers, fetch }: NonNullable<McpTarget['http']>): Promise<McpLine> {
  const { SSEClientTransport } = await fromSdk(() => import('@modelcontextprotocol/sdk/client/sse.js'))
  const transport = new SSEClientTransport(url, { fetch, requestInit: { headers } })
  return { transport, lastWords: () => '', goodbye: async () => {}, close: () => transport.close() }
}
