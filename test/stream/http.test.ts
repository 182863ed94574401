// One exchange: what a refusal, a redirect, a wrong address and the process's own dispatcher become.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { AuthError, InputError, ProviderError, RateLimitError, WireError } from '../../src/core/error.ts'
import { send } from '../../src/stream/http.ts'
import { placeOf } from '../../src/stream/network-error.ts'
import { retryAfter } from '../../src/stream/refusal.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { answerOf } from '../suites/wire-words.ts'
import { wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const question = [{ role: 'user', content: 'Hi' }]
const options = { provider: 'garden', headersMs: 5_000, secrets: [] }
const request = (url: string) => ({ url, headers: { 'content-type': 'application/json' }, body: '{}' })

async function refusalOf(reply: Reply): Promise<unknown> {
  await using server = await wireServer(reply)
  return await send(request(server.url), options).catch((thrown: unknown) => thrown)
}

const json = (status: number, error: object, headers = {}): Reply => ({
  status,
  headers,
  contentType: 'application/json',
  body: JSON.stringify({ error }),
})

describe('a refusal is a typed error', () => {
  test.each([
    [401, AuthError],
    [403, AuthError],
    [429, RateLimitError],
    [400, InputError],
    [404, InputError],
    [500, ProviderError],
  ])('%i', async (status, type) => {
    const error = await refusalOf(json(status, { message: 'No roses.', code: 'thorn' }, { 'x-request-id': 'r-1' }))
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ provider: 'garden', status, code: 'thorn', requestId: 'r-1' })
    expect((error as Error).message).toBe(`garden (${status}): No roses.`)
    expect((error as AuthError).advice).not.toBe('')
  })

  test.each(['request-id', 'x-dashscope-request-id', 'x-litellm-call-id'])('and has the id from %s', async (name) => {
    expect(await refusalOf(json(500, { message: 'No.' }, { [name]: 'r-2' }))).toMatchObject({ requestId: 'r-2' })
  })

  test('that shows how a body begins that is no JSON, and its type', async () => {
    const error = await refusalOf({
      status: 502,
      contentType: 'text/html',
      body: `<h1>Bad Gateway</h1>${'x'.repeat(500)}`,
    })
    expect(error).toMatchObject({ status: 502, retryable: true })
    expect((error as Error).message).toContain('text/html: <h1>Bad Gateway</h1>')
    expect((error as Error).message.length).toBeLessThan(300)
  })

  test('that says so when there is no body at all', async () => {
    expect((await refusalOf({ status: 503 })) as Error).toHaveProperty('message', expect.stringContaining('(empty)'))
  })

  test('also when its body is larger than anybody would read', async () => {
    const error = await refusalOf({ status: 500, contentType: 'text/plain', body: 'x'.repeat(1_000_000) })
    expect(error).toMatchObject({ status: 500 })
  })

  test('also when its body never ends: the connection is closed', async () => {
    await using server = await wireServer({ status: 500, contentType: 'text/plain', body: 'half of', end: 'open' })
    const asked = send(request(server.url), { ...options, headersMs: 50 })
    await expect(asked).rejects.toMatchObject({ status: 500, message: expect.stringContaining('half of') })
    await server.received[0]!.closed
  })

  test('also when its body breaks off', async () => {
    const error = await refusalOf({ status: 500, contentType: 'text/plain', body: 'half of', end: 'destroy' })
    expect(error).toMatchObject({ status: 500, retryable: true })
  })
})

describe('a path that nothing is served at is named, without query and credentials', () => {
  test.each<[string, Reply]>([
    ['a page', { status: 404, contentType: 'text/html', body: '<h1>Lost</h1>' }],
    ['no body', { status: 404 }],
    ['a refused method', { status: 405, contentType: 'text/plain', body: 'Method Not Allowed' }],
    ['JSON without a message', { status: 404, contentType: 'application/json', body: '{"path":"/v2"}' }],
    ["a framework's own words", { status: 404, contentType: 'application/json', body: '{"detail":"Not Found"}' }],
  ])('when the answer is %s', async (_, reply) => {
    await using server = await wireServer(reply)
    const url = `${server.url}/v2/sk-rose-1/chat?key=thorn`
    const asked = send(request(url), { ...options, secrets: ['sk-rose-1'] })
    const error = (await asked.catch((thrown: unknown) => thrown)) as InputError
    expect(error).toBeInstanceOf(InputError)
    expect(error.message).toContain(`nothing is served at ${server.url}/v2/[redacted]/chat: check baseUrl`)
    expect(error.advice).toContain(server.url)
    expect(`${error.message} ${error.advice}`).not.toMatch(/thorn|sk-rose/)
  })

  test('but not when the provider speaks of the request, a model for one', async () => {
    const error = await refusalOf(json(404, { message: 'model "rose" not found' }))
    expect((error as Error).message).toBe('garden (404): model "rose" not found')
  })
})

test.each([
  ['https://user:thorn@host:8/v1/chat?key=thorn#thorn', 'https://host:8/v1/chat'],
  [`http://host/gate/${'a1'.repeat(16)}/v1`, 'http://host/gate/…/v1'],
  ['http://host/models/gemini-2.5-flash-preview-09-2025:streamGenerateContent', undefined],
  ['no address', 'an address that is no URL'],
])('the place of %s shows nothing secret', (url, place) => {
  expect(placeOf(url)).toBe(place ?? url)
})

test('a redirect names where it came from and where it points, without the query', async () => {
  await using server = await wireServer({ status: 302, headers: { location: '/login?next=thorn' } })
  const error = await send(request(`${server.url}/v1?key=thorn`), options).catch((thrown: unknown) => thrown)
  const told = `garden answered at ${server.url}/v1 with a redirect (302) to ${server.url}/login, which is not followed.`
  expect((error as WireError).message).toBe(told)
})

test('a redirect is not followed, so that the key is not sent to another place', async () => {
  await using elsewhere = await wireServer({ body: answerOf('openai', 'stolen') })
  for (const status of [301, 302, 307, 308]) {
    await using server = await wireServer({ status, headers: { location: `${elsewhere.url}/v1` } })
    const error = await wrapperFor('openai', { baseUrl: server.url })
      .call(question)
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(WireError)
    expect(error).toMatchObject({ status, retryable: false, advice: expect.stringContaining('baseUrl') })
  }
  expect(elsewhere.received).toHaveLength(0)
})

test('a host that does not exist is named, and the path and the query of the address are not', async () => {
  const error = await send(request('http://garden.invalid/secret/path'), options).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProviderError)
  expect((error as ProviderError).message).toContain('http://garden.invalid')
  expect((error as ProviderError).message).not.toContain('secret')
  expect(error).toMatchObject({ retryable: true, advice: expect.stringContaining('network') })
})

test("a fetch of the user's own gets the request, and its failure is a typed error", async () => {
  const seen: Request[] = []
  const fetch = async (asked: Request) => {
    seen.push(asked)
    throw new Error('the line is cut')
  }
  await expect(send(request('http://127.0.0.1:9/x'), { ...options, fetch })).rejects.toMatchObject({
    type: 'provider',
    message: expect.stringContaining('the line is cut'),
  })
  expect(seen[0]).toMatchObject({ method: 'POST', url: 'http://127.0.0.1:9/x', redirect: 'manual' })
})

test("a fetch of the user's own that ignores its signal is left all the same", async () => {
  const fetch = () => new Promise<Response>(() => {})
  const timedOut = send(request('http://127.0.0.1:9/'), { ...options, fetch, headersMs: 20 })
  await expect(timedOut).rejects.toMatchObject({ clock: 'headers' })
  const controller = new AbortController()
  const left = () => {
    controller.abort()
    return fetch()
  }
  await expect(send(request('http://127.0.0.1:9/'), { ...options, fetch: left, controller })).rejects.toMatchObject({
    type: 'aborted',
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 1.5 ' }, 1_500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '12', 'retry-after': '7' }, 12],
    [{ 'retry-after-ms': 'soon', 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '-5', 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, expected) => {
    expect(retryAfter(new Headers(headers as Record<string, string>), now)).toBe(expected)
  })
})

describe("the process's own dispatcher", () => {
  const run = async (scenario: string) => {
    const script = join(import.meta.dirname, 'dispatcher.child.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, scenario])
    return JSON.parse(stdout) as unknown
  }

  test('gets the request, without the limits of five minutes that it would set', async () => {
    expect(await run('own')).toMatchObject({
      text: 'well',
      dispatched: [{ method: 'POST', headersTimeout: 0, bodyTimeout: 0 }],
    })
  })

  test('may send it elsewhere, as a proxy does', async () => {
    expect(await run('proxy')).toMatchObject({ text: 'well', dispatched: [{ origin: 'http://api.garden.invalid' }] })
  })
})
