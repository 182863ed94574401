// MCP servers in programs of their own: one that forgets to close, and one without the SDK.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const source = resolve(import.meta.dirname, '../../src/tools/mcp.ts')
const stdio = resolve(import.meta.dirname, 'mcp/stdio.ts')

const program = (env: object) => `
import { mcpServer } from ${JSON.stringify(source)}
const place = { name: 'printer', command: process.execPath, args: [${JSON.stringify(stdio)}], env: ${JSON.stringify(env)} }
const server = mcpServer(place)
const tools = await server.tools()
console.log(JSON.stringify({ pid: server.pid, tools: tools.length }))
`

async function run(code: string): Promise<string> {
  const args = ['--input-type=module', '--eval', code]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 })
  return stdout
}

describe('a program that uses an MCP server', () => {
  test('ends, and the server with it, when it forgets to close it', async () => {
    const { pid, tools } = JSON.parse(await run(program({})))
    expect(tools).toBeGreaterThan(0)
    await gone(pid)
  })

  test('is told what to install when the SDK is missing', async () => {
    const hide = `
      import { registerHooks } from 'node:module'
      const elsewhere = (name) => (name.startsWith('@modelcontextprotocol/') ? { parentURL: 'file:///nowhere/x.js' } : {})
      registerHooks({ resolve: (name, context, next) => next(name, { ...context, ...elsewhere(name) }) })
      const { mcpServer } = await import(${JSON.stringify(source)})
      const error = await mcpServer({ name: 'a', command: 'node' }).connect().catch((reason) => reason)
      console.log(JSON.stringify(error))`
    expect(JSON.parse(await run(hide))).toMatchObject({
      type: 'config',
      message: 'MCP servers need the package @modelcontextprotocol/sdk, which is not installed.',
      advice: 'npm install @modelcontextprotocol/sdk',
    })
  })
})

/** Its parent is gone, so nothing tells when it ends; it is looked for until it is not found. */
async function gone(pid: number): Promise<void> {
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`the process ${pid} is still there`)
}
