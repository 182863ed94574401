// Lesson 4: tools from an MCP server. Here it is a program that the example starts; an address works the same way.
import { fileURLToPath } from 'node:url'
import { init, Msg, mcpServers, OpenAIChatWrapper, ReActAgent, Toolkit } from 'agentscope'

await init()

// The same JSON that other programs read; `mcpServers('./mcp.json')` takes it from a file. A server over HTTP has
// `{ url, headers }`, and `${NAME}` stands for an environment variable, so that no token stands in the file.
const [shop] = await mcpServers({
  mcpServers: {
    shop: { command: process.execPath, args: [fileURLToPath(new URL('./servers/shop.ts', import.meta.url))] },
  },
})
if (shop === undefined) throw new Error('There is no shop.')

// Closed at the end of the program, whatever happens: no server is left running.
await using server = shop
const toolkit = new Toolkit()
// This starts the server and asks what it can do. When its tools change, the toolkit follows.
await server.addTo(toolkit)
console.log(`${server.name} is ${server.status}, and offers ${toolkit.names.join(', ')}.\n`)

const friday = new ReActAgent({
  name: 'Friday',
  sysPrompt: 'You are Friday. You do the shopping. Look before you buy.',
  model: new OpenAIChatWrapper({ modelName: 'gpt-5-mini', stream: true }),
  toolkit,
})
await friday.call(new Msg('You', 'Is there bread in stock? Then order 2 of it.', 'user'))
// This one cannot be done. The tool says so, and the agent tells you instead of falling over.
await friday.call(new Msg('You', 'Now order 5 pears.', 'user'))
console.log(`---\nFriday remembers ${friday.memory?.get().length} messages.`)
