// What MCP servers promise, over both ways of reaching one: real servers, made with the protocol's own SDK.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type McpServer, mcpServer } from '../../src/tools/mcp.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { atOnce } from '../suites/at-once.ts'
import { call, calling, stdioServer, toolOf } from './mcp/calling.ts'
import { type HttpMcpServer, httpMcpServer } from './mcp/http.ts'

const key = 'canary-7c1f09'
let http: HttpMcpServer

beforeAll(async () => {
  http = await httpMcpServer(key)
})
afterAll(() => http[Symbol.asyncDispose]())

const ways: [string, () => McpServer][] = [
  ['stdio', () => mcpServer({ ...stdioServer, env: { PRINTER_TOKEN: key } })],
  ['streamable HTTP', () => mcpServer({ name: 'printer', url: http.url, headers: { 'x-key': key } })],
]

describe.each(ways)('an MCP server over %s', (_, open) => {
  test('lists the tools of all pages, with names that providers take', async () => {
    await using server = open()
    const names = (await server.tools()).map(({ name }) => name)
    expect(names).toHaveLength(16)
    expect(names).toEqual(expect.arrayContaining(['book', 'files_read', 'files_read_2', 'unreadable']))
    expect(await call(server, 'files_read')).toBe('the other')
    expect(await call(server, 'files_read_2')).toBe('read')
  })

  test('is called with nested arguments, which are checked first', async () => {
    await using server = open()
    const book = await toolOf(server, 'book')
    expect(book.schema).toMatchObject({ name: 'book', description: 'Books a trip.', parameters: { type: 'object' } })
    const input = { to: { city: 'Rom' }, days: [1, 2] }
    expect(await book.check(input)).toEqual({ ok: true, value: input })
    expect(await book.check({ to: { city: 'Rom' }, days: ['1'] })).toMatchObject({ issues: [{ path: ['days', 0] }] })
    expect(await book.run(input, calling().context)).toBe(JSON.stringify(input))
  })

  test('gives images as blocks, and structured content as JSON when there is no text', async () => {
    await using server = open()
    const url = expect.stringMatching(/^data:image\/png;base64,iVBOR/)
    expect(await call(server, 'picture')).toEqual([
      { type: 'text', text: 'A dot.' },
      { type: 'image', url, mimeType: 'image/png' },
    ])
    expect(await call(server, 'structured')).toBe('{"degrees":21}')
  })

  test('gives resources as text or files, and never follows a link to a file', async () => {
    await using server = open()
    const url = 'data:application/pdf;base64,JVBERi0='
    expect(await call(server, 'resources')).toEqual([
      { type: 'text', text: '[hosts](file:///etc/hosts) (text/plain)' },
      { type: 'text', text: 'a memo' },
      { type: 'file', url, mimeType: 'application/pdf', metadata: { uri: 'memo://2' } },
      { type: 'text', text: 'hello' },
    ])
  })

  test('throws what a tool reports as its error, without our key in it', async () => {
    await using server = open()
    await expect(call(server, 'fail')).rejects.toThrow(/^no paper for \[redacted\]$/)
    expect(await call(server, 'tell')).toBe('it was [redacted]')
  })

  test('hands on how a call was refused, and does not take a code of the tool for one of HTTP', async () => {
    await using server = open()
    const failure = {
      type: 'provider',
      code: 404,
      received: '{"page":7}',
      message: expect.stringContaining('no such page'),
    }
    await expect(call(server, 'refuse')).rejects.toMatchObject(failure)
    expect(server.status).toBe('connected')
  })

  test('hands on the progress of a call', async () => {
    await using server = open()
    const { context, told } = calling()
    expect(await (await toolOf(server, 'count')).run({}, context)).toBe('counted')
    expect(told).toEqual([1, 2, 3].map((progress) => ({ text: `${progress}/3`, details: { progress, total: 3 } })))
  })

  test('tells the server when a call is stopped, and does not wait for it', atOnce, async () => {
    await using server = open()
    const { context, stop, begun } = calling()
    const running = (await toolOf(server, 'wait')).run({}, context) as Promise<unknown>
    await begun
    stop.abort()
    const before = performance.now()
    await expect(running).rejects.toMatchObject({ type: 'aborted', message: 'Stopped while calling wait.' })
    expect(performance.now() - before).toBeLessThan(50)
    expect(await call(server, 'cancelled')).toBe('wait')
  })

  test('sends no cancellation for a call that is done, however late its signal fires', async () => {
    await using server = open()
    const { context, stop } = calling()
    await (await toolOf(server, 'count')).run({}, context)
    const before = http.requests.length
    stop.abort()
    expect(await call(server, 'structured')).toBe('{"degrees":21}')
    expect(http.requests.length - before).toBeLessThanOrEqual(1)
  })

  test('does not begin a call whose signal has fired already', async () => {
    await using server = open()
    const { context, stop } = calling()
    const book = await toolOf(server, 'book')
    stop.abort()
    await expect(book.run({}, context)).rejects.toMatchObject({ type: 'aborted' })
  })

  test('tells when the list of tools changes, and keeps a toolkit up to date', async () => {
    await using server = open()
    const toolkit = new Map<string, readonly Tool[]>()
    await server.addTo({ sync: (group, tools) => toolkit.set(group, tools) }, { group: 'office' })
    if (server.pid === undefined) await http.listening()
    const changed = new Promise<readonly Tool[]>((resolve) => server.onToolsChanged(resolve))
    await call(server, 'learn')
    expect((await changed).map(({ name }) => name)).toContain('learned')
    expect(toolkit.get('office')).toBe(await changed)
    expect(await call(server, 'learned')).toBe('I know')
  })

  test('fails a call in flight at once when it is closed, and every later one', async () => {
    await using server = open()
    const wait = await toolOf(server, 'wait')
    const { context, begun } = calling()
    const running = wait.run({}, context) as Promise<unknown>
    await begun
    const closing = server.close()
    await expect(running).rejects.toMatchObject({ type: 'aborted' })
    await closing
    await expect(wait.run({}, calling().context)).rejects.toThrow('The MCP server printer has been closed.')
    expect(server.status).toBe('closed')
  })
})

describe('the tools of an MCP server', () => {
  test('are those that were asked for, under a prefix', async () => {
    await using server = mcpServer(stdioServer, { include: ['book', 'files.read'], prefix: 'office.' })
    expect((await server.tools()).map(({ name }) => name)).toEqual(['office_book', 'office_files_read'])
    await using others = mcpServer(stdioServer, { exclude: ['book'] })
    expect((await others.tools()).map(({ name }) => name)).not.toContain('book')
  })

  test('that are asked for and not there are a warning', async () => {
    await using server = mcpServer(stdioServer, { include: ['bok', 'book'] })
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    expect(await server.tools()).toHaveLength(1)
    expect((await warned).message).toBe('The MCP server printer has no tool bok to include or exclude.')
  })

  test('may run side by side where the server says that they only read', async () => {
    await using server = mcpServer(stdioServer)
    expect((await toolOf(server, 'files_read_2')).concurrent).toBe(true)
    expect((await toolOf(server, 'book')).concurrent).toBe(false)
  })

  test('can need approval by what they are and what they are given', async () => {
    const approval = (input: unknown, { annotations }: { annotations: object }) =>
      !('readOnlyHint' in annotations) && JSON.stringify(input).includes('Rom')
    await using server = mcpServer(stdioServer, { approval, timeoutMs: 500 })
    const book = await toolOf(server, 'book')
    expect([book.needsApproval({ to: 'Rom' }), book.needsApproval({}), book.timeoutMs]).toEqual([true, false, 500])
    expect((await toolOf(server, 'files_read_2')).needsApproval({ to: 'Rom' })).toBe(false)
  })

  test('run unchecked, with a warning, when their schema cannot be read', async () => {
    await using server = mcpServer(stdioServer)
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    const tool = await toolOf(server, 'unreadable')
    expect(await tool.check({ a: 1 })).toEqual({ ok: true, value: { a: 1 } })
    expect((await warned).message).toContain('The input of the MCP tool unreadable is not checked here')
    expect(await tool.run({ a: 1 }, calling().context)).toBe('ran')
  })
})
