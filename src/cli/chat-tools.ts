// What the agent of a chat may do: tools from files, and those of MCP servers.
import { AgentScopeError } from '../core/error.ts'
import { cleanLine } from '../terminal/sanitize.ts'
import { type McpServer, type McpToolInfo, mcpServers, type Tool, Toolkit, type ToolOptions } from '../tools/index.ts'
import { complain, describeError } from './command.ts'
import { loadTools } from './load-tools.ts'

export interface ChatToolsOptions {
  /** Paths of modules that export tools. */
  files: readonly string[]
  /** Path of a JSON file of MCP servers. */
  mcp?: string | undefined
}

export interface ChatTools {
  kit: Toolkit
  /** What was found, a line each. */
  news: string[]
  /** Ends the MCP servers. */
  close(): Promise<void>
}

/** A server that cannot be reached in this time is gone without. */
const connectTimeoutMs = 30_000

/**
 * Loads and connects everything. An MCP server that fails is told, and the others go on; its tools ask before they run,
 * unless it says that they only read.
 *
 * @throws UsageError and ConfigError as `loadTools` and `mcpServers` do.
 */
export async function openChatTools({ files, mcp }: ChatToolsOptions): Promise<ChatTools> {
  const { kit, news } = await toolsIn(files)
  const servers = mcp === undefined ? [] : await mcpServers(mcp, { approval: isNotReadOnly, connectTimeoutMs })
  const connected = await Promise.all(servers.map((server) => connect(server, kit)))
  return {
    kit,
    news: [...news, ...connected.filter((line) => line !== undefined)],
    close: async () => void (await Promise.allSettled(servers.map((server) => server.close()))),
  }
}

function isNotReadOnly(_input: unknown, { annotations }: McpToolInfo): boolean {
  return annotations['readOnlyHint'] !== true
}

async function toolsIn(files: readonly string[]): Promise<{ kit: Toolkit; news: string[] }> {
  let kit: Toolkit | undefined
  const tools: (Tool | ToolOptions)[] = []
  const news: string[] = []
  for (const file of files) {
    const loaded = await loadTools(file)
    if (loaded.kit !== undefined && kit !== undefined) {
      throw new AgentScopeError('config', `${file} exports a second Toolkit; only one can be used.`)
    }
    kit ??= loaded.kit
    tools.push(...loaded.tools)
    const names = [...(loaded.kit?.names ?? []), ...loaded.tools.map(({ name }) => name)]
    news.push(`Tools from ${file}: ${names.join(', ')}.`)
  }
  kit ??= new Toolkit()
  for (const each of tools) kit.add(each)
  return { kit, news }
}

async function connect(server: McpServer, kit: Toolkit): Promise<string | undefined> {
  try {
    await server.addTo({ sync: (group, tools) => void kit.sync(group, tools, { onClash: 'rename' }) })
    const { tools } = server.toJSON()
    const count = tools.length === 1 ? '1 tool' : `${tools.length} tools`
    return `MCP server ${cleanLine(server.name)}: ${count}${tools.length === 0 ? '' : ` (${cleanLine(tools.join(', '))})`}.`
  } catch (error) {
    complain(`${cleanLine(describeError(error))} The chat goes on without it.`)
    return undefined
  }
}
