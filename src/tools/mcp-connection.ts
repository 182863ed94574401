// One connection to an MCP server, from the handshake to its end; it is not mended, another takes its place.
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Fields } from '../core/kind.ts'
import { failureOf, stoppedWhile } from './mcp-failure.ts'
import { fromSdk } from './mcp-sdk.ts'
import type { McpLine } from './mcp-stdio.ts'
import type { McpTarget } from './mcp-target.ts'

/** How far a server says it is. */
export interface McpProgress {
  progress: number
  total?: number | undefined
  message?: string | undefined
}

export interface McpRequest {
  method: string
  params: Fields
  /** Reads on after "while": `calling search`. */
  doing: string
  /** Any of them stops it: the server is told, and the request rejects at once. */
  signals: readonly AbortSignal[]
  timeoutMs?: number | undefined
  onProgress?: (progress: McpProgress) => void
}

/** How long a server that may be gone has to say that it is not. */
const pingMs = 5000

/** Longer than any timer goes (24 days): the clock is somebody else's. */
export const noTimeout = 2 ** 31 - 1

export class McpConnection {
  readonly #client: Client
  readonly #line: McpLine
  readonly #target: McpTarget
  #isOver = false

  constructor(client: Client, line: McpLine, target: McpTarget) {
    this.#client = client
    this.#line = line
    this.#target = target
    client.onclose = () => {
      this.#isOver = true
    }
    client.onerror = ({ message }) => this.#worry(message)
  }

  /** It can carry nothing any more: somebody closed it, the process died or the session ended. */
  get isOver(): boolean {
    return this.#isOver
  }

  get pid(): number | undefined {
    return (this.#line.transport as { pid?: number | null }).pid ?? undefined
  }

  get hasTools(): boolean {
    return this.#client.getServerCapabilities()?.tools !== undefined
  }

  get instructions(): string | undefined {
    return this.#client.getInstructions()
  }

  /** @throws AbortedError, AuthError, ProviderError, or AgentScopeError of type `timeout`. */
  async request({ method, params, doing, signals, timeoutMs, onProgress }: McpRequest): Promise<Fields> {
    // Not the SDK's own schema of the result: it would refuse all of it for one block of a kind that came later.
    const { ResultSchema } = await fromSdk(() => import('@modelcontextprotocol/sdk/types.js'))
    // The SDK never takes its listener off a signal, and would cancel finished requests: this signal is only for this one.
    const stop = new AbortController()
    const stopIt = () => stop.abort('The client does not need the answer any more.')
    for (const signal of signals) signal.aborted ? stopIt() : signal.addEventListener('abort', stopIt)
    try {
      return await this.#client.request({ method, params }, ResultSchema, {
        signal: stop.signal,
        resetTimeoutOnProgress: true,
        ...(timeoutMs !== undefined && { timeout: noTimeout }),
        ...(onProgress !== undefined && { onprogress: onProgress }),
      })
    } catch (error) {
      if (stop.signal.aborted) throw stoppedWhile(doing, this.#target.name)
      throw failureOf(error, doing, this.#target, this.#line.lastWords())
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', stopIt)
    }
  }

  /** All pages. */
  async listTools(signal: AbortSignal): Promise<unknown[]> {
    const tools: unknown[] = []
    const seen = new Set<unknown>()
    let cursor: unknown
    do {
      seen.add(cursor)
      const params = cursor === undefined ? {} : { cursor }
      const page = await this.request({ method: 'tools/list', params, doing: 'listing its tools', signals: [signal] })
      if (Array.isArray(page['tools'])) tools.push(...page['tools'])
      cursor = page['nextCursor']
    } while (cursor !== undefined && !seen.has(cursor))
    return tools
  }

  /** Lets go of a connection that is of no use any more, without a word to the server. Never rejects. */
  async abandon(): Promise<void> {
    this.#isOver = true
    await this.#line.close().catch(() => {})
  }

  /** Ends the session and the process; resolves when both are over. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#line.goodbye()
    await this.#line.close()
  }

  /**
   * Most of what the SDK tells here it throws elsewhere too. Not these: the stream of the older SSE broke, or one of
   * streamable HTTP could not be taken up again, and whoever waits for an answer there would wait on.
   */
  #worry(message: string): void {
    if (message.startsWith('SSE error:')) void this.abandon()
    if (!message.startsWith('Maximum reconnection attempts')) return
    this.#client.ping({ timeout: pingMs }).catch(() => this.abandon())
  }
}
