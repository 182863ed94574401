// Rows T1 to T28 of the wire requirements that are about bytes: line ends, cuts, comments, wrong bodies, early ends.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { constants, createGzip } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { WireError } from '../../src/core/error.ts'
import { comparable, decoded, fetchOf, served } from '../suites/decode.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { cut, type Reply, wireServer } from '../suites/wire-server.ts'
import { answerOf, dialectWires, sseWires, words } from '../suites/wire-words.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const pieces = ['Good ', 'morning, 你好', '世界 🌍', 'é']
const text = pieces.join('')
const inOneMillisecond = () => wait(1)

/** An answer of this wire with these line ends, as a body or as pieces of one. */
const bodyOf = (wire: Wire, lineEnd = '\n') => answerOf(wire, ...pieces).replaceAll('\n', lineEnd)
const reply = (wire: Wire, body: Reply['body'], more: Partial<Reply> = {}): Reply => ({
  contentType: words[wire].contentType,
  body: body as string,
  ...more,
})

describe.each(dialectWires)('%s: framing', (wire) => {
  const { open, text: say, finish, marker, ping } = words[wire]

  test.each([
    ['T1: CRLF line ends', '\r\n'],
    ['T2: bare CR line ends', '\r'],
  ])('%s give the same events as LF', async (_, lineEnd) => {
    const plain = await served(wire, reply(wire, bodyOf(wire)))
    const other = await served(wire, reply(wire, bodyOf(wire, lineEnd)))
    expect(comparable(other.events)).toEqual(comparable(plain.events))
    expect(other.response.text).toBe(text)
  })

  test('T3: CRLF cut between CR and LF at every line, 1 ms apart, gives the same events', async () => {
    const plain = await served(wire, reply(wire, bodyOf(wire)))
    const halves = bodyOf(wire, '\r\n').split(/(?<=\r)/)
    const other = await served(wire, reply(wire, halves, { gate: inOneMillisecond }))
    expect(comparable(other.events)).toEqual(comparable(plain.events))
  })

  test('T4: characters of several bytes that come one byte per read, 2 ms apart, are exact', async () => {
    const bytes = Buffer.from(say('你好🌍é'))
    const at = bytes.indexOf('你')
    const parts = [open, bytes.subarray(0, at), ...cut(bytes.subarray(at, at + 12), 1), bytes.subarray(at + 12)]
    const body = [...parts, finish + marker]
    const { response } = await served(wire, reply(wire, body, { gate: () => wait(2) }))
    expect(response.text).toBe('你好🌍é')
  })

  test('T5: a byte-order mark before the first byte is ignored, also when it is cut', async () => {
    const bytes = Buffer.from(`\uFEFF${bodyOf(wire)}`)
    for (const contentType of [words[wire].contentType, 'text/plain']) {
      for (const size of [bytes.length, 1]) {
        const fetch = fetchOf(cut(bytes, size), contentType)
        const { response } = await decoded(wrapperFor(wire, { fetch }))
        expect(response.text).toBe(text)
        expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
      }
    }
  })

  test('T6: comments and keep-alives between events are no content', async () => {
    const comments = wire === 'ollama' ? '\n\r\n' : ': OPENROUTER PROCESSING\n\n:\n\n: ping\n\n'
    const body =
      comments + open + comments + ping + pieces.map((each) => say(each) + comments).join('') + finish + marker
    const { events } = await served(wire, reply(wire, body))
    expect(comparable(events)).toEqual(comparable((await served(wire, reply(wire, bodyOf(wire)))).events))
  })

  test('T6: nothing, or a ping, in the place of a value is a sign of life too', async () => {
    const signs = ['data:', 'data: ', 'data', 'event: ping\ndata:', 'data: ping', 'data: [PING]', 'data: keep-alive']
    const alive = wire === 'ollama' ? '\nping\n[PING]\n' : signs.map((sign) => `${sign}\n\n`).join('')
    const body = alive + open + alive + pieces.map((each) => say(each) + alive).join('') + finish + marker
    const { events } = await served(wire, reply(wire, body))
    expect(comparable(events)).toEqual(comparable((await served(wire, reply(wire, bodyOf(wire)))).events))
  })

  test('T9: a last event without its blank line is delivered when its JSON is whole', async () => {
    const { events, response } = await served(wire, reply(wire, bodyOf(wire).trimEnd()))
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
    expect(comparable(events)).toEqual(comparable((await served(wire, reply(wire, bodyOf(wire)))).events))
  })

  test('T10: 5,000 events in a single write keep their order, and timers and other sockets get their turns', async () => {
    const numbers = Array.from({ length: 5_000 }, (_, at) => `${at},`)
    await using server = await wireServer(reply(wire, answerOf(wire, ...numbers)))
    const response = await wrapperFor(wire, { baseUrl: server.url }).call([{ role: 'user', content: 'Count' }])
    let turns = 0
    let chain = setImmediate(function turn() {
      turns += 1
      chain = setImmediate(turn)
    })
    const spent = performance.now()
    for await (const _ of response.stream!) keepBusy(0.05)
    const longest = performance.now() - spent
    clearImmediate(chain)
    expect(response.text).toBe(numbers.join(''))
    expect(turns).toBeGreaterThan(longest / 20)
  })

  test('T12: an emoji cut in two by the deltas is joined, and no listener sees half of it', async () => {
    const halves = [say('A\ud83d'), say('\ude00B')].join('')
    expect(halves).toContain('\\ud83d')
    const { events, response } = await served(wire, reply(wire, open + halves + finish + marker))
    expect(response.text).toBe('A😀B')
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []))).toEqual(['A', '😀B'])
  })

  test('T12: half a character whose other half never comes is shown as U+FFFD, and nothing is lost around it', async () => {
    const { response } = await served(wire, reply(wire, open + say('A\ud83d') + say('B\ud83d') + finish + marker))
    expect(response.text).toBe('A\uFFFDB\uFFFD')
  })
})

/** Takes the thread for so long, as a listener does that renders. */
function keepBusy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe.each(sseWires)('%s: events', (wire) => {
  test('T7: fields without a space, and id, retry and event lines, are accepted', async () => {
    const body = bodyOf(wire)
      .replaceAll('data: ', 'data:')
      .replaceAll('data:', 'id: 7\nretry: 3000\ndata:')
      .replace(/^(?!.*event:)/, 'event: message\n')
    const { response } = await served(wire, reply(wire, body))
    expect(response.text).toBe(text)
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
  })

  test('T8: JSON spread over two data lines is joined with a newline', async () => {
    const body = bodyOf(wire).replace(/^data: ?\{/gm, 'data: {\ndata: ')
    const { response } = await served(wire, reply(wire, body))
    expect(response.text).toBe(text)
  })
})

test('T11: a gzip body is decoded, and each flushed event is heard before the next one is sent', async () => {
  const heard = gate()
  const { open, text: say, finish, marker } = words.openai
  const body = async (response: ServerResponse) => {
    const zip = createGzip()
    zip.pipe(response)
    zip.write(open + say('first'))
    zip.flush(constants.Z_SYNC_FLUSH)
    await heard.opened
    zip.end(say(' second') + finish + marker)
    await once(response, 'finish')
  }
  await using server = await wireServer(reply('openai', body as never, { headers: { 'content-encoding': 'gzip' } }))
  const response = await wrapperFor('openai', { baseUrl: server.url }).call([{ role: 'user', content: 'Hi' }])
  const seen: string[] = []
  for await (const [, sofar] of response.stream!) {
    seen.push(sofar)
    heard.open()
  }
  expect(seen).toEqual(['first', 'first second', 'first second'])
})

describe.each(dialectWires)('%s: wrong bodies', (wire) => {
  const { open, text: say, finish, marker, whole, overloaded } = words[wire]
  const broken = wire === 'ollama' ? '{"message":{"con\n' : 'data: {"choices":[{"del\n\n'

  test('T13: a frame that is no JSON stops the reply with its offset, and the text before it is kept', async () => {
    const { response } = await served(wire, reply(wire, open + say('kept') + broken + say('never') + finish + marker))
    expect(response.text).toBe('kept')
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false, error: { type: 'wire' } })
    const error = response.error as WireError
    expect(error).toBeInstanceOf(WireError)
    expect(error).toMatchObject({ offset: Buffer.byteLength(open + say('kept')), partialText: 'kept' })
    expect(error.message).toContain(broken.replace('data: ', '').trim())
    expect(error.advice).toContain('skip')
  })

  test("T13: with onBrokenFrame: 'skip' the reply goes on, and a notice tells of it", async () => {
    const body = open + say('kept') + broken + say(' and on') + finish + marker
    const { events, response } = await served(wire, reply(wire, body), { onBrokenFrame: 'skip' })
    expect(response.text).toBe('kept and on')
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
    expect(events.find(({ type }) => type === 'notice')).toMatchObject({
      kind: 'skipped',
      details: { offset: Buffer.byteLength(open + say('kept')) },
    })
  })

  test("T14: an error as JSON with status 200 is the provider's error and no empty success", async () => {
    const body = JSON.stringify({ error: { message: 'The pump stopped.', code: 'invalid_pump' } })
    const { response } = await served(wire, { contentType: 'application/json', body })
    expect(response.ending).toMatchObject({ reason: 'error', complete: false })
    expect(response.error?.message).toContain('The pump stopped.')
    await expect(response.getText()).rejects.toBe(response.error)
  })

  test('T14: the same when its content type promises a stream', async () => {
    const body = JSON.stringify({ error: { message: 'The pump stopped.', code: 'invalid_pump' } }, null, 2)
    if (wire === 'ollama') return expect(body).toContain('pump') // One value a line: a spread one is no line of this wire.
    const { response } = await served(wire, reply(wire, body))
    expect(response.error?.message).toContain('The pump stopped.')
  })

  test('T15: a whole reply to a streaming request is delivered as a stream of one delta', async () => {
    const { events, response } = await served(wire, { contentType: 'application/json', body: whole(text) })
    expect(response.text).toBe(text)
    expect(events.filter(({ type }) => type === 'text-delta')).toHaveLength(1)
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
  })

  test('T16: a login page with status 200 is an error that shows its type and how it begins', async () => {
    const page = `<!doctype html><title>Sign in</title>${'<p>Please sign in to the garden.</p>'.repeat(20)}`
    const { response } = await served(wire, { contentType: 'text/html; charset=utf-8', body: page })
    expect(response.ending).toMatchObject({ reason: 'error', complete: false, error: { type: 'wire' } })
    expect(response.error?.message).toContain('text/html')
    expect(response.error?.message).toContain(page.slice(0, 200))
    expect(response.error?.message).not.toContain(page.slice(0, 202))
    expect(response.error?.advice).toContain('baseUrl')
  })

  test.each([
    ['destroyed', (to: ServerResponse) => to.destroy()],
    ['reset', (to: ServerResponse) => to.socket?.resetAndDestroy()],
  ])('T17: a socket %s after some text is a truncated answer with its cause', async (_, destroy) => {
    const heard = gate()
    const body = async (to: ServerResponse) => {
      to.write(open + say('kept'))
      await heard.opened
      destroy(to)
    }
    await using server = await wireServer(reply(wire, body as never))
    const response = await wrapperFor(wire, { baseUrl: server.url }).call([{ role: 'user', content: 'Hi' }])
    for await (const event of response.events) if (event.type === 'text-delta') heard.open()
    expect(response.text).toBe('kept')
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false, error: { code: 'ECONNRESET' } })
    await expect(response.getText()).rejects.toMatchObject({ partialText: 'kept', retryable: true })
  })

  test('T18: a clean end after text, without finish and end mark, is a truncated answer', async () => {
    const { response } = await served(wire, reply(wire, open + say('kept')))
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false, error: { type: 'wire' } })
    expect(response.error).toMatchObject({ partialText: 'kept', retryable: true })
  })

  test('T20: a finish and then a close without the end mark is a complete answer', async () => {
    const body = wire === 'ollama' ? bodyOf(wire).trimEnd() : open + say('kept') + finish
    const { response } = await served(wire, reply(wire, body))
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
    expect(await response.getText()).toBe(response.text)
  })

  test('T23: an error as the first thing inside a 200 is tried again, and the good answer is heard', async () => {
    const replies = [reply(wire, overloaded('Too busy.')), reply(wire, bodyOf(wire))]
    const { events, response, requests } = await served(wire, replies, { maxRetries: 1 })
    expect(requests).toHaveLength(2)
    expect(await response.getText()).toBe(text)
    expect(events[1]).toMatchObject({ type: 'notice', kind: 'retry', text: expect.stringContaining('Too busy.') })
  })
})

test.each([
  ['openai', `${words.openai.open}${words.openai.text('kept')}data: [DONE]\n\n`],
  ['openai', `${words.openai.text('kept')}${words.openai.finish.replace('"stop"', '""')}data: [DONE]\n\n`],
  ['ollama', `${words.ollama.text('kept')}{"message":{"content":""},"done":true}\n`],
  ['anthropic', `${words.anthropic.open}${words.anthropic.text('kept')}${words.anthropic.marker}`],
] as const)(
  'T19: %s: text, the end mark and never a finish reason is complete, for an unknown reason',
  async (wire, body) => {
    const { response } = await served(wire, reply(wire, body))
    expect(response.ending).toEqual({ reason: 'unknown', complete: true })
    expect(await response.getText()).toBe('kept')
  },
)

describe.each(wires)('%s: trying again', (wire) => {
  test.each([
    ['T21: 429 with Retry-After: 0', { status: 429, headers: { 'retry-after': '0' }, body: 'slow down' }],
    ['T22: 503 with retry-after-ms: 10', { status: 503, headers: { 'retry-after-ms': '10' }, body: 'busy' }],
  ])('%s, then 200, is one retry and one logical stream', async (_, refusal) => {
    const { events, response, requests } = await served(wire, [refusal, reply(wire, bodyOf(wire))], { maxRetries: 2 })
    expect(requests).toHaveLength(2)
    expect(response.text).toBe(text)
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual(['message-start', 'notice', 'block-start'])
    expect(events[1]).toMatchObject({ kind: 'retry', details: { attempt: 1 } })
  })
})

test('T23: Anthropic overloaded after message_start and ping, with no content yet, is tried again', async () => {
  const { open, overloaded } = words.anthropic
  const replies = [reply('anthropic', open + overloaded('Too busy.')), reply('anthropic', bodyOf('anthropic'))]
  const { events, response, requests } = await served('anthropic', replies, { maxRetries: 1 })
  expect(requests).toHaveLength(2)
  expect(response.text).toBe(text)
  expect(events.filter(({ type }) => type === 'message-start')).toHaveLength(1)
})

test('a single line of 2 MB that arrives in reads of 1 KB gives the right text', async () => {
  const long = '园丁'.repeat(350_000)
  const bytes = Buffer.from(answerOf('gemini', long))
  expect(bytes.length).toBeGreaterThan(2_000_000)
  const { response } = await decoded(wrapperFor('gemini', { fetch: fetchOf(cut(bytes, 1024), 'text/event-stream') }))
  expect(response.text).toBe(long)
})
