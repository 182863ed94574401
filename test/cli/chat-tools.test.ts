// A chat with tools: from a file, from MCP servers, with and without somebody to ask.
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { folder, remover, weather } from './files.ts'
import { endAll, run } from './run.ts'

afterEach(endAll)

async function chat(input: string, ...args: string[]): Promise<[number | null, string]> {
  const running = run(['chat', '-m', 'simulator/openai', ...args])
  running.type(input)
  running.end()
  return [await running.exit, running.text]
}

const toolkit = `import { Toolkit, tool } from 'agentscope'
const kit = new Toolkit()
kit.createGroup('math', { description: 'Numbers.' })
kit.add(tool({ name: 'add', description: 'Adds.', run: () => '3' }), { group: 'math' })
export { kit }
`

describe('tools from a file', () => {
  it('are TypeScript, find the package wherever they lie, and run', async () => {
    using files = folder({ 'tools.ts': weather })
    const [exit, text] = await chat('weather in Rome and Oslo?\n', '--tools', files.path('tools.ts'))
    expect(text).toContain('→ weather({"city":"Rome"})\nAssistant → weather({"city":"Oslo"})\n')
    expect(text).toContain('← weather: Rain in Rome\nAssistant ← weather: Rain in Oslo\n')
    expect(text).toMatch(/^Tools from .*tools\.ts: weather\.$/m)
    expect(exit).toBe(0)
  })

  it.each([
    ['a named export', 'export const one = tool({ name: "one", description: "", run: () => 1 })'],
    ['a list', 'export default [tool({ name: "one", description: "", run: () => 1 })]'],
    ['beside something else', 'export const n = 1; export default { name: "one", description: "", run: () => 1 }'],
  ])('may be %s', async (_, text) => {
    using files = folder({ 'tools.mjs': `import { tool } from 'agentscope/tools'\n${text}` })
    expect(await chat('/tools\n', '--tools', files.path('tools.mjs'))).toEqual([0, expect.stringMatching(/^ {2}one$/m)])
  })

  it('may be a toolkit, whose groups are switched from the chat', async () => {
    using files = folder({ 'kit.ts': toolkit })
    const [, text] = await chat('/tools\n/tools on math\n/tools on maths\n', '--tools', files.path('kit.ts'))
    expect(text).toContain('math (off): Numbers.\n    add\n')
    expect(text).toContain('math (on): Numbers.\n    add: Adds.\n')
    expect(text).toContain('There is no group of tools named "maths". Did you mean "math"?')
  })

  it.each([
    ['exports no tool', 'export const answer = 42', /x\.ts exports no tool \(only answer\)\.\nExport a tool/],
    ['exports nothing', 'const answer = 42', /x\.ts exports nothing\./],
    ['throws', '\nthrow new Error("mine")', /x\.ts:2:7 cannot be loaded: mine/],
    ['is no TypeScript', 'export const = ', /x\.ts.* cannot be loaded: /],
    [
      'has a list with something else in it',
      'export default [{ name: "a", run() {} }, 7]',
      /default: \[1\] is no tool/,
    ],
  ])('a file that %s is named, with what it must export', async (_, source, message) => {
    using files = folder({ 'x.ts': source })
    const [exit, text] = await chat('hello\n', '--tools', files.path('x.ts'))
    expect(text).toMatch(message)
    expect(exit).toBe(1)
  })
})

describe('without somebody to ask', () => {
  it('a tool that needs approval does not run, and the next line is no answer to that', async () => {
    using files = folder({ 'tools.ts': remover })
    const [exit, text] = await chat('remove notes.txt\nyes\n', '--tools', files.path('tools.ts'))
    expect(text).toMatch(/nobody is there to be asked; --allow-tools .* \[denied\]/)
    expect(text).not.toContain('← remove: removed')
    expect(text).toContain('User: yes\n')
    expect(exit).toBe(0)
  })

  it('--allow-tools lets it run', async () => {
    using files = folder({ 'tools.ts': remover })
    const [, text] = await chat('remove notes.txt\n', '--allow-tools', '--tools', files.path('tools.ts'))
    expect(text).toContain('← remove: removed')
  })
})

describe('MCP servers', () => {
  const server = { command: process.execPath, args: [resolve(import.meta.dirname, '../tools/mcp/stdio.ts')] }

  it('give their tools; one that fails is told and gone without; only those that read run unasked', async () => {
    const mcpServers = { printer: server, gone: { command: '/no/such/program' } }
    using files = folder({ 'mcp.json': JSON.stringify({ mcpServers }) })
    const [exit, text] = await chat('files read\nbook\n/tools\n', '--mcp', files.path('mcp.json'))
    expect(text).toMatch(/^MCP server printer: \d+ tools \(book, .*unreadable\)\.$/m)
    expect(text).toMatch(/^The MCP server gone cannot be started.* The chat goes on without it\.$/m)
    expect(text).toContain('← files_read_2: read\n')
    expect(text).toMatch(/← book: .*not allowed.* \[denied\]/)
    expect(text).toMatch(/^printer \(on\)\n {4}book: Books a trip\.$/m)
    expect(exit).toBe(0)
  })

  it('a file that is none is an error that names it', async () => {
    using files = folder({ 'mcp.json': '{}' })
    const [exit, text] = await chat('hello\n', '--mcp', files.path('mcp.json'))
    expect(text).toMatch(/mcp\.json: expected \{ "mcpServers"/)
    expect(exit).toBe(1)
  })
})
