// MCP servers from the JSON that other programs use too: { "mcpServers": { "<name>": { "command": ... } } }.
import { ConfigError } from '../core/error.ts'
import { type Fields, isFields, kindOf, wordOrKind } from '../core/kind.ts'
import { type McpServer, type McpServerOptions, mcpServer } from './mcp.ts'
import type { McpServerConfig } from './mcp-target.ts'
import { expandVariables } from './mcp-variables.ts'

/** One entry of `mcpServers`. Entries with `disabled: true` are left out. */
export interface McpServerEntry {
  type?: 'stdio' | 'http' | 'sse' | 'streamable_http' | 'streamable-http' | 'streamableHttp'
  command?: string
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
  cwd?: string
  url?: string
  headers?: Readonly<Record<string, string>>
  disabled?: boolean
}

/** The JSON that other programs use too. AgentScope: `server_configs` of `add_mcp_servers`. */
export interface McpServersConfig {
  mcpServers: Readonly<Record<string, McpServerEntry>>
}

/**
 * Servers from AgentScope's `add_mcp_servers` form, given as a value or as the path of a JSON file; nothing is started
 * yet. In every string `${NAME}` stands for the environment variable, `${NAME:-text}` for the text when it is not set.
 * `options` hold for each of the servers.
 *
 * @throws ConfigError that names the file, the server and the field, or the variable that is not set; never a value.
 */
export async function mcpServers(
  config: string | URL | McpServersConfig,
  options: McpServerOptions = {},
): Promise<McpServer[]> {
  const isPath = typeof config === 'string' || config instanceof URL
  const place = isPath ? pathText(config) : 'mcpServers()'
  const value: unknown = isPath ? await readJson(config, place) : config
  const entries = isFields(value) ? value['mcpServers'] : undefined
  if (!isFields(entries)) {
    throw new ConfigError(`${place}: expected { "mcpServers": { ... } }, got ${kindOf(value)} without it.`, {
      advice: 'Write { "mcpServers": { "files": { "command": "npx", "args": ["..."] } } }.',
    })
  }
  return Object.entries(entries)
    .filter(([, entry]) => !isFields(entry) || entry['disabled'] !== true)
    .map(([name, entry]) => mcpServer(serverConfig(name, entry, `${place}: mcpServers.${name}`), options))
}

const httpTypes = ['http', 'streamable_http', 'streamable-http', 'streamableHttp']

function serverConfig(name: string, entry: unknown, place: string): McpServerConfig {
  if (!isFields(entry)) throw new ConfigError(`${place} must be an object, got ${kindOf(entry)}.`)
  const { type, command, args, env, cwd, url, headers } = expandVariables(entry, place) as Fields
  const known = type === undefined || type === 'stdio' || type === 'sse' || httpTypes.includes(String(type))
  if (!known) {
    throw new ConfigError(`${place}.type is ${wordOrKind(type)}.`, {
      advice: `Use stdio, sse or ${httpTypes.join(', ')}.`,
    })
  }
  if (command === undefined && url === undefined) {
    throw new ConfigError(`${place} has neither a command nor a url.`, { advice: 'Give one of them.' })
  }
  const given = command === undefined ? { url, headers, type: httpType(type) } : { command, args, env, cwd }
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  // Whatever the fields hold is checked by mcpServer.
  return { name, ...Object.fromEntries(set) } as unknown as McpServerConfig
}

function httpType(type: unknown): 'http' | 'sse' | undefined {
  if (type === 'sse') return 'sse'
  return httpTypes.includes(String(type)) ? 'http' : undefined
}

function pathText(path: string | URL): string {
  if (path instanceof URL) return path.pathname
  if (path.trim() !== '' && !/^\s*[{[]|[\n\r\0]/.test(path)) return path
  throw new ConfigError(`mcpServers(): expected the path of a JSON file, got ${kindOf(path)} that is no path.`, {
    advice: 'JSON text is given with JSON.parse(text), a file by its path.',
  })
}

async function readJson(path: string | URL, place: string): Promise<unknown> {
  const { readFile } = await import('node:fs/promises')
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${cause.code})`
    throw new ConfigError(`${place}: ${what}.`, { advice: 'A relative path begins at the working directory.', cause })
  })
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    // The platform's message is left out: it quotes the file, keys and all.
    const at = /line (\d+) column (\d+)/.exec(String(error))
    throw new ConfigError(`${place}${at === null ? '' : `:${at[1]}:${at[2]}`}: the file is not JSON.`)
  }
}
