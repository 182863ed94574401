// MCP servers of the older kind, over SSE.
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { mcpServer } from '../../src/tools/mcp.ts'
import { call, calling, toolOf } from './mcp/calling.ts'
import { sseMcpServer } from './mcp/sse.ts'

const headers = { 'x-key': 'canary-7c1f09' }

describe('an MCP server over SSE', () => {
  test('is found out by itself when streamable HTTP is refused', async () => {
    await using sse = await sseMcpServer(headers['x-key'])
    await using server = mcpServer({ name: 'old', url: sse.url, headers })
    expect(await call(server, 'structured')).toBe('{"degrees":21}')
  })

  test('tells progress, and hears that a call is stopped', async () => {
    await using sse = await sseMcpServer(headers['x-key'])
    await using server = mcpServer({ name: 'old', url: sse.url, headers, type: 'sse' })
    const { context, stop, begun, told } = calling()
    const running = (await toolOf(server, 'wait')).run({}, context) as Promise<unknown>
    await begun
    stop.abort()
    await expect(running).rejects.toMatchObject({ type: 'aborted' })
    expect(told).toEqual([{ text: 'waiting', details: { progress: 0 } }])
    expect(await call(server, 'cancelled')).toBe('wait')
  })

  test('fails the call in flight when its stream breaks, and is connected again by the next', async () => {
    await using sse = await sseMcpServer(headers['x-key'])
    await using server = mcpServer({ name: 'old', url: sse.url, headers, type: 'sse' })
    const { context, begun } = calling()
    const running = (await toolOf(server, 'wait')).run({}, context) as Promise<unknown>
    await begun
    sse.breakConnections()
    await expect(running).rejects.toThrow('went away while calling wait')
    expect(await call(server, 'structured')).toBe('{"degrees":21}')
  })

  test('that does not take the key gives an AuthError, which shows no header', async () => {
    await using sse = await sseMcpServer('another')
    await using server = mcpServer({ name: 'old', url: sse.url, headers, type: 'sse' })
    const error = await server.connect().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ type: 'auth', status: 401 })
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain(headers['x-key'])
  })
})
