// MCP servers that die, forget, refuse or are closed: what a call in flight hears, and that the next one works.
import { inspect } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mcpServer } from '../../src/tools/mcp.ts'
import { wireServer } from '../suites/wire-server.ts'
import { call, calling, stdioServer, toolOf } from './mcp/calling.ts'
import { httpMcpServer } from './mcp/http.ts'

const key = 'canary-7c1f09'

describe('an MCP server that is a process', () => {
  test('fails the call in flight when it is killed, and is started again by the next', async () => {
    await using server = mcpServer(stdioServer)
    const wait = await toolOf(server, 'wait')
    const first = server.pid as number
    const { context, begun } = calling()
    const running = wait.run({}, context) as Promise<unknown>
    await begun
    process.kill(first, 'SIGKILL')
    await expect(running).rejects.toMatchObject({ type: 'provider', retryable: true })
    await expect(running).rejects.toThrow('went away while calling wait; that may or may not be done')
    expect(server.status).toBe('lost')
    expect(await call(server, 'structured')).toBe('{"degrees":21}')
    expect(server.status).toBe('connected')
    expect(server.pid).not.toBe(first)
  })

  test('says its last words in the error, without our token', async () => {
    await using server = mcpServer({ ...stdioServer, env: { PRINTER_TOKEN: key } })
    const error = await call(server, 'die').catch((reason: unknown) => reason)
    expect(String(error)).toContain('Its last words: out of paper [redacted]')
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain(key)
  })

  test('that is no program is a mistake of the configuration', async () => {
    await using server = mcpServer({ name: 'ghost', command: 'no-such-program' })
    await expect(server.connect()).rejects.toMatchObject({ type: 'config', code: 'ENOENT' })
    expect(server.status).toBe('idle')
  })

  test('that ends before it has shaken hands says so', async () => {
    const args = ['-e', 'console.error("no licence"); process.exit(1)']
    await using server = mcpServer({ name: 'ghost', command: process.execPath, args })
    await expect(server.tools()).rejects.toThrow('went away while connecting. Its last')
  })

  test('that never shakes hands is given up after connectTimeoutMs', async () => {
    const args = ['-e', 'setInterval(() => {}, 1000)']
    await using server = mcpServer({ name: 'mute', command: process.execPath, args }, { connectTimeoutMs: 300 })
    await expect(server.tools()).rejects.toMatchObject({ type: 'timeout' })
  })

  test('leaves nothing behind when it is closed, even if it does not want to end', async () => {
    const server = mcpServer({ ...stdioServer, env: { STUBBORN: '1' } })
    await server.connect()
    const pid = server.pid as number
    expect(isAlive(pid)).toBe(true)
    await server.close()
    expect(isAlive(pid)).toBe(false)
  })
})

describe('an MCP server that does not answer', () => {
  afterEach(() => vi.useRealTimers())

  test('has a minute from its last progress on, and is told that the call is over then', async () => {
    await using server = mcpServer(stdioServer)
    const wait = await toolOf(server, 'wait')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { context, begun } = calling()
    const running = wait.run({}, context) as Promise<unknown>
    await begun
    vi.advanceTimersByTime(60_000)
    vi.useRealTimers()
    await expect(running).rejects.toMatchObject({ type: 'timeout', retryable: true })
    expect(await call(server, 'cancelled')).toBe('wait')
  })
})

describe('an MCP server over HTTP', () => {
  test('that does not take the key gives an AuthError, which shows no header', async () => {
    await using http = await httpMcpServer('another')
    await using server = mcpServer({ name: 'printer', url: `${http.url}?token=${key}`, headers: { 'x-key': key } })
    const error = await server.connect().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ type: 'auth', status: 401, provider: 'printer' })
    expect(inspect([error, server], { depth: 9, showHidden: true }) + JSON.stringify([error, server])).not.toContain(
      key,
    )
  })

  test('gets the key with every request', async () => {
    await using http = await httpMcpServer(key)
    await using server = mcpServer({ name: 'printer', url: http.url, headers: { 'x-key': key } })
    await call(server, 'count')
    await http.listening()
    await server.close()
    expect(new Set(http.requests.map(({ method }) => method))).toEqual(new Set(['POST', 'GET', 'DELETE']))
    expect(http.requests.every((request) => request.key === key)).toBe(true)
    expect(http.sessions.size).toBe(0)
  })

  test('that has forgotten the session gets a new one, and the call is made in it', async () => {
    await using http = await httpMcpServer(key)
    await using server = mcpServer({ name: 'printer', url: http.url, headers: { 'x-key': key } })
    await server.connect()
    const [before] = http.sessions.keys()
    http.forget()
    expect(await call(server, 'structured')).toBe('{"degrees":21}')
    expect([...http.sessions.keys()]).not.toContain(before)
  })

  test('fails the call in flight at once when the connection breaks', async () => {
    await using http = await httpMcpServer(key)
    await using server = mcpServer({ name: 'printer', url: http.url, headers: { 'x-key': key } })
    const { context, begun } = calling()
    const running = (await toolOf(server, 'wait')).run({}, context) as Promise<unknown>
    await begun
    http.breakConnections()
    await expect(running).rejects.toThrow('went away while calling wait; that may or may not be done')
    expect(await call(server, 'structured')).toBe('{"degrees":21}')
  })

  test('that is not running fails the call after a few tries, and is found again when it runs', async () => {
    const http = await httpMcpServer(key)
    await using server = mcpServer({ name: 'printer', url: http.url, headers: { 'x-key': key } })
    const structured = await toolOf(server, 'structured')
    await http[Symbol.asyncDispose]()
    // This one may still find a connection that is just being closed; then nobody knows whether it was run.
    await expect(structured.run({}, calling().context)).rejects.toMatchObject({ type: 'provider', retryable: true })
    await expect(structured.run({}, calling().context)).rejects.toMatchObject({ code: 'ECONNREFUSED', retryable: true })
    expect(server.status).toBe('lost')
    await using again = await httpMcpServer(key, Number(new URL(http.url).port))
    expect(await structured.run({}, calling().context)).toBe('{"degrees":21}')
    expect(again.sessions.size).toBe(1)
  })

  test('keeps no answer open for a call that was stopped', async () => {
    await using http = await httpMcpServer(key)
    await using server = mcpServer({ name: 'printer', url: http.url, headers: { 'x-key': key } })
    const { context, stop, begun } = calling()
    const running = (await toolOf(server, 'wait')).run({}, context) as Promise<unknown>
    await begun
    stop.abort()
    await expect(running).rejects.toMatchObject({ type: 'aborted' })
    await http.idle()
    expect(server.status).toBe('connected')
  })

  test('that fails says how, without our key that it repeats', async () => {
    await using http = await wireServer({ status: 500, contentType: 'text/plain', body: `no paper for ${key}` })
    let asked = 0
    const counting = (url: string | URL, init?: RequestInit) =>
      fetch(url, init).finally(() => {
        asked += 1
      })
    const authorization = `Bearer ${key}`
    await using server = mcpServer({ name: 'printer', url: http.url, headers: { authorization }, fetch: counting })
    await expect(server.connect()).rejects.toMatchObject({ type: 'provider', status: 500, retryable: true })
    await expect(server.connect()).rejects.toThrow(/HTTP 500 while connecting: .* no paper for \[redacted\]$/)
    expect([asked, http.received[0]?.headers.authorization]).toEqual([2, authorization])
  })

  test('that is not there says where it was looked for', async () => {
    const http = await httpMcpServer(key)
    await http[Symbol.asyncDispose]()
    await using server = mcpServer({ name: 'printer', url: http.url, headers: { 'x-key': key } })
    await expect(server.connect()).rejects.toMatchObject({ type: 'provider', code: 'ECONNREFUSED' })
    await expect(server.connect()).rejects.toThrow(http.url)
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
