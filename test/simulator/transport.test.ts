import { once } from 'node:events'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSimulator, type Script, type Simulator, simulator } from '../../src/simulator/index.ts'
import { atOnce } from '../suites/at-once.ts'
import { requestTo, saidIn, wireNames } from './ask.ts'

const hello: Script = { text: 'Hello! How can I assist you today? 你好🌍é' }
const now = () => new Date('2030-01-01T00:00:00Z')

test('it listens on the loopback interface and nowhere else', async () => {
  await using sim = await simulator({ models: { m: hello } })
  const { hostname, port } = new URL(sim.url)
  expect(hostname).toBe('127.0.0.1')
  const others = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  for (const { address } of others.filter((each) => !each.internal && each.family === 'IPv4')) {
    const socket = connect(Number(port), address)
    await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED')
  }
})

test('it tells each provider its base URL and takes a port of choice', async () => {
  await using sim = await simulator({ models: { m: hello } })
  const { port } = new URL(sim.url)
  const paths = ['/v1', '/api/v1', '/v1beta', '/api/paas/v4', '', '/litellm/v1', '']
  expect(wireNames.map((wire) => sim.baseUrl(wire))).toEqual(paths.map((path) => sim.url + path))
  await expect(simulator({ models: {}, port: Number(port) })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`)
})

/** A gate that tells when it is reached and waits to be opened. */
function turnstile() {
  const reached: PromiseWithResolvers<void>[] = []
  const opened: PromiseWithResolvers<void>[] = []
  const at = (list: PromiseWithResolvers<void>[], index: number) => {
    list[index] ??= Promise.withResolvers<void>()
    return list[index]
  }
  return {
    gate: ({ index }: { index: number }) => {
      at(reached, index).resolve()
      return at(opened, index).promise
    },
    reached: (index: number) => at(reached, index).promise,
    open: (index: number) => at(opened, index).resolve(),
  }
}

test.each(['socket', 'fetch'] as const)('by %s a delta can be read before the next one is sent', async (way) => {
  const { gate, reached, open } = turnstile()
  await using sim = await simulator({ models: { m: { text: ['one', 'two'], gate } } })
  const request = requestTo(sim, 'ollama')
  const response = await (way === 'fetch' ? sim.fetch(request) : fetch(request))
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  open(0)
  expect((await reader.read()).value).toContain('"one"')
  let hasCome = false
  const second = reader.read().finally(() => {
    hasCome = true
  })
  await reached(1)
  for (let turn = 0; turn < 20; turn++) await nextTurn()
  expect(hasCome).toBe(false)
  open(1)
  expect((await second).value).toContain('"two"')
  await reader.cancel()
})

test.each(wireNames)('%s loses nothing when its bytes are cut into ones', async (wire) => {
  const whole = createSimulator({ models: { m: hello }, now })
  await using cut = await simulator({ models: { m: hello }, now, pace: { bytes: 1 } })
  const bytes = await (await whole.fetch(requestTo(whole, wire))).bytes()
  expect(await (await fetch(requestTo(cut, wire))).bytes()).toEqual(bytes)
})

test('the pace cuts each write, even inside a character', async () => {
  const sim = createSimulator({ models: { m: { ...hello, pace: { bytes: 7 } } }, pace: { bytes: 100 } })
  const response = await sim.fetch(requestTo(sim, 'openai'))
  const sizes: number[] = []
  let hasHalves = false
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    sizes.push(chunk.length)
    hasHalves ||= new TextDecoder().decode(chunk).includes('\ufffd')
  }
  expect(Math.max(...sizes)).toBe(7)
  expect(hasHalves).toBe(true)
})

test('the pace waits between two writes', async () => {
  const sim = createSimulator({ models: { m: { text: ['a', 'b', 'c', 'd'] } }, pace: { everyMs: 20 } })
  const startedAt = performance.now()
  await (await sim.fetch(requestTo(sim, 'ollama'))).text()
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75)
})

test.each(['lf', 'crlf', 'cr'] as const)('the pace can end lines with %s', async (lineEnd) => {
  const sim = createSimulator({ models: { m: hello }, pace: { lineEnd } })
  const body = await (await sim.fetch(requestTo(sim, 'anthropic'))).text()
  const mark = { lf: '\n', crlf: '\r\n', cr: '\r' }[lineEnd]
  expect(body.replaceAll(mark, '')).not.toMatch(/[\r\n]/)
  expect(saidIn.anthropic(body).text).toBe(hello.text)
})

test('a client that leaves in the middle is noticed within 50 ms, and nothing more is made', atOnce, async () => {
  const made: number[] = []
  const gate = ({ index }: { index: number }) => void made.push(index)
  const text = Array.from({ length: 1000 }, (_, index) => `${index} `)
  await using sim = await simulator({ models: { m: { text, gate } }, pace: { everyMs: 5 } })
  const client = new AbortController()
  const response = await fetch(requestTo(sim, 'openai', {}, client.signal))
  const request = await sim.nextRequest()
  await response.body!.getReader().read()
  const leftAt = performance.now()
  client.abort()
  await request.closed
  expect(performance.now() - leftAt).toBeLessThan(50)
  expect(request.aborted).toBe(true)
  expect(made.length).toBeLessThan(1000)
})

test.each(['cancel', 'abort'] as const)('by fetch a %s ends the answer at once', async (way) => {
  const sim = createSimulator({ models: { m: { text: ['a', 'b'], end: 'silence' } } })
  const client = new AbortController()
  const response = await sim.fetch(requestTo(sim, 'openai', {}, client.signal))
  const reader = response.body!.getReader()
  await reader.read()
  if (way === 'cancel') await reader.cancel()
  else {
    client.abort()
    await expect(reader.read()).rejects.toThrow('aborted')
  }
  await sim.requests[0]!.closed
  expect(sim.requests[0]!.aborted).toBe(true)
})

test('by fetch nothing is made before it is read', async () => {
  const made: number[] = []
  const gate = ({ index }: { index: number }) => void made.push(index)
  const sim = createSimulator({ models: { m: { text: ['a', 'b', 'c', 'd'], gate } } })
  const response = await sim.fetch(requestTo(sim, 'ollama'))
  expect(made).toEqual([])
  const reader = response.body!.getReader()
  await reader.read()
  expect(made).toEqual([0])
  await reader.cancel()
})

/** Sends a request by hand and reads no more than the first bytes of the answer. */
async function deafClient(sim: Simulator) {
  const request = requestTo(sim, 'ollama')
  const body = await request.text()
  const { port, pathname, host } = new URL(request.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  await once(socket, 'readable')
  return socket
}

test('a client that does not read is not written to without a bound', async () => {
  const piece = 'x'.repeat(256 * 1024)
  const { promise: stuck, resolve } = Promise.withResolvers<void>()
  let made = 0
  // A full socket has no event that says so: it is full when no piece has been asked for in 300 ms. A pause that only
  // looks so ends the test early, with fewer pieces made: a busy machine cannot make it fail.
  const gate = () => {
    made += 1
    const before = made
    setTimeout(() => made === before && resolve(), 300)
  }
  await using sim = await simulator({ models: { m: { text: Array(256).fill(piece), gate } } })
  const socket = await deafClient(sim)
  await stuck
  expect(made * piece.length).toBeLessThan(16 * 1024 * 1024)
  socket.destroy()
  await sim.requests[0]!.closed
  expect(sim.requests[0]!.aborted).toBe(true)
})

test('gzip is flushed behind every event, for clients that accept it', async () => {
  const { gate, open } = turnstile()
  await using sim = await simulator({ models: { m: { text: ['one', 'two'], gate } }, compress: 'gzip' })
  const response = await fetch(requestTo(sim, 'ollama'))
  expect(response.headers.get('content-encoding')).toBe('gzip')
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  open(0)
  let text = ''
  while (!text.includes('"one"')) text += (await reader.read()).value
  open(1)
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value
  expect(saidIn.ollama(text)).toMatchObject({ text: 'onetwo', finish: 'stop' })
})

test('requests are kept without their secrets', async () => {
  const sim = createSimulator({ models: { m: hello } })
  for (const wire of wireNames) await (await sim.fetch(requestTo(sim, wire, { key: 'sk-canary-0001' }))).text()
  const byQuery = requestTo(sim, 'gemini').url.replace('?', '?key=sk-canary-0001&')
  await sim.fetch(byQuery, { method: 'POST', body: '{"contents":[]}' })
  expect(JSON.stringify(sim.requests)).not.toContain('canary')
  expect(sim.requests[0]).toMatchObject({
    number: 1,
    wire: 'openai',
    method: 'POST',
    path: '/v1/chat/completions',
    model: 'm',
    stream: true,
    body: { messages: [{ role: 'user', content: 'Hi!' }] },
    headers: { authorization: '[redacted]' },
    status: 200,
    aborted: false,
    closedAfterMs: expect.any(Number),
  })
})

test('nextRequest hands out each request once, in order, and waits for the next', async () => {
  const sim = createSimulator({ models: { m: hello, n: hello } })
  await sim.fetch(requestTo(sim, 'openai'))
  expect((await sim.nextRequest()).wire).toBe('openai')
  const waiting = sim.nextRequest()
  await sim.fetch(requestTo(sim, 'anthropic', { model: 'n' }))
  expect(await waiting).toMatchObject({ wire: 'anthropic', model: 'n' })
  const never = sim.nextRequest()
  await sim.close()
  await expect(never).rejects.toThrow('closed')
})

test('closing ends every answer and every connection', async () => {
  const sim = await simulator({ models: { m: { text: ['a'], end: 'silence' } } })
  const reader = (await fetch(requestTo(sim, 'openai'))).body!.getReader()
  const local = (await sim.fetch(requestTo(sim, 'openai'))).body!.getReader()
  await Promise.all([reader.read(), local.read()])
  await sim.close()
  await sim.close()
  const drain = async (each: typeof reader) => {
    while (!(await each.read()).done);
  }
  await expect(drain(reader)).rejects.toThrow('terminated')
  await expect(drain(local)).rejects.toThrow('terminated')
  await expect(fetch(requestTo(sim, 'openai'))).rejects.toThrow('fetch failed')
  await expect(sim.fetch(requestTo(sim, 'openai'))).rejects.toThrow('The simulator is closed.')
})

test('headers of a script win over the usual ones', async () => {
  const headers = { 'X-LiteLLM-Model-Id': 'mine', 'x-more': '1' }
  const sim = createSimulator({ models: { m: { text: 'a', headers } } })
  const response = await sim.fetch(requestTo(sim, 'litellm'))
  expect([response.headers.get('x-litellm-model-id'), response.headers.get('x-more')]).toEqual(['mine', '1'])
})
