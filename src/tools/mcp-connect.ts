// Starts or reaches an MCP server and shakes hands with it.
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { until } from '../core/until.ts'
import { version } from '../core/version.ts'
import { McpConnection, noTimeout } from './mcp-connection.ts'
import { failureOf } from './mcp-failure.ts'
import { httpLine } from './mcp-http.ts'
import { fromSdk } from './mcp-sdk.ts'
import { stdioLine } from './mcp-stdio.ts'
import type { McpTarget } from './mcp-target.ts'

/** What a connection tells whoever holds it. */
export interface McpEvents {
  toolsChanged(connection: McpConnection): void
}

/** @throws ConfigError, AuthError, ProviderError, AgentScopeError of type `timeout`; whatever was begun is ended then. */
export async function connectTo(target: McpTarget, events: McpEvents, signal: AbortSignal): Promise<McpConnection> {
  const [first, ...others] = target.http?.kinds ?? ['stdio' as const]
  try {
    return await attempt(target, first ?? 'stdio', events, signal)
  } catch (error) {
    const [other] = others
    // How a client finds out that a server is of the older kind:
    // https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#backwards-compatibility
    if (other === undefined || ![400, 404, 405].includes((error as { status?: number }).status ?? 0)) throw error
    return attempt(target, other, events, signal).catch(() => Promise.reject(error))
  }
}

async function attempt(target: McpTarget, kind: 'stdio' | 'http' | 'sse', events: McpEvents, signal: AbortSignal) {
  const [{ Client }, { ToolListChangedNotificationSchema }] = await Promise.all([
    fromSdk(() => import('@modelcontextprotocol/sdk/client/index.js')),
    fromSdk(() => import('@modelcontextprotocol/sdk/types.js')),
  ])
  const line = target.stdio
    ? await stdioLine(target.stdio)
    : await httpLine(httpOf(target), kind === 'sse' ? 'sse' : 'http')
  const client = new Client({ name: 'agentscope', version })
  const connection = new McpConnection(client, line, target)
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => events.toolsChanged(connection))
  try {
    await until(client.connect(line.transport, { timeout: noTimeout }), signal)
    keepOrder(line.transport)
    return connection
  } catch (error) {
    await line.close()
    throw failureOf(error, 'connecting', target, line.lastWords())
  }
}

function httpOf({ http }: McpTarget): NonNullable<McpTarget['http']> {
  return http as NonNullable<McpTarget['http']>
}

/**
 * The SDK hears an answer at once but a notification a moment later, so that progress which came in the same read as the
 * answer would find nobody. Here answers wait for that moment too.
 */
function keepOrder(transport: Transport): void {
  const deliver = transport.onmessage
  transport.onmessage = (message, extra) => {
    if ('method' in message) deliver?.(message, extra)
    else queueMicrotask(() => deliver?.(message, extra))
  }
}
