// The test server as a process of its own. With STUBBORN set it ends only when it is killed.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { testServer } from './server.ts'

if (process.env['STUBBORN']) {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 60_000)
}
await testServer(process.env['PRINTER_TOKEN']).connect(new StdioServerTransport())
