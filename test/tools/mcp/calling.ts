// What a test needs to call a tool of an MCP server: the server's place, and a context whose signal and progress it holds.
import { resolve } from 'node:path'
import type { McpServer } from '../../../src/tools/mcp.ts'
import type { McpStdioConfig } from '../../../src/tools/mcp-target.ts'
import type { Tool, ToolContext, ToolOutput } from '../../../src/tools/tool.ts'

export const stdioServer: McpStdioConfig = {
  name: 'printer',
  command: process.execPath,
  args: [resolve(import.meta.dirname, 'stdio.ts')],
}

export async function toolOf(server: McpServer, name: string): Promise<Tool> {
  const tools = await server.tools()
  const found = tools.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no tool ${name} among ${tools.map((each) => each.name).join(', ')}`)
  return found
}

export interface Calling {
  context: ToolContext
  stop: AbortController
  told: { text: string; details?: Record<string, unknown> | undefined }[]
  /** Resolves when the tool has told something for the first time. */
  begun: Promise<void>
}

export function calling(name = 'tool'): Calling {
  const stop = new AbortController()
  const told: Calling['told'] = []
  const begun = Promise.withResolvers<void>()
  const context: ToolContext = {
    signal: stop.signal,
    call: { id: 'call_1', name, input: {}, rawInput: '{}' },
    progress(text, details) {
      told.push({ text, details })
      begun.resolve()
    },
  }
  return { context, stop, told, begun: begun.promise }
}

export async function call(server: McpServer, name: string, input: unknown = {}): Promise<ToolOutput> {
  return (await toolOf(server, name)).run(input, calling(name).context)
}
