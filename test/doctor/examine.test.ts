// The whole examination: all seven wires of the simulator, and servers that cannot be examined.
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { examine, requestsFor, type WireName } from '../../src/doctor/index.ts'
import { improvise, type Simulator, simulator } from '../../src/simulator/index.ts'
import { wireServer } from '../suites/wire-server.ts'
import { around, examined, hello, namesIn, opens } from './quirky-server.ts'

const canary = 'canary-key-0123456789'
const seven = ['openai', 'zhipuai', 'litellm', 'dashscope', 'gemini', 'ollama', 'anthropic'] as const

function simulated(): Promise<Simulator> {
  return simulator({ models: { m: improvise }, requireKey: canary })
}

test.each(seven)('the simulator is well on the wire %s', async (wire) => {
  await using sim = await simulated()
  const report = await examine(sim.baseUrl(wire), { wire, model: 'm', apiKey: canary })
  expect(report).toMatchObject({ verdict: 'fine', wire, model: 'm', leftOut: [] })
  expect(report.quirks.filter(({ level }) => level !== 'handled')).toEqual([])
  expect(report.facts).toContainEqual({ name: 'tools', value: 'called, arguments whole' })
  expect(JSON.stringify(report)).not.toContain(canary)
})

/** ZhipuAI cannot be told from others of OpenAI's wire; Ollama and Anthropic have one address here. */
const found: [WireName, WireName, string][] = [
  ['openai', 'openai', 'OpenAIChatWrapper'],
  ['zhipuai', 'openai', 'OpenAIChatWrapper'],
  ['litellm', 'litellm', 'LiteLLMChatWrapper'],
  ['dashscope', 'dashscope', 'DashScopeChatWrapper'],
  ['gemini', 'gemini', 'GeminiChatWrapper'],
  ['ollama', 'ollama', 'OllamaChatWrapper'],
]

test.each(found)('by asking, the address of %s is found to speak %s', async (address, wire, wrapper) => {
  await using sim = await simulated()
  const options = { model: 'm', apiKey: canary }
  const report = await examine(sim.baseUrl(address), options)
  expect(report).toMatchObject({ verdict: 'fine', wire, wrapper, baseUrl: sim.baseUrl(address) })
  expect(report.requests).toBeLessThanOrEqual(requestsFor(options))
  expect(sim.requests.length).toBe(report.requests)
})

test('an address without its version is completed', async () => {
  await using server = await wireServer(
    ...Array.from({ length: 4 }, () => ({
      status: 404,
      contentType: 'application/json',
      body: '{"detail":"Not Found"}',
    })),
    { status: 400, contentType: 'application/json', body: '{"error":{"message":"messages is required"}}' },
    { contentType: 'application/json', body: '{"data":[{"id":"m","max_model_len":8192}]}' },
    { body: around(hello) },
  )
  const report = await examine(server.url, { apiKeyVariable: 'KEY', apiKey: canary })
  expect(report).toMatchObject({ wire: 'openai', baseUrl: `${server.url}/v1`, model: 'm', contextLength: 8192 })
  expect(report.configuration).toMatchObject({ apiKeyVariable: 'KEY', options: { baseUrl: `${server.url}/v1` } })
})

test('stream_options that are refused are left out, and so says the configuration', async () => {
  const refusal = {
    status: 400,
    contentType: 'application/json',
    body: '{"error":{"message":"unknown field: stream_options"}}',
  }
  await using server = await wireServer({ contentType: 'application/json', body: '{"data":[{"id":"m"}]}' }, refusal, {
    body: around(hello),
  })
  const report = await examine(server.url, { wire: 'openai' })
  expect(namesIn(report)).toContain('stream-options-refused')
  expect(report.configuration?.options).toMatchObject({ generateArgs: { stream_options: null } })
  expect([server.received[1]?.body, server.received[2]?.body].map((body) => body?.['stream_options'])).toEqual([
    { include_usage: true },
    undefined,
  ])
})

test('a limit that is refused is left out, of every question', async () => {
  const refusal = {
    status: 400,
    contentType: 'application/json',
    body: '{"error":{"message":"use max_completion_tokens, not max_tokens"}}',
  }
  const list = { contentType: 'application/json', body: '{"data":[{"id":"m"}]}' }
  await using server = await wireServer(list, refusal, { body: around(hello) })
  const report = await examine(server.url, { wire: 'openai' })
  expect([report.verdict, namesIn(report).includes('max-tokens-refused')]).toEqual(['fine', true])
  expect(server.received.slice(2).filter(({ body }) => 'max_tokens' in body)).toEqual([])
})

test('no more requests are sent than are allowed, and what is left out is told', async () => {
  await using sim = await simulated()
  const report = await examine(sim.baseUrl('openai'), { wire: 'openai', model: 'm', apiKey: canary, maxRequests: 3 })
  expect([sim.requests.length, report.requests, report.verdict]).toEqual([3, 3, 'fine'])
  expect(report.leftOut).toEqual([
    'leaving a reply',
    'an answer that does not stream',
    'a wrong model',
    'a wrong key',
    'a bad request',
  ])
})

test('leaving a reply closes its connection', async () => {
  await using server = await wireServer(
    { contentType: 'application/json', body: '{"data":[{"id":"m"}]}' },
    { body: around(hello) },
    { body: around(hello) },
    { body: [opens, hello], end: 'open' },
    { body: around(hello) },
  )
  await examine(server.url, { wire: 'openai' })
  await server.received[3]?.closed
  expect(server.received.length).toBe(7)
})

test('compression is seen', async () => {
  await using sim = await simulator({ models: { m: improvise }, requireKey: false, compress: 'gzip' })
  const report = await examine(sim.baseUrl('openai'), { wire: 'openai', model: 'm' })
  expect(report.facts).toContainEqual({ name: 'compression', value: 'gzip' })
  expect(report.verdict).toBe('fine')
})

test('a server that is busy later on is not called unable', async () => {
  await using sim = await simulator({
    models: { m: [{ text: 'Hello.' }, { error: { status: 429, message: 'Slow down.' } }], '*': { text: 'Hello.' } },
    requireKey: false,
  })
  const report = await examine(sim.baseUrl('openai'), { wire: 'openai', model: 'm' })
  expect(report.leftOut).toEqual(['a tool call (429)', 'an answer that does not stream (429)'])
  expect([report.verdict, namesIn(report)]).toEqual(['fine', ['unknown-model-answers']])
})

test('a key that is refused leaves nothing to examine, and is not told', async () => {
  await using sim = await simulated()
  const report = await examine(sim.baseUrl('openai'), { wire: 'openai', model: 'm', apiKey: 'another-key-999999' })
  expect(report).toMatchObject({ verdict: 'unreachable', reason: expect.stringContaining('401') })
  expect(JSON.stringify(report)).not.toContain('another-key')
})

test('a server that sends the key back does not make it known', async () => {
  const body = JSON.stringify({ error: { message: `What is ${canary}?` } })
  const report = await examined({ status: 401, contentType: 'application/json', body }, { apiKey: canary })
  expect(report.verdict).toBe('unreachable')
  expect(JSON.stringify(report)).not.toContain(canary)
})

test.each<[string, WireName | undefined]>([
  ['by asking', undefined],
  ['by its wire', 'openai'],
])('a web page is no model, %s', async (_, wire) => {
  await using server = await wireServer({ contentType: 'text/html', body: '<html>Log in</html>' })
  const report = await examine(server.url, { wire, model: 'm' })
  expect(report).toMatchObject({ verdict: 'unreachable', reason: expect.stringContaining('web page') })
})

test('a server that never answers is given up by the clock', async () => {
  await using server = await wireServer(null)
  const report = await examine(server.url, { timeoutMs: 60 })
  expect(report).toMatchObject({ verdict: 'unreachable', requests: 1, reason: 'It did not answer within 0.06 s.' })
})

test('where nobody listens, nobody can be reached', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  await new Promise((resolve) => server.close(resolve))
  const report = await examine(`http://127.0.0.1:${port}`, {})
  expect(report).toMatchObject({ verdict: 'unreachable', reason: 'It cannot be reached (ECONNREFUSED).' })
})

test('an abort ends it with its reason', async () => {
  await using server = await wireServer(null)
  const stop = new AbortController()
  const examining = examine(server.url, { signal: stop.signal })
  await server.next()
  stop.abort(new Error('enough'))
  await expect(examining).rejects.toThrow('enough')
})
