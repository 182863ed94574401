// The tools of an MCP server in a toolkit, run as the calls of a model.
import { describe, expect, test } from 'vitest'
import type { ToolUseBlock } from '../../src/core/message.ts'
import { mcpServer } from '../../src/tools/mcp.ts'
import { runCalls } from '../../src/tools/run-calls.ts'
import { Toolkit } from '../../src/tools/toolkit.ts'
import { calling, stdioServer } from './mcp/calling.ts'

const use = (name: string, input: object = {}): ToolUseBlock => {
  return { type: 'tool_use', id: `call_${name}`, name, input, rawInput: JSON.stringify(input) }
}

function run(toolkit: Toolkit, calls: ToolUseBlock[], signal = new AbortController().signal) {
  const tool = (name: string) => toolkit.get(name)
  return runCalls(calls, { tool, known: toolkit.names, signal, emit: () => {}, message: { id: 'm', name: 'Friday' } })
}

describe('a toolkit with the tools of an MCP server', () => {
  test('runs them; what fails is a result that says so', async () => {
    await using server = mcpServer(stdioServer, { prefix: 'office_' })
    const toolkit = new Toolkit()
    await server.addTo(toolkit)
    expect(toolkit.groups).toMatchObject([{ name: 'printer', active: true }])
    const bad = { to: {}, days: [] }
    const results = await run(toolkit, [use('office_structured'), use('office_fail'), use('office_book', bad)])
    expect(results[0]).toMatchObject({ output: '{"degrees":21}' })
    expect(results[1]).toMatchObject({ isError: true, output: expect.stringContaining('no paper') })
    expect(results[2]).toMatchObject({ isError: true, output: expect.stringContaining('to: ') })
  })

  test('has the new ones when the list has changed', async () => {
    await using server = mcpServer(stdioServer)
    const toolkit = new Toolkit()
    await server.addTo(toolkit, { group: 'office' })
    const changed = new Promise((resolve) => server.onToolsChanged(resolve))
    await run(toolkit, [use('learn')])
    await changed
    expect(await run(toolkit, [use('learned')])).toMatchObject([{ output: 'I know' }])
  })

  test('ends a call by its time limit, and the server hears of it', async () => {
    await using server = mcpServer(stdioServer, { timeoutMs: 50 })
    const toolkit = new Toolkit()
    await server.addTo(toolkit)
    expect(await run(toolkit, [use('wait')])).toMatchObject([{ isError: true, metadata: { state: 'timed-out' } }])
    // Resolves once the server has seen the cancellation.
    const cancelled = server.tools().then((tools) => tools.find(({ name }) => name === 'cancelled'))
    expect(await (await cancelled)?.run({}, calling().context)).toBe('wait')
  })

  test('takes two servers with tools of the same names when it is told how', async () => {
    await using one = mcpServer(stdioServer)
    await using two = mcpServer({ ...stdioServer, name: 'second' })
    const toolkit = new Toolkit()
    await one.addTo(toolkit)
    await expect(two.addTo(toolkit)).rejects.toThrow('already')
    await two.addTo(toolkit, { onClash: 'rename' })
    expect(await run(toolkit, [use('structured_2')])).toMatchObject([{ output: '{"degrees":21}' }])
  })
})
