// MCP servers from configurations: the JSON form, environment variables, and what is wrong with one.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mcpServer } from '../../src/tools/mcp.ts'
import { type McpServersConfig, mcpServers } from '../../src/tools/mcp-config.ts'
import type { McpServerConfig } from '../../src/tools/mcp-target.ts'
import { call, stdioServer } from './mcp/calling.ts'
import { httpMcpServer } from './mcp/http.ts'

const key = 'canary-7c1f09'
afterEach(() => vi.unstubAllEnvs())

async function configFile(text: string): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'agentscope-mcp-'))
  const path = join(folder, 'mcp.json')
  await writeFile(path, text)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

describe('mcpServers', () => {
  test('reads a JSON file, with variables of the environment filled in', async () => {
    vi.stubEnv('PRINTER_KEY', key)
    await using http = await httpMcpServer(key)
    const { command, args } = stdioServer
    const office = { type: 'streamable_http', url: http.url, headers: { 'x-key': '$' + '{PRINTER_KEY}' } }
    const printer = { command, args, env: { PRINTER_TOKEN: '$' + '{NOT_SET:-plain paper}' } }
    const config = { mcpServers: { office, printer, old: { command: 'x', disabled: true } } }
    await using file = await configFile(JSON.stringify(config))
    for (const place of [file.path, pathToFileURL(file.path)]) {
      const servers = await mcpServers(place, { include: ['structured'] })
      expect(servers.map(({ name }) => name)).toEqual(['office', 'printer'])
      for (const server of servers) expect(await call(server, 'structured')).toBe('{"degrees":21}')
      await Promise.all(servers.map((server) => server.close()))
    }
  })

  test('names the variable that is not set, and where it is needed', async () => {
    const config = { mcpServers: { office: { url: 'http://x', headers: { 'x-key': '$' + '{NOT_SET_ANYWHERE}' } } } }
    await expect(mcpServers(config)).rejects.toThrow(
      'mcpServers(): mcpServers.office.headers.x-key needs the environment variable NOT_SET_ANYWHERE, which is not set.',
    )
  })

  const wrong: [string, unknown, RegExp][] = [
    ['no servers', { servers: {} }, /expected \{ "mcpServers"/],
    ['a server that is text', { mcpServers: { a: key } }, /mcpServers\.a must be an object, got a string of 13/],
    ['a server without a place', { mcpServers: { a: {} } }, /mcpServers\.a has neither a command nor a url/],
    [
      'a type nobody knows',
      { mcpServers: { a: { type: 'pigeon', url: 'http://x' } } },
      /mcpServers\.a\.type is "pigeon"/,
    ],
    [
      'arguments that are text',
      { mcpServers: { a: { command: 'x', args: key } } },
      /args that are not a list of strings/,
    ],
    ['JSON in place of a path', `{"key":"${key}"}`, /expected the path of a JSON file/],
    ['a file that is not there', '/nowhere/mcp.json', /\/nowhere\/mcp\.json: there is no such file/],
  ]
  test.each(wrong)('refuses %s', async (_, config, message) => {
    const error = await mcpServers(config as McpServersConfig).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ type: 'config', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain(key)
  })

  test('says where a file is not JSON without quoting it', async () => {
    await using file = await configFile(`{\n  "key": "${key}",,\n}`)
    const error = (await mcpServers(file.path).catch((reason: unknown) => reason)) as Error
    expect(error.message).toMatch(/mcp\.json(:2:\d+)?: the file is not JSON\.$/)
  })
})

describe('mcpServer', () => {
  const wrong: [string, object, RegExp][] = [
    ['no name', { command: 'x' }, /needs a name/],
    ['no place', { name: 'a' }, /a has neither a command nor a url/],
    ['two places', { name: 'a', command: 'x', url: 'http://x.test' }, /a has both a command and a url/],
    ['an empty command', { name: 'a', command: '' }, /a has a command that is a string of 0 characters/],
    ['an address of another kind', { name: 'a', url: `ftp://${key}` }, /a has a url that is no http\(s\) address/],
    [
      'an address with a password',
      { name: 'a', url: `http://me:${key}@x` },
      /a has a url with a user or password in it/,
    ],
    ['a type it has no word for', { name: 'a', url: 'http://x', type: 'ws' }, /a type that is neither http nor sse/],
    ['a header that is no text', { name: 'a', url: 'http://x', headers: { k: 1 } }, /needs a string for headers\.k/],
    [
      'a header that cannot be sent',
      { name: 'a', url: 'http://x', headers: { k: `${key}\nx` } },
      /headers\.k, which cannot/,
    ],
  ]
  test.each(wrong)('refuses %s', (_, config, message) => {
    const open = () => mcpServer(config as McpServerConfig)
    expect(open).toThrow(message)
    expect(open).not.toThrow(key)
  })
})
