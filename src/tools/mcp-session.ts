// Keeps an MCP server reached: connected when it is needed, again when it was lost, ended once.
import { AbortedError, AgentScopeError } from '../core/error.ts'
import { until } from '../core/until.ts'
import { connectTo } from './mcp-connect.ts'
import type { McpConnection } from './mcp-connection.ts'
import { stoppedWhile, tooLate } from './mcp-failure.ts'
import type { McpTarget } from './mcp-target.ts'

export interface McpSessionOptions {
  connectTimeoutMs: number
  /** What has to be done before a new connection is used. */
  begin(connection: McpConnection, signal: AbortSignal): Promise<void>
  toolsChanged(connection: McpConnection): void
}

/** `lost`: the process died or the session ended; the next call connects again. */
export type McpStatus = 'idle' | 'connecting' | 'connected' | 'lost' | 'closed'

/** How long to wait before each further try to reach a server again that was connected once. */
const reconnectDelaysMs = [250, 1000]

export class McpSession {
  readonly #target: McpTarget
  readonly #options: McpSessionOptions
  readonly #end = new AbortController()
  #opening: Promise<McpConnection> | undefined
  #connection: McpConnection | undefined
  #leaving: Promise<unknown> = Promise.resolve()
  #hasConnected = false

  constructor(target: McpTarget, options: McpSessionOptions) {
    this.#target = target
    this.#options = options
  }

  get status(): McpStatus {
    if (this.#end.signal.aborted) return 'closed'
    if (this.#connection?.isOver) return 'lost'
    if (this.#opening === undefined) return this.#hasConnected ? 'lost' : 'idle'
    return this.#connection === undefined ? 'connecting' : 'connected'
  }

  get connection(): McpConnection | undefined {
    return this.#connection
  }

  /** Whether it has been connected before. */
  get hasConnected(): boolean {
    return this.#hasConnected
  }

  /** Fires when it is closed. */
  get ended(): AbortSignal {
    return this.#end.signal
  }

  /** A connection that can be used. The signal ends the waiting, not the attempt, which others may wait for too. */
  async open(signal?: AbortSignal): Promise<McpConnection> {
    this.#end.signal.throwIfAborted()
    if (signal?.aborted) throw stoppedWhile('connecting', this.#target.name)
    if (this.#connection?.isOver) this.#forget()
    this.#opening ??= this.#reach(this.#hasConnected ? reconnectDelaysMs : [])
    return until(this.#opening, signal, () => stoppedWhile('connecting', this.#target.name))
  }

  /** The next call connects again. */
  abandon(connection: McpConnection): void {
    this.#leaving = Promise.all([this.#leaving, connection.abandon()])
  }

  /** Resolves when everything it has begun is over. */
  async close(): Promise<void> {
    const { name } = this.#target
    this.#end.abort(new AbortedError(`The MCP server ${name} has been closed.`, { provider: name }))
    const connection = await this.#opening?.catch(() => undefined)
    await Promise.all([connection?.close(), this.#leaving])
  }

  /** A server that was there before may just be starting again, so it gets a few tries. */
  async #reach([delayMs, ...later]: readonly number[]): Promise<McpConnection> {
    try {
      return await this.#reachOnce()
    } catch (error) {
      const isWorthIt = error instanceof AgentScopeError && error.retryable && delayMs !== undefined
      if (!isWorthIt || this.#end.signal.aborted) {
        this.#forget()
        throw error
      }
      await until(new Promise((resolve) => setTimeout(resolve, delayMs)), this.#end.signal)
      return this.#reach(later)
    }
  }

  async #reachOnce(): Promise<McpConnection> {
    const { connectTimeoutMs, begin, toolsChanged } = this.#options
    const late = AbortSignal.timeout(connectTimeoutMs)
    const signal = AbortSignal.any([this.#end.signal, late])
    try {
      this.#connection = undefined
      this.#connection = await connectTo(this.#target, { toolsChanged }, signal)
      await begin(this.#connection, signal)
      this.#hasConnected = true
      return this.#connection
    } catch (error) {
      if (this.#connection !== undefined) this.abandon(this.#connection)
      this.#end.signal.throwIfAborted()
      throw late.aborted ? tooLate(this.#target.name, connectTimeoutMs) : error
    }
  }

  #forget(): void {
    this.#connection = undefined
    this.#opening = undefined
  }
}
