// `agentscope doctor` as a user runs it: what it prints, its exit codes, JSON, widths, and no key anywhere.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { improvise, simulator } from '../../src/simulator/index.ts'
import { around, chunk, opens } from '../doctor/quirky-server.ts'
import { wireServer } from '../suites/wire-server.ts'

const program = resolve(import.meta.dirname, '../../bin/agentscope.mjs')
const canary = 'canary-key-0123456789'

interface Ran {
  code: number | null
  out: string
  told: string
}

function doctor(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [program, 'doctor', ...args], {
    env: { PATH: process.env['PATH'] ?? '', OPENAI_API_KEY: 'environment-key-777777', ...env },
  })
  const ran: Ran = { code: null, out: '', told: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.told += text))
  return new Promise((done) => child.on('close', (code) => done({ ...ran, code })))
}

test('a healthy server: what was found, what to set, exit code 0, and no key', async () => {
  await using sim = await simulator({ models: { m: improvise }, requireKey: canary })
  const { code, out, told } = await doctor([sim.baseUrl('openai'), '-m', 'm', '--api-key-env', 'MY_KEY'], {
    MY_KEY: canary,
  })
  expect(told.replace(/\s+/g, ' ')).toContain('at most 19 requests, of which no more than 4 want an answer')
  expect(out).toContain('No quirks.')
  expect(out).toContain(`  baseUrl: '${sim.baseUrl('openai')}',\n  apiKey: process.env.MY_KEY,\n  stream: true,`)
  expect(out + told).not.toContain(canary)
  expect(code).toBe(0)
})

test('only the key that is named is sent', async () => {
  await using server = await wireServer({ status: 401, contentType: 'application/json', body: '{"error":"who?"}' })
  const { code } = await doctor([server.url, '--wire', 'openai', '-m', 'm'])
  expect(JSON.stringify(server.received.map(({ headers }) => headers))).not.toContain('environment-key')
  expect(code).toBe(2)
})

test('quirks that an option helps against: the option stands in the configuration, exit code 0', async () => {
  await using server = await wireServer({ body: around(chunk({ content: '<think>Hm.</think>Hello.' })) })
  const { code, out } = await doctor([server.url, '--wire', 'openai', '-m', 'm'])
  expect(out).toMatch(/! think-tags +reasoning between <think> tags/)
  expect(out).toContain('  thinkTags: true,')
  expect(code).toBe(0)
})

test('a quirk that nothing helps against: exit code 1, as JSON', async () => {
  await using server = await wireServer({ body: opens + chunk({ content: 'Hel' }) })
  const { code, out } = await doctor([server.url, '--wire', 'openai', '-m', 'm', '--json'])
  const report = JSON.parse(out)
  expect(report).toMatchObject({ verdict: 'problems', wire: 'openai', wrapper: 'OpenAIChatWrapper', model: 'm' })
  expect(report.quirks).toContainEqual(expect.objectContaining({ name: 'cut-off', level: 'problem' }))
  expect(code).toBe(1)
})

test('nobody there: exit code 2', async () => {
  const server = await wireServer(null)
  await server[Symbol.asyncDispose]()
  const { code, out } = await doctor([server.url])
  expect(out).toContain('It cannot be reached (ECONNREFUSED).')
  expect(code).toBe(2)
})

test.each<[string, string[], RegExp]>([
  ['no address', [], /Which address\?/],
  ['no URL', ['localhost'], /must begin with http/],
  ['an unknown wire', ['http://127.0.0.1:1', '--wire', 'morse'], /--wire needs one of openai/],
  ['no number', ['http://127.0.0.1:1', '--max-requests', '0'], /--max-requests needs/],
  ['a variable that is not set', ['http://127.0.0.1:1', '--api-key-env', 'NO_SUCH_KEY'], /is not set/],
])('%s is told, exit code 2', async (_, args, words) => {
  const { code, told } = await doctor(args)
  expect(told).toMatch(words)
  expect(code).toBe(2)
})

test.each([`http://user:${canary}@127.0.0.1:1`, `http://127.0.0.1:1/?key=${canary}`, `--api-key-env=${canary}`])(
  'a key in the command line is not shown again',
  async (given) => {
    const { code, out, told } = await doctor(['http://127.0.0.1:1', given].slice(given.startsWith('http') ? 1 : 0))
    expect([code, (out + told).includes(canary)]).toEqual([2, false])
  },
)

const refusals: [string, number, string, string[], RegExp][] = [
  [
    'no key',
    401,
    '{"error":{"message":"who are you?"}}',
    [],
    /The server wants a key \(401: who are you\?\)\.\n.*--api-key-env/,
  ],
  ['a wrong key', 401, '{"error":"go away"}', ['--api-key-env', 'MY_KEY'], /The key is refused \(401: go away\)\./],
  ['an error', 500, 'boom', [], /The server answers with an error \(500\)\./],
  ['empty bodies', 200, '', [], /with an empty body\./],
]

test.each(refusals)(
  'a server that answers everything with %s (%i): the reason is told, exit code 2',
  async (...given) => {
    const [, status, body, options, words] = given
    await using server = await wireServer({ status, contentType: 'application/json', body })
    const { code, out } = await doctor([server.url, ...options], { MY_KEY: canary })
    expect(out).toMatch(words)
    expect(out).not.toMatch(/lists no models|canary/)
    expect(code).toBe(2)
  },
)

test.each([
  ['1', /at most 1 request, which may want an answer of 512 tokens/],
  ['2', /at most 2 requests, of which no more than 2 want an answer/],
])('with --max-requests %s the plan counts no more than that', async (most, words) => {
  await using server = await wireServer({ status: 401, contentType: 'application/json', body: '{}' })
  const { told } = await doctor([server.url, '--max-requests', most])
  expect(told.replace(/\s+/g, ' ')).toMatch(words)
})
