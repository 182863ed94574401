// The fetch under which no MCP request waits for an answer that can no longer come.
import { describe, expect, test } from 'vitest'
import { answeringFetch } from '../../src/tools/mcp-answers.ts'
import { McpToolNames } from '../../src/tools/mcp-names.ts'
import { wireServer } from '../suites/wire-server.ts'

const request = (id: number) => ({ method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call' }) })
const answer = 'data: {"jsonrpc":"2.0","id":7,"result":{"content":[]}}\n\n'
const word = (rest: string) => `\n\ndata: {"jsonrpc":"2.0","id":7,${rest}}\n\n`
const closed = word('"error":{"code":-32000,"message":"Connection closed"}')

describe('the stream of an answer', () => {
  test('ends with a word that it was closed, for whoever still waits', async () => {
    await using server = await wireServer({ body: answer })
    const response = await answeringFetch(fetch)(server.url, request(7))
    expect(await response.text()).toBe(answer + closed)
  })

  test('ends with that word also when it breaks in the middle of an event', async () => {
    const opened = Promise.withResolvers<void>()
    await using server = await wireServer({ body: ['data: {"jso', 'n'], gate: () => opened.promise, end: 'destroy' })
    const response = await answeringFetch(fetch)(server.url, request(7))
    opened.resolve()
    expect(await response.text()).toMatch(/^data: \{"json?\n\ndata: .*Connection closed/)
  })

  test('is left to break as it does when its events have ids, so that it can be taken up again', async () => {
    const opened = Promise.withResolvers<void>()
    await using server = await wireServer({
      body: ['id', ': 1\ndata:\n\n', ''],
      gate: () => opened.promise,
      end: 'end',
    })
    const response = await answeringFetch(fetch)(server.url, request(7))
    opened.resolve()
    expect(await response.text()).toBe('id: 1\ndata:\n\n')
  })

  test('is closed when the request is cancelled, after the cancellation went out', async () => {
    await using server = await wireServer({ body: 'id: 1\ndata:\n\n', end: 'open' }, { contentType: 'text/plain' })
    const answering = answeringFetch(fetch)
    const response = await answering(server.url, request(7))
    const cancellation = { method: 'notifications/cancelled', params: { requestId: 7 } }
    await answering(server.url, { method: 'POST', body: JSON.stringify(cancellation) })
    expect(await response.text()).toBe(`id: 1\ndata:\n\n${word('"result":{}')}`)
    await server.received[0]?.closed
  })

  test('is left alone where it is none, and so is a request that fails', async () => {
    await using server = await wireServer({ contentType: 'application/json', body: '{}' })
    expect(await (await answeringFetch(fetch)(server.url, request(7))).text()).toBe('{}')
    const { url } = server
    await server[Symbol.asyncDispose]()
    await expect(answeringFetch(fetch)(url, request(7))).rejects.toThrow('fetch failed')
  })
})

describe('the names of MCP tools', () => {
  test('are cut, cleaned and numbered, and stay with their tools', () => {
    const names = new McpToolNames('a.')
    const long = 'x'.repeat(80)
    names.name(['b c', 'b_c', `${long}1`, `${long}2`])
    const given = ['b c', 'b_c', `${long}1`, `${long}2`].map((name) => names.of(name))
    expect(given).toEqual(['a_b_c', 'a_b_c_2', `a_${'x'.repeat(62)}`, `a_${'x'.repeat(60)}_2`])
    names.name(['b_c', 'b c', 'new'])
    expect([names.of('b_c'), names.of('b c'), names.of('new')]).toEqual(['a_b_c_2', 'a_b_c', 'a_new'])
  })

  test('leave those as they are that need no change, whoever comes first', () => {
    const names = new McpToolNames()
    names.name(['files.read', 'files_read'])
    expect([names.of('files_read'), names.of('files.read')]).toEqual(['files_read', 'files_read_2'])
  })
})
