// No key is ever shown: not by an error, an event, a response or anything printed, whatever the provider echoes.
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

const canary = 'sk-canary-2b7e151628+aed2a6/9c'
const question = [{ role: 'user', content: 'Hi' }]
/** Any part of it that tells, and the form in which it travels in some headers. */
const everyForm = new RegExp(`canary|2b7e15|${Buffer.from(canary).toString('base64').slice(0, 20)}`)

/** Ollama takes no key; one in a header is as secret. */
const secretive = (wire: Wire, baseUrl: string) =>
  wire === 'ollama'
    ? wrapperFor(wire, { baseUrl, headers: { authorization: `Bearer ${canary}` } })
    : wrapperFor(wire, { baseUrl, apiKey: canary })

/** Everything that a program could print of a value. */
function shown(value: unknown): string {
  const error = value instanceof Error ? `${value.stack}${value.message}${shown(value.cause)}` : ''
  return `${error}${String(value)}${JSON.stringify(value)}${inspect(value, { depth: 12, showHidden: true, getters: true })}`
}

/** Everything that a program could see of a call to a server that answers so. */
async function seen(wire: Wire, reply: Reply, stream: boolean): Promise<string> {
  await using server = await wireServer(reply)
  const model = secretive(wire, server.url)
  try {
    const response = await model.call(question, { stream })
    const events: StreamEvent[] = []
    for await (const event of response.events) events.push(event)
    const thrown = await response.getText().catch((error: unknown) => error)
    const { raw, metadata, message, error, requestId } = response
    return [events, thrown, raw, metadata, message, error, requestId, response, model].map(shown).join('\n')
  } catch (error) {
    return [error, model].map(shown).join('\n')
  } finally {
    expect(JSON.stringify(server.received[0]?.headers), 'the key is sent').toContain(canary)
  }
}

const echo = `The key ${canary} is not known (${encodeURIComponent(canary)}).`
const headers = { 'x-request-id': `r-${canary}`, 'x-litellm-key': canary }

describe.each(wires)('%s', (wire) => {
  const { contentType, open, text, overloaded } = words[wire]
  const error = { message: echo, type: `t-${canary}`, code: `c-${canary}`, param: canary }
  const broken = wire === 'ollama' ? `{"key":"${canary}",,}\n` : `data: {"key":"${canary}",,}\n\n`
  const bare = wire === 'ollama' ? `{"key": ${canary}}\n` : `data: {"key": ${canary}}\n\n`
  const unknown =
    wire === 'ollama' ? `{"kind":"note","key":"${canary}"}\n` : `data: {"kind":"note","key":"${canary}"}\n\n`

  test.each<[string, Reply]>([
    ['a refusal', { status: 401, headers, body: JSON.stringify({ error }) }],
    ['a refusal with escapes', { status: 401, body: JSON.stringify({ error }).replaceAll('/', '\\/') }],
    ['a refusal as text', { status: 400, headers, contentType: 'text/plain', body: echo }],
    ['a refusal as a page', { status: 403, contentType: 'text/html', body: `<p>${echo}</p>` }],
    ['a refusal whose content type echoes it', { status: 500, contentType: `text/plain; k=${canary}`, body: 'no' }],
    ['an answer whose content type echoes it', { contentType: `text/html; k=${canary}`, body: '<p>no</p>' }],
    ['a refusal in Base64', { status: 401, contentType: 'text/plain', body: `Bad: ${btoa(canary)}` }],
    ['a page with status 200', { headers, contentType: 'text/html', body: `<p>${echo}</p>` }],
    ['an error inside a 200', { headers, contentType, body: open + overloaded(echo) }],
    ['an error in the middle', { contentType, body: open + text('kept') + overloaded(echo) }],
    ['an error as JSON', { contentType: 'application/json', body: JSON.stringify({ error }) }],
    ['a frame that is no JSON', { contentType, body: open + text('kept') + broken }],
    ['a frame that holds nothing else', { contentType, body: open + text('kept') + bare }],
    ['a frame that is cut', { contentType, body: open + text('kept') + broken.slice(0, -5) }],
    ['an unknown frame', { contentType, body: open + unknown + text('kept') }],
    ['JSON that is cut', { contentType: 'application/json', body: `{"key":"${canary}` }],
  ])('%s that echoes the key does not show it', async (_, reply) => {
    for (const stream of [true, false]) {
      const everything = await seen(wire, reply, stream)
      expect(everything.length).toBeGreaterThan(200)
      expect(everything).not.toMatch(everyForm)
    }
  })
})

test.each(dialectWires)('%s: a wrapper shows no key when it is printed or serialised', (wire) => {
  expect(shown(secretive(wire, 'http://127.0.0.1:9'))).not.toMatch(everyForm)
})

test('a server that cannot be reached, and one that redirects, are told without the key', async () => {
  const gone = await secretive('openai', 'http://127.0.0.1:9').call(question).catch(shown)
  expect(gone).not.toMatch(everyForm)
  const redirected = await seen('openai', { status: 302, headers: { location: `/?key=${canary}` }, body: echo }, true)
  expect(redirected).not.toMatch(everyForm)
})

test.each([`Bearer ${canary}\nX: 1`, `${canary}…`])(
  'a header that cannot be sent is refused without its value',
  async (value) => {
    const call = async () =>
      wrapperFor('openai', { headers: { authorization: value }, baseUrl: 'http://127.0.0.1:9' }).call(question)
    const error = await call().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ type: 'config' })
    expect(shown(error)).not.toMatch(everyForm)
  },
)

test('a key with quotes in it and a header of any name are as secret', async () => {
  const odd = 'sk-"canary"-2b7e\\15'
  const own = 'header-canary-2b7e15'
  const body = JSON.stringify({ error: { message: `${odd} and ${own}` } })
  await using server = await wireServer({ status: 401, body })
  const model = wrapperFor('openai', { baseUrl: server.url, apiKey: odd, headers: { 'x-goog-iap': own } })
  const error = await model.call(question).catch((thrown: unknown) => thrown)
  expect(shown(error)).not.toMatch(everyForm)
})

test.each([
  ['throws', () => Promise.reject(new Error(`boom ${canary}`))],
  ['throws with a cause', () => Promise.reject(new TypeError('boom', { cause: new Error(canary) }))],
  [
    'gives a body that breaks',
    async () => new Response(new ReadableStream({ pull: (body) => body.error(new Error(canary)) })),
  ],
])("a fetch of the user's own that %s with the key does not show it", async (_, fetch) => {
  const model = wrapperFor('openai', { fetch, apiKey: canary })
  const error = await model
    .call(question)
    .then((response) => response.getText())
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(shown(error)).not.toMatch(everyForm)
})

test('the reason of an abort does not show a key either', async () => {
  const signal = AbortSignal.abort(`the key ${canary} was withdrawn`)
  const error = await wrapperFor('openai', { apiKey: canary })
    .call(question, { signal })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ type: 'aborted' })
  expect(shown(error)).not.toMatch(everyForm)
})

test.each(['123456', '{"input": "cip", "output": "cip"}', 'a message for you', 'litellm'])(
  'an ordinary header (%s) garbles no error and breaks no ending',
  async (value) => {
    const body = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: {"error":{"message":"x","code":123456}}\n\n'
    await using server = await wireServer({ body, end: 'open', headers: { 'x-litellm-response-cost': '0.123456' } })
    const options = { baseUrl: server.url, apiKey: '123456789', headers: { 'x-goog-user-project': value } }
    const response = await wrapperFor('openai', options).call(question)
    for await (const _ of response.events);
    expect(response.ending).toMatchObject({ reason: 'error', error: { message: 'openai: x', code: 123456 } })
    expect(response.metadata).toMatchObject({ responseCost: 0.123456 })
    await server.received[0]?.closed
  },
)

test('a numeric key in a refusal costs neither the message nor the shape', async () => {
  await using server = await wireServer({ status: 429, body: '{"error":{"message":"slow down","code":429001}}' })
  const model = wrapperFor('openai', { baseUrl: server.url, apiKey: '429001' })
  await expect(model.call(question)).rejects.toMatchObject({ type: 'rate-limit', message: 'openai (429): slow down' })
})
