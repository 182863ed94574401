// Which of an MCP server's tools are wanted, and what they are called here.
import { McpToolNames } from './mcp-names.ts'
import { type McpCaller, type McpToolOptions, mcpTool, toolInfo } from './mcp-tool.ts'
import type { Tool } from './tool.ts'

export interface McpToolListOptions extends McpToolOptions {
  /** Only these, by the server's own names. Default: all. AgentScope: `enable_funcs`. */
  include?: readonly string[]
  /** Not these. AgentScope: `disable_funcs`. */
  exclude?: readonly string[]
  /** Put before every tool's name, for servers whose names clash. */
  prefix?: string
}

/** Makes our tools from a server's lists, the same name for the same tool every time. */
export class McpToolList {
  readonly #server: string
  readonly #options: McpToolListOptions
  readonly #names: McpToolNames
  readonly #call: McpCaller
  readonly #missed = new Set<string>()

  constructor(server: string, options: McpToolListOptions, call: McpCaller) {
    this.#server = server
    this.#options = options
    this.#names = new McpToolNames(options.prefix)
    this.#call = call
  }

  /** Entries without a name are left out. */
  from(listed: readonly unknown[]): Tool[] {
    const { include, exclude } = this.#options
    const all = listed.map(toolInfo).filter((each) => each !== undefined)
    this.#warnOfMissing(new Set(all.map(({ name }) => name)))
    const wanted = all.filter(({ name }) => (include?.includes(name) ?? true) && !exclude?.includes(name))
    this.#names.name(wanted.map(({ name }) => name))
    return wanted.map((info) => mcpTool(info, this.#names.of(info.name), this.#options, this.#call))
  }

  /** A name that is written wrong would hide a tool, or leave it where it must not be. Once for each. */
  #warnOfMissing(offered: ReadonlySet<string>): void {
    const { include = [], exclude = [] } = this.#options
    for (const name of [...include, ...exclude]) {
      if (offered.has(name) || this.#missed.has(name)) continue
      this.#missed.add(name)
      process.emitWarning(
        `The MCP server ${this.#server} has no tool ${name} to include or exclude.`,
        'AgentScopeWarning',
      )
    }
  }
}
