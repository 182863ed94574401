// An MCP server as a child process: its last words are kept, and it holds nobody up who forgot to close it.
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { fromSdk } from './mcp-sdk.ts'
import type { McpStdioConfig } from './mcp-target.ts'

/** What messages travel over. */
export interface McpLine {
  readonly transport: Transport
  /** What it wrote to its standard error lately. */
  lastWords(): string
  /** Tells the other side that it is over, where there is a way to say so. */
  goodbye(): Promise<void>
  /** Ends it, whatever state it is in. */
  close(): Promise<void>
}

const keptCharacters = 2000

/** The SDK's transport (which finds `npx` on Windows too); close() ends its input, then SIGTERM after 2 s, SIGKILL after 4 s. */
export async function stdioLine({ command, args = [], env = {}, cwd }: McpStdioConfig): Promise<McpLine> {
  const { StdioClientTransport } = await fromSdk(() => import('@modelcontextprotocol/sdk/client/stdio.js'))
  const place = { command, args: [...args], env: { ...env }, ...(cwd !== undefined && { cwd }) }
  const transport = new StdioClientTransport({ ...place, stderr: 'pipe' })
  let words = ''
  transport.stderr?.on('data', (chunk) => {
    words = (words + chunk).slice(-keptCharacters)
  })
  let child: ChildProcess | undefined
  const start = transport.start.bind(transport)
  transport.start = async () => {
    await start()
    child = letGo(transport)
  }
  return {
    transport,
    lastWords: () => words.trim(),
    goodbye: async () => {},
    close: async () => {
      // Whoever waits for the end is to see it, also when the program has nothing else left to do.
      if (child !== undefined) for (const each of [child, ...pipesOf(child)]) each.ref()
      await transport.close()
      if (child !== undefined) await ended(child)
    },
  }
}

/**
 * A waiting child must not keep a program alive that has nothing else to do; a request in flight does (by the SDK's
 * clock). The SDK does not show the process, so this reaches for it and does without when it is not there.
 */
function letGo(transport: object): ChildProcess | undefined {
  const child = Reflect.get(transport, '_process') as ChildProcess | undefined
  if (typeof child?.unref !== 'function') return undefined
  for (const each of [child, ...pipesOf(child)]) each.unref()
  if (running.size === 0) process.on('exit', endAll)
  running.add(child)
  child.once('close', () => {
    if (running.delete(child) && running.size === 0) process.off('exit', endAll)
  })
  return child
}

/** Sockets, whatever their type says. */
function pipesOf(child: ChildProcess): Socket[] {
  return [child.stdin, child.stdout, child.stderr].filter((pipe) => pipe !== null && 'ref' in pipe) as Socket[]
}

/** Children of connections that nobody closed: they go with the program. */
const running = new Set<ChildProcess>()

function endAll(): void {
  for (const child of running) child.kill('SIGTERM')
}

/** After SIGKILL the SDK does not wait, but whoever closed may want to know that it is over. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  await new Promise((resolve) => child.once('exit', resolve))
}
