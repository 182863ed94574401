// Credentials that are found by the name of their field, and what was learned only later: none of them stays in a cassette.
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { credentialFieldsIn } from '../../src/simulator/credential-fields.ts'
import { formatCassette, parseCassette, type Recording, record, replay } from '../../src/simulator/index.ts'

const canary = 'canary-0815-abcdef'

type Answer = { pieces: (string | Uint8Array)[]; headers?: Record<string, string> }

/** A server that answers one request after the other. */
async function answering(...answers: Answer[]): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { pieces, headers = {} } = answers.shift() ?? { pieces: ['ok'] }
      response.writeHead(200, headers)
      for (const piece of pieces) response.write(piece)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function asked(tape: Recording, url: string, init: RequestInit = {}): Promise<string> {
  return (await tape(url, { method: 'POST', ...init })).text()
}

async function tempFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cassette-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'a.cassette.jsonl')
}

const granted = JSON.stringify({ access_token: canary, refresh_token: `r-${canary}`, id_token: 'short', expires_in: 9 })

test.each([
  ['whole', [granted]],
  ['byte by byte', [...granted]],
  ['as an event', [`data: ${granted}\n\n`]],
])(
  'the tokens of an answer %s are never written, and neither are they as the key of the next request',
  async (_, pieces) => {
    const file = await tempFile()
    const url = await answering({ pieces }, { pieces: [`seen ${canary}`] })
    const tape = record(undefined, { file })
    expect(await asked(tape, url)).toBe(pieces.join(''))
    expect(readFileSync(file, 'utf8')).not.toMatch(/canary|short/)
    await asked(tape, url, { headers: { authorization: `Bearer ${canary}` }, body: JSON.stringify({ mine: canary }) })
    tape.close()
    expect(readFileSync(file, 'utf8')).not.toMatch(/canary|short/)
    expect(formatCassette(tape.cassette)).not.toMatch(/canary|short/)
    expect(formatCassette(tape.cassette)).toContain('\\"expires_in\\":9')
  },
)

const nested = JSON.stringify({
  a: JSON.stringify({ api_key: canary, b: JSON.stringify({ password: `${canary}"\\` }) }),
})

test.each([
  ['JSON in strings', nested],
  ['lists and objects', JSON.stringify({ client_secret: { value: canary }, api_key: [canary, 12345] }, null, 2)],
  ['text with other letters', `h\u00e9llo {"access_token":"${canary}\u00e9"} \\u00e9`],
])('in %s too, in however many reads an answer comes', async (_, body) => {
  const kept = async (pieces: readonly Uint8Array[]) => {
    const left = [...pieces]
    const pull = (controller: ReadableStreamDefaultController) => {
      const next = left.shift()
      if (next === undefined) controller.close()
      else controller.enqueue(next)
    }
    const tape = record(async () => new Response(new ReadableStream({ pull })))
    await asked(tape, 'http://model.test/')
    return Buffer.concat(tape.cassette.exchanges[0]!.pieces.map(({ bytes }) => bytes)).toString()
  }
  const bytes = new Uint8Array(Buffer.from(body))
  const whole = await kept([bytes])
  expect(whole).not.toContain('canary')
  for (let at = 1; at < bytes.length; at += 1) {
    expect(await kept([bytes.slice(0, at), bytes.slice(at, at + 2), bytes.slice(at + 2)])).toBe(whole)
  }
  expect(await kept([...bytes].map((byte) => Uint8Array.of(byte)))).toBe(whole)
})

test('a form as an answer is read as one', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const url = await answering({ pieces: [`access_token=${canary}`, '&scope=user'], headers })
  const tape = record()
  await asked(tape, url)
  const [exchange] = tape.cassette.exchanges
  expect(Buffer.concat(exchange!.pieces.map(({ bytes }) => bytes)).toString()).toBe(
    'access_token=[redacted]&scope=user',
  )
})

const parts = new FormData()
parts.set('model', 'm')
parts.set('api_key', canary)

test.each<[string, BodyInit]>([
  ['a form', new URLSearchParams({ grant_type: 'x', client_secret: canary })],
  ['a form that is only text', `model=m&api_key=${canary}`],
  ['a form in parts', parts],
  ['lines of JSON', `{"model":"m"}\n{"api_key":"${canary}"}\n`],
  ['JSON in a string', JSON.stringify({ config: JSON.stringify({ api_key: canary, n: 1 }) })],
  ['JSON in a string in a string', JSON.stringify(JSON.stringify({ a: JSON.stringify({ password: canary }) }))],
  ['a list', JSON.stringify({ api_key: [canary, `2-${canary}`] })],
  ['an object', JSON.stringify({ token: { value: canary } })],
  ['a scheme', JSON.stringify({ headers: { Authorization: `Bearer ${canary}` } })],
  ['JSON that is broken', `{"api_key":"${canary}`],
])('a credential in %s is taken out of the request, and out of the answer', async (_, body) => {
  const tape = record(undefined)
  const said = await asked(tape, await answering({ pieces: [`you said ${canary}`] }), { body })
  expect(said).toContain(canary)
  const text = formatCassette(tape.cassette)
  expect(text).not.toContain(canary)
  expect(text).toContain('[redacted]')
})

test('a number is one too, and the JSON stays one', async () => {
  const tape = record()
  const body =
    '{"client_secret":1234567890123,"n":{"password":"{\\"token\\":5}","secret":[1,"ab",null]},"max_tokens":7}'
  await asked(tape, await answering({ pieces: ['1234567890123'] }), { body })
  expect(JSON.parse(Buffer.from(tape.cassette.exchanges[0]!.request.body).toString())).toEqual({
    client_secret: '[redacted]',
    n: { password: '[redacted]', secret: ['[redacted]', '[redacted]', null] },
    max_tokens: 7,
  })
  expect(formatCassette(tape.cassette)).not.toContain('1234567890123')
})

test('what only describes or counts stays: schemas, the tokens of a model, and its own words', async () => {
  const body = JSON.stringify({
    tools: [{ properties: { password: { type: 'string' }, credentials: { anyOf: [{ type: 'null' }] } } }],
    logprobs: [{ token: 'Hello', top_logprobs: [] }],
    signature: 'EqQBabc123456789',
    secret: true,
    content: 'The password: hunter2, "secret" and {"x": "token"}',
  })
  const tape = record()
  await asked(tape, await answering({ pieces: [body] }), { body })
  const [exchange] = tape.cassette.exchanges
  expect(Buffer.from(exchange!.request.body).toString()).toBe(body)
  expect(Buffer.concat(exchange!.pieces.map(({ bytes }) => bytes)).toString()).toBe(body)
})

const special = 'canary/+<0815>&é'
const spellings: [string, string][] = [
  ['\\/', special.replaceAll('/', '\\/')],
  ['\\u002b', special.replaceAll('+', '\\u002b')],
  ['\\u003C', special.replaceAll('<', '\\u003C').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')],
  ['all of it', [...special].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
  ['JSON in JSON', special.replaceAll('/', '\\\\\\/').replaceAll('+', '\\\\u002b')],
  ['%2b', encodeURIComponent(special).toLowerCase()],
]

test.each(spellings)('a key that comes back escaped as %s is taken out, wherever it is cut in two', async (_, echo) => {
  const bytes = Buffer.from(`{"e":"bad key ${echo}."}`)
  for (let at = 1; at < bytes.length; at += 1) {
    const pieces = [bytes.subarray(0, at), bytes.subarray(at)]
    const stream = new ReadableStream({
      pull(controller) {
        const next = pieces.shift()
        if (next === undefined) controller.close()
        else controller.enqueue(new Uint8Array(next))
      },
    })
    const tape = record(async () => new Response(stream), { secrets: [special] })
    await asked(tape, 'http://model.test/')
    const kept = Buffer.concat(tape.cassette.exchanges[0]!.pieces.map((piece) => piece.bytes)).toString()
    expect(kept).toBe('{"e":"bad key [redacted]."}')
  }
})

test.each<[string, string, Record<string, string>, string]>([
  ['a part of the path', `/hook/${'Ab1'.repeat(11)}/x`, {}, 'Ab1'.repeat(11)],
  ['a cookie', '/', { 'set-cookie': `sid=${canary}; Path=/; HttpOnly` }, canary],
  ['a header of credentials', '/', { 'x-amz-security-token': canary }, canary],
  ['a signed address', '/', { location: `https://x.test/y?a=1&sig=${canary}` }, canary],
])('%s is taken out where it comes back', async (_, path, headers, secret) => {
  const tape = record()
  const url = await answering({ pieces: [`here: ${secret}`], headers })
  await asked(tape, url + path)
  await asked(tape, url, { body: secret })
  expect(formatCassette(tape.cassette)).not.toContain(secret)
})

test('what turns out to be a key only later is taken out of memory at once, and of the file when it is closed', async () => {
  const file = await tempFile()
  const url = await answering({ pieces: [`Take ca`, `nary-0815-abcdef as your key.`] })
  const tape = record(undefined, { file })
  await asked(tape, url, { body: 'give me a key' })
  expect(formatCassette(tape.cassette)).toContain('0815')
  await asked(tape, url, { headers: { 'x-api-key': canary } })
  expect(formatCassette(tape.cassette)).not.toContain('0815')
  tape.close()
  const text = readFileSync(file, 'utf8')
  expect(text).not.toContain('0815')
  expect(parseCassette(text)).toEqual(tape.cassette)
})

test('a conversation that was granted its token is found again in its replay', async () => {
  const url = await answering({ pieces: [granted] }, { pieces: ['welcome'] })
  const talk = async (fetch: Parameters<typeof record>[0] & object) => {
    const body = new URLSearchParams({ client_secret: canary })
    const token = JSON.parse(await (await fetch(`${url}/token`, { method: 'POST', body })).text()).access_token
    return (await fetch(url, { method: 'POST', body: JSON.stringify({ access_token: token, say: token }) })).text()
  }
  const tape = record()
  expect(await talk(tape)).toBe('welcome')
  expect(await talk(replay(tape.cassette))).toBe('welcome')
})

test('text that was made to take long does not', () => {
  const begin = performance.now()
  for (const text of ['\\', '"', '"api_key":[', '"api_key":{"', '"password":{"type":"string","a":', '\\"token\\":{']) {
    credentialFieldsIn(text.repeat(1_000_000 / text.length), false)
    credentialFieldsIn(text.repeat(1_000_000 / text.length), true)
  }
  expect(performance.now() - begin).toBeLessThan(5_000)
})

test.skipIf(!existsSync('/dev/full'))('a full disk stops the recording, and nothing else', async () => {
  const warned: Error[] = []
  const hear = (warning: Error) => void warned.push(warning)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  const url = await answering({ pieces: ['one'] }, { pieces: ['two'] })
  const tape = record(undefined, { file: '/dev/full' })
  expect([await asked(tape, url), await asked(tape, url)]).toEqual(['one', 'two'])
  expect(() => tape.close()).toThrow(/\/dev\/full cannot be written any more: ENOSPC/)
  expect(warned.map(({ message }) => message)).toEqual([expect.stringContaining('the program goes on')])
  expect(tape.cassette.isPartial).toBe(true)
  tape[Symbol.dispose]()
})
