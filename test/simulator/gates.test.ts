// Gates that throw, and signs of life while a gate holds or the silence lasts.
import { expect, test } from 'vitest'
import { createSimulator, type Script, type Simulator, simulator, type WireName } from '../../src/simulator/index.ts'
import { gate } from '../suites/gate.ts'
import { wrapperFor } from '../suites/wrappers.ts'
import { requestTo, saidIn, wireNames } from './ask.ts'

const ways = ['socket', 'fetch'] as const

function answerBy(way: (typeof ways)[number], sim: Simulator, wire: WireName, stream = true): Promise<Response> {
  const request = requestTo(sim, wire, { stream })
  return way === 'fetch' ? sim.fetch(request) : fetch(request)
}

type Reader = ReadableStreamDefaultReader<string>

function readerOf(response: Response): Reader {
  return response.body!.pipeThrough(new TextDecoderStream()).getReader()
}

/** Reads on until the pattern has come; the text read here, the rest is left. */
async function readUntil(reader: Reader, pattern: RegExp): Promise<string> {
  let text = ''
  while (!pattern.test(text)) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`The body ended without ${pattern}: ${text}`)
    text += value
  }
  return text
}

const wrong = new Error('this delta is not wanted')
const throwing = (at: number): Script => ({
  text: ['one', 'two'],
  gate: ({ index }) => {
    if (index === at) throw wrong
  },
})

test.each(ways)('by %s a gate that throws breaks the connection behind what was said before', async (way) => {
  const sim = await simulator({ models: { m: throwing(1) } })
  const reader = readerOf(await answerBy(way, sim, 'openai'))
  expect(await readUntil(reader, /"one"/)).not.toContain('two')
  await expect(reader.read()).rejects.toThrow('terminated')
  await sim.requests[0]!.closed
  expect(sim.requests[0]).toMatchObject({ status: 200, aborted: false, error: wrong })
  await expect(sim.close()).rejects.toBe(wrong)
  await sim.close()
})

test('a gate that throws is told by the end of `await using`, and the simulator is closed all the same', async () => {
  let url = ''
  const use = async () => {
    await using sim = await simulator({ models: { m: throwing(0) } })
    url = sim.url
    await expect((await answerBy('socket', sim, 'ollama')).text()).rejects.toThrow('terminated')
  }
  await expect(use()).rejects.toBe(wrong)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('a gate that rejects breaks a reply in one piece too', async () => {
  const sim = createSimulator({ models: { m: { text: 'one', gate: () => Promise.reject(wrong) } } })
  const response = await answerBy('fetch', sim, 'gemini', false)
  await expect(response.text()).rejects.toMatchObject({ message: 'terminated', cause: wrong })
  await expect(sim.close()).rejects.toBe(wrong)
})

test('a gate that still waits when the client leaves is no error', async () => {
  const held = gate()
  const sim = createSimulator({ models: { m: { text: ['one'], gate: () => held.opened } } })
  const reader = readerOf(await answerBy('fetch', sim, 'anthropic'))
  await reader.read()
  await reader.cancel()
  await sim.requests[0]!.closed
  expect(sim.requests[0]?.error).toBeUndefined()
  await sim.close()
})

/** Three signs of life in a row, as they stand on each wire. */
const pings: Record<WireName, RegExp> = {
  openai: /(: ping\n\n){3}/,
  litellm: /^(: ping\n\n){3}/,
  zhipuai: /^(: ping\n\n){3}/,
  dashscope: /^(: ping\n\n){3}/,
  gemini: /^(: ping\r\n\r\n){3}/,
  ollama: /^\n{3}/,
  anthropic: /(event: ping\ndata: \{"type":"ping"\}\n\n){3}/,
}

test.each(wireNames)('%s shows signs of life while a gate holds, and then goes on', async (wire) => {
  const held = gate()
  const script: Script = { text: ['one', 'two'], gate: () => held.opened, keepAlive: { everyMs: 1 } }
  await using sim = await simulator({ models: { m: script } })
  const reader = readerOf(await answerBy('socket', sim, wire))
  let body = await readUntil(reader, pings[wire])
  held.open()
  for (let next = await reader.read(); !next.done; next = await reader.read()) body += next.value
  const events = body.replace(/^: ping(\r?\n){2}/gm, '').replace(/^\n+/, '')
  expect(saidIn[wire](events).text).toBe('onetwo')
})

test.each(wireNames)('%s can send headers, then only signs of life until the client leaves', async (wire) => {
  await using sim = await simulator({ models: { m: { end: 'silence', keepAlive: { everyMs: 1 } } } })
  const reader = readerOf(await answerBy('socket', sim, wire))
  const body = await readUntil(reader, pings[wire])
  expect(body.replaceAll(/: ping|event: ping|data: \{"type":"ping"\}|\r?\n/g, '')).toBe('')
  await reader.cancel()
  await sim.requests[0]!.closed
  expect(sim.requests[0]).toMatchObject({ status: 200, aborted: true })
})

test('a reply in one piece is preceded by blank lines while a gate holds', async () => {
  const held = gate()
  const script: Script = { text: 'one', gate: () => held.opened, keepAlive: { everyMs: 1 } }
  const sim = createSimulator({ models: { m: script } })
  const reader = readerOf(await answerBy('fetch', sim, 'openai', false))
  let body = await readUntil(reader, /^\n{3}/)
  held.open()
  for (let next = await reader.read(); !next.done; next = await reader.read()) body += next.value
  expect(JSON.parse(body).choices[0].message.content).toBe('one')
})

test('a silent script that says nothing sends its headers and no byte', async () => {
  const sim = createSimulator({ models: { m: { end: 'silence', silenceMs: 1 } } })
  const response = await answerBy('fetch', sim, 'openai')
  expect([response.status, await response.text()]).toEqual([200, ''])
})

test.each(wireNames)('the first content of %s is waited for in vain, whatever pings come', async (wire) => {
  await using sim = await simulator({ models: { m: { end: 'silence', keepAlive: { everyMs: 1 } } } })
  const clocks = { firstContentMs: 60 }
  const model = wrapperFor(wire, { modelName: 'm', baseUrl: sim.baseUrl(wire), clocks })
  const reply = async () => await (await model.call([{ role: 'user', content: 'Hi!' }])).getText()
  await expect(reply()).rejects.toMatchObject({ type: 'timeout', clock: 'first_content' })
})
