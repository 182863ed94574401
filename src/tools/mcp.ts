// MCP servers as sources of tools. https://modelcontextprotocol.io

import type { Fields } from '../core/kind.ts'
import { redact, redactJson } from '../core/redact.ts'
import type { McpConnection } from './mcp-connection.ts'
import { isSessionOver } from './mcp-failure.ts'
import { outputOf } from './mcp-result.ts'
import { McpSession, type McpStatus } from './mcp-session.ts'
import { type McpServerConfig, type McpTarget, readTarget } from './mcp-target.ts'
import { McpToolList, type McpToolListOptions } from './mcp-tool-list.ts'
import type { Tool, ToolContext, ToolOutput } from './tool.ts'
import type { ClashPolicy } from './toolkit.ts'

export interface McpServerOptions extends McpToolListOptions {
  /** How long starting the server and shaking hands may take, in milliseconds. Default 60000. */
  connectTimeoutMs?: number
}

/** What tools can be kept in, for one a `Toolkit`. */
export interface McpToolkit {
  sync(group: string, tools: readonly Tool[], options?: { onClash?: ClashPolicy }): void
}

export interface AddToOptions {
  group?: string
  onClash?: ClashPolicy
  /** Stops waiting for the server. */
  signal?: AbortSignal
}

type Listener = (tools: readonly Tool[]) => void

/**
 * Describes an MCP server; nothing is started before `connect()`, `tools()` or `addTo()`.
 *
 * Needs the package `@modelcontextprotocol/sdk`. Close it, or write `await using server = mcpServer(...)`. Should that be
 * forgotten, a process does not keep the program alive and is ended with it; an open HTTP session does keep it alive.
 *
 * @throws ConfigError for a configuration that is none.
 */
export function mcpServer(config: McpServerConfig, options: McpServerOptions = {}): McpServer {
  return new McpServer(config, options)
}

/** One MCP server and its tools. Made by `mcpServer`, ended by `close()` or `await using`. AgentScope: `MCPSessionHandler`. */
export class McpServer implements AsyncDisposable {
  readonly name: string
  readonly #target: McpTarget
  readonly #options: McpServerOptions
  readonly #made: McpToolList
  readonly #listeners = new Set<Listener>()
  readonly #session: McpSession
  #listing: Promise<void> = Promise.resolve()
  #tools: readonly Tool[] = []

  constructor(config: McpServerConfig, options: McpServerOptions = {}) {
    this.#target = readTarget(config)
    this.#options = options
    this.name = this.#target.name
    this.#made = new McpToolList(this.name, options, (name, input, context) => this.#call(name, input, context))
    this.#session = new McpSession(this.#target, {
      connectTimeoutMs: options.connectTimeoutMs ?? 60_000,
      begin: (connection, signal) => this.#list(connection, signal),
      toolsChanged: (connection) => this.#listAgain(connection),
    })
  }

  get status(): McpStatus {
    return this.#session.status
  }

  /** Of the child process, while there is one. */
  get pid(): number | undefined {
    return this.#session.connection?.pid
  }

  /** What the server says about its use, once it is connected; meant for a system prompt. */
  get instructions(): string | undefined {
    return this.#session.connection?.instructions
  }

  /**
   * Starts or reaches the server and lists its tools; does nothing when that is done. The signal ends the waiting, not
   * the attempt, which others may wait for too.
   *
   * @throws ConfigError (the SDK or the program is missing), AuthError, ProviderError, AbortedError, and AgentScopeError
   * of type `timeout`.
   */
  async connect(signal?: AbortSignal): Promise<this> {
    await this.#session.open(signal)
    return this
  }

  /** The server's tools as they are now; connects when need be. They stay good when the connection is made anew. */
  async tools(signal?: AbortSignal): Promise<readonly Tool[]> {
    await this.#session.open(signal)
    await this.#listing
    return this.#tools
  }

  /** Hears of every new list of tools. Returns how to stop listening. */
  onToolsChanged(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Puts the tools into a toolkit and keeps them up to date there. `group`: by default the server's name. `onClash`: what
   * happens when a name is taken, by default what the toolkit says. Returns how to stop that; the tools stay where they
   * are.
   *
   * @throws ConfigError when a name is taken and nothing says what then.
   */
  async addTo(toolkit: McpToolkit, options: AddToOptions = {}): Promise<() => void> {
    const { group = this.name, signal, onClash } = options
    const clash = onClash === undefined ? {} : { onClash }
    toolkit.sync(group, await this.tools(signal), clash)
    return this.onToolsChanged((tools) => toolkit.sync(group, tools, clash))
  }

  /**
   * Ends the session, and the process: its input is closed, after 2 s it gets SIGTERM, after 4 s SIGKILL. Calls in flight
   * fail at once. A closed server stays closed.
   */
  close(): Promise<void> {
    return this.#session.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Without anything that could be a secret. */
  toJSON(): { name: string; status: McpStatus; tools: string[] } {
    return { name: this.name, status: this.status, tools: this.#tools.map(({ name }) => name) }
  }

  #listAgain(connection: McpConnection): void {
    const list = () => this.#list(connection, this.#session.ended)
    this.#listing = this.#listing.then(list).catch((error: Error) => {
      // A connection that is over takes its tools along; the next one lists them.
      if (!connection.isOver) warn(`The MCP server ${this.name} did not tell its new list of tools: ${error.message}`)
    })
  }

  async #list(connection: McpConnection, signal: AbortSignal): Promise<void> {
    const listed = connection.hasTools ? await connection.listTools(signal) : []
    const before = JSON.stringify(this.#tools.map(({ schema }) => schema))
    this.#tools = this.#made.from(redactJson(listed, this.#target.secrets))
    if (!this.#session.hasConnected || JSON.stringify(this.#tools.map(({ schema }) => schema)) === before) return
    for (const listener of this.#listeners) this.#tell(listener)
  }

  /** A listener that fails must not be why a call does. */
  #tell(listener: Listener): void {
    try {
      listener(this.#tools)
    } catch (error) {
      warn(`A listener for the tools of the MCP server ${this.name} failed: ${error}`)
    }
  }

  /** A call that met a session which is over was refused, not run: it is made once more, in a new session. */
  async #call(name: string, input: Fields, context: ToolContext, isSecond = false): Promise<ToolOutput> {
    const connection = await this.#session.open(context.signal)
    try {
      const result = await connection.request({
        method: 'tools/call',
        params: { name, arguments: input },
        doing: `calling ${name}`,
        signals: [context.signal, this.#session.ended],
        timeoutMs: this.#options.timeoutMs,
        onProgress: ({ progress, total, message = total === undefined ? `${progress}` : `${progress}/${total}` }) =>
          context.progress(redact(message, this.#target.secrets), { progress, ...(total !== undefined && { total }) }),
      })
      return outputOf(result, this.#target.secrets)
    } catch (error) {
      if (isSecond || !isSessionOver(error)) throw error
      this.#session.abandon(connection)
      return this.#call(name, input, context, true)
    }
  }
}

function warn(text: string): void {
  process.emitWarning(text, 'AgentScopeWarning')
}
