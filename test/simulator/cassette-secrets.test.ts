// Keys stay out of cassettes: a canary in every place in which one may hide.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { formatCassette, record, replay } from '../../src/simulator/index.ts'
import { wires } from '../suites/wrappers.ts'
import { eventsOf, weatherman } from './taping.ts'

const canary = 'sk-canary/4711+"abc"=='
const inHeader = 'sk-canary-0815-abcdef'
const place = 'http://model.test/v1/chat'

/** An answer in these pieces. */
function answering(...pieces: (string | Uint8Array)[]) {
  const chunks = pieces.map((each) => new Uint8Array(Buffer.from(each as string)))
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = chunks.shift()
        if (next === undefined) controller.close()
        else controller.enqueue(next)
      },
    })
  return async () => new Response(body(), { headers: { 'content-type': 'text/event-stream' } })
}

/** What stands in the cassette after one call; `seen` is what the program got. */
async function recorded(fetch: () => Promise<Response>, init: RequestInit = {}, url = place, secrets: string[] = []) {
  const tape = record(fetch, { secrets })
  const seen = await (await tape(url, { method: 'POST', ...init })).text()
  tape.close()
  return { text: formatCassette(tape.cassette), cassette: tape.cassette, seen }
}

const headerPlaces: [string, string][] = [
  ['authorization', `Bearer ${inHeader}`],
  ['authorization', `Basic ${Buffer.from(`user:${inHeader}`).toString('base64')}`],
  ['x-api-key', inHeader],
  ['x-goog-api-key', inHeader],
  ['api-key', inHeader],
  ['cookie', `session=${inHeader}`],
  ['x-tenant', inHeader],
  ['cf-aig-authorization', `Bearer ${inHeader}`],
]

test.each(headerPlaces)('a key in the header %s is in no line, and neither is its echo', async (name, value) => {
  const { text, seen } = await recorded(answering(`data: {"echo":"${inHeader}`, `","all":"${value}"}\n\n`), {
    headers: { [name]: value },
    body: JSON.stringify({ model: 'm', prompt: `my key is ${inHeader}` }),
  })
  expect(seen).toContain(inHeader)
  expect(text).not.toContain(inHeader)
  expect(text).not.toContain(value)
  expect(text).toContain(`"${name}":"[redacted]"`)
})

test('a header that nobody knows keeps its name and loses its value', async () => {
  const { text } = await recorded(answering('ok'), { headers: { 'x-of-mine': 'short', 'x-dashscope-sse': 'enable' } })
  expect(text).toContain('"x-of-mine":"[redacted]"')
  expect(text).toContain('"x-dashscope-sse":"enable"')
})

test.each([
  ['a query', `${place}?key=${encodeURIComponent(canary)}&alt=sse`, '?key=%5Bredacted%5D&alt=sse'],
  ['a query of another name', `${place}?x=${inHeader}`, '?x=%5Bredacted%5D'],
  ['the path', `http://model.test/${'a1'.repeat(16)}/chat`, '/[redacted]/chat'],
])('a key in %s of the address is taken out, and out of the answer', async (_, url, kept) => {
  const secret = /x=|key=/.test(url) ? (new URL(url).searchParams.get('key') ?? inHeader) : 'a1'.repeat(16)
  const { cassette, text } = await recorded(answering(`you asked with ${secret}`), {}, url, [secret])
  expect(decodeURIComponent(cassette.exchanges[0]!.request.url)).toContain(decodeURIComponent(kept))
  expect(text).not.toContain(secret)
  expect(text).not.toContain(encodeURIComponent(secret))
})

test('a user and a password in the address are never kept', async () => {
  const tape = record(answering(`hello pass-${inHeader}`))
  await (await tape(new Request(place, { headers: { authorization: `Bearer pass-${inHeader}` } }))).text()
  await (await tape(`http://someone:pass-${inHeader}@model.test/v1`).catch(() => new Response())).text()
  expect(formatCassette(tape.cassette)).not.toMatch(/sk-canary|someone/)
})

test.each(['api_key', 'apiKey', 'aws_secret_access_key', 'access_token', 'client_secret', 'password'])(
  'a body field named %s is taken out, however deep it stands and however short it is',
  async (name) => {
    const body = { model: 'm', extra: [{ [name]: inHeader, deeper: { [name]: 'k1' } }] }
    const { text, cassette } = await recorded(answering(`seen ${inHeader}`), { body: JSON.stringify(body) })
    expect(text).not.toContain(inHeader)
    const kept = JSON.parse(Buffer.from(cassette.exchanges[0]!.request.body).toString())
    expect(kept).toEqual({ model: 'm', extra: [{ [name]: '[redacted]', deeper: { [name]: '[redacted]' } }] })
  },
)

test('what a model needs again is no secret: signatures, schemas, counts', async () => {
  const body = {
    signature: 'EqQBabc123456789',
    max_tokens: 5,
    tools: [{ properties: { password: { type: 'string' } } }],
  }
  const { cassette } = await recorded(answering('ok'), { body: JSON.stringify(body) })
  expect(JSON.parse(Buffer.from(cassette.exchanges[0]!.request.body).toString())).toEqual(body)
})

const forms = [
  ['as it is', canary],
  ['percent-encoded', encodeURIComponent(canary)],
  ['inside JSON', JSON.stringify(canary)],
  ['inside JSON inside JSON', JSON.stringify(JSON.stringify(canary))],
  ['in Base64', Buffer.from(canary).toString('base64')],
  ['in Base64 for addresses', Buffer.from(canary).toString('base64url')],
] as const

test.each(forms)('an echo %s is taken out, wherever it is cut in two', async (_, echo) => {
  const bytes = Buffer.from(`before ${echo} behind`)
  const bare = echo.replaceAll(/^"|"$|=+$/g, '')
  for (let at = 1; at < bytes.length; at += 1) {
    const { cassette, seen } = await recorded(answering(bytes.subarray(0, at), bytes.subarray(at)), {}, place, [canary])
    const kept = Buffer.concat(cassette.exchanges[0]!.pieces.map((piece) => piece.bytes)).toString()
    expect(seen).toBe(`before ${echo} behind`)
    expect(kept.replaceAll(/["\\=]/g, '')).toBe('before [redacted] behind')
    expect(kept).not.toContain(bare)
  }
})

test('an echo that comes byte by byte, between bytes that are no text, is taken out', async () => {
  const bytes = Buffer.concat([Buffer.from([255, 254]), Buffer.from(canary), Buffer.from([0, 200])])
  const { cassette } = await recorded(answering(...[...bytes].map((each) => Uint8Array.of(each))), {}, place, [canary])
  const kept = Buffer.concat(cassette.exchanges[0]!.pieces.map((piece) => piece.bytes))
  expect(kept.toString('latin1')).toBe('\xff\xfe[redacted]\x00\xc8')
})

test('a secret that the end of a body cuts is taken out too', async () => {
  const { text } = await recorded(answering('it is ', inHeader.slice(0, 15)), {
    headers: { 'x-api-key': inHeader },
  })
  expect(text).not.toContain(inHeader.slice(0, 8))
})

test('response headers and errors do not show it either', async () => {
  const headers = { 'set-cookie': `id=${inHeader}`, 'x-debug': `key ${inHeader}`, 'retry-after': '3' }
  const tape = record(async () => new Response('', { status: 429, headers }))
  await tape(place, { method: 'POST', headers: { 'api-key': inHeader } })
  const failing = record(() => Promise.reject(new Error(`cannot send ${inHeader}`)))
  await failing(place, { headers: { 'api-key': inHeader } }).catch(() => {})
  const text = formatCassette(tape.cassette) + formatCassette(failing.cassette)
  expect(text).not.toContain(inHeader)
  expect(text).toContain('"retry-after":"3"')
  expect(text).toContain('"message":"cannot send [redacted]"')
})

test('a key of an earlier request is known in a later answer, and the file never held it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cassette-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'a.cassette.jsonl')
  const tape = record(answering('first', `late ${inHeader}`), { file })
  await tape(place, { headers: { 'x-api-key': inHeader } })
  await (await tape(place)).text()
  tape.close()
  expect(readFileSync(file, 'utf8')).not.toContain(inHeader)
})

test.each([1, 2, 3, 5, 8, 12, 20])('a key that a model spells in deltas of %s letters is taken out', async (size) => {
  const letters = `It is ${inHeader}, they say.`.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []
  const frames = letters.map(
    (text, index) => `data: {"id":"sk-c","n":${index},"delta":{"content":"${text}","x":null}}\n\n`,
  )
  const { cassette, seen } = await recorded(answering(...frames), { headers: { 'x-api-key': inHeader } })
  const kept = Buffer.concat(cassette.exchanges[0]!.pieces.map((piece) => piece.bytes)).toString()
  const spelled = [...kept.matchAll(/"content":"([^"]*)"/g)].map(([, text]) => text).join('')
  expect(seen).toBe(frames.join(''))
  expect(spelled.replaceAll('[redacted]', '')).toMatch(/^It is (?:s|sk|sk-)?, they say\.$/)
  expect(
    kept
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line.slice(6)).n),
  ).toEqual([...letters.keys()])
})

test('what only looks like the beginning of a key waits for the next event, and stays', async () => {
  const frames = ['sk-canary', ' is a bird', ' or sk-', 'canary-08', ' end'].map((text) => `{"text":"${text}"}\n`)
  const { cassette } = await recorded(answering(...frames), { headers: { 'x-api-key': inHeader } })
  const { pieces } = cassette.exchanges[0]!
  expect(pieces.map((piece) => Buffer.from(piece.bytes).toString())).toEqual(frames)
})

test('a field that never goes on does not hold up the rest for long', async () => {
  const tape = record(answering('{"model":"sk-canary"}\n', ...[...Array(100).keys()].map((n) => `{"n":${n}}\n`)))
  const response = await tape(place, { headers: { 'x-api-key': inHeader } })
  const reader = response.body!.getReader()
  const kept: number[] = []
  for (let reads = 0; reads < 90; reads += 1) {
    await reader.read()
    kept.push(tape.cassette.exchanges[0]!.pieces.length)
  }
  expect([kept[0], kept[60], kept.at(-1)]).toEqual([0, 0, 90])
  await reader.cancel()
})

test.each(wires)('%s: a key that the model says in three deltas is in no event of the replay', async (wire) => {
  const text = ['Your key: canary-k', 'ey-4711', '-abcdef, I think.']
  const tape = record(weatherman({ thinking: text, text }).fetch)
  // An Ollama of one's own takes no key; one behind a gate takes a header.
  const headers = { authorization: 'Bearer canary-key-4711-abcdef' }
  const heard = await eventsOf(wire, tape, wire === 'ollama' ? { headers } : {})
  const again = await eventsOf(wire, replay(tape.cassette, { speed: 'max' }))
  const said = (events: typeof heard) => events.map((each) => ('delta' in each ? each.delta : '')).join('')
  expect(said(again).replaceAll('[redacted]', '')).toContain('Your key: , I think.')
  expect(said(again)).not.toContain('4711')
  expect(again.at(-1)).toMatchObject({ ending: { complete: true } })
})
