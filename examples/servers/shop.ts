// An MCP server of a small shop, over stdio: lesson 4 starts it. Any other MCP server is used in the same way.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const stock: Record<string, number> = { apples: 12, pears: 0, bread: 3 }
const server = new McpServer({ name: 'shop', version: '1.0.0' })

server.registerTool(
  'stock',
  {
    description: 'Tells how many of something the shop has.',
    inputSchema: { item: z.enum(['apples', 'pears', 'bread']) },
  },
  ({ item }) => ({ content: [{ type: 'text', text: `There are ${stock[item]} ${item} in the shop.` }] }),
)

server.registerTool(
  'order',
  {
    description: 'Orders something from the shop.',
    inputSchema: { item: z.enum(['apples', 'pears', 'bread']), count: z.number().int().positive() },
  },
  ({ item, count }) => {
    const left = (stock[item] ?? 0) - count
    // An error is a result too: the model reads it and can do something about it.
    if (left < 0) return { isError: true, content: [{ type: 'text', text: `There are not enough ${item}.` }] }
    stock[item] = left
    return { content: [{ type: 'text', text: `Ordered ${count} ${item}; ${left} are left.` }] }
  },
)

// stdout belongs to the protocol; whatever is to be seen by people goes to stderr.
await server.connect(new StdioServerTransport())
