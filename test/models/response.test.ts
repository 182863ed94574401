// The response as AgentScope's tutorial promises it (contract rows 9 to 17) and as its users expect it (26 to 34).
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { StreamConsumedError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { decoded, fetchOf, served } from '../suites/decode.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, type WireServer, wireServer } from '../suites/wire-server.ts'
import { answerOf, dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const question = [{ role: 'user', content: 'Hi!' }]
const hello = ['Hello', '! How can I assist you', ' today?']
const greeting = hello.join('')
const greetingPairs = [
  [false, 'Hello'],
  [false, 'Hello! How can I assist you'],
  [false, 'Hello! How can I assist you today?'],
  [true, 'Hello! How can I assist you today?'],
]

const replyOf = (wire: Wire, body: string = answerOf(wire, ...hello)): Reply => ({
  contentType: words[wire].contentType,
  body,
})
const wholeOf = (wire: Wire, text = greeting): Reply => ({
  contentType: 'application/json',
  body: words[wire].whole(text),
})
const call = (server: WireServer, wire: Wire, options: Record<string, unknown> = {}) =>
  wrapperFor(wire, { baseUrl: server.url }).call(question, options)

async function pairsOf(response: ModelResponse): Promise<unknown[]> {
  const pairs: unknown[] = []
  for await (const pair of response.stream!) pairs.push(pair)
  return pairs
}

describe.each(wires)('%s', (wire) => {
  test('row 9: stream is an async generator when the call streams, and null when it does not', async () => {
    await using server = await wireServer(replyOf(wire), wholeOf(wire))
    const streamed = await call(server, wire)
    expect(Symbol.asyncIterator in streamed.stream!).toBe(true)
    expect(Object.prototype.toString.call(streamed.stream)).toBe('[object AsyncGenerator]')
    expect(streamed.stream).toBe(streamed.stream)
    await streamed.cancel()
    expect((await call(server, wire, { stream: false })).stream).toBeNull()
  })

  test('rows 10 to 13: iterating gives cumulative pairs, and true exactly once, on the last', async () => {
    await using server = await wireServer(replyOf(wire))
    expect(await pairsOf(await call(server, wire))).toEqual(greetingPairs)
  })

  test('row 14: text is null before the first piece, and in the loop always the text of the pair', async () => {
    await using server = await wireServer(replyOf(wire))
    const response = await call(server, wire)
    expect(response.text).toBeNull()
    for await (const [, text] of response.stream!) expect(response.text).toBe(text)
    expect(response.text).toBe(greeting)
  })

  test('row 16 and 17: getText() gives the whole text with and without stream, as often as it is asked', async () => {
    await using server = await wireServer(replyOf(wire), wholeOf(wire))
    const streamed = await call(server, wire)
    const plain = await call(server, wire, { stream: false })
    expect(plain.text).toBe(greeting)
    for (const response of [streamed, plain]) {
      expect(await Promise.all([response.getText(), response.getText()])).toEqual([greeting, greeting])
      expect(await response.getText()).toBe(response.text)
      expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
    }
    expect(server.received).toHaveLength(2)
  })

  test('row 26: each piece is seen before the next one is sent', async () => {
    const { contentType, open, text, finish, marker } = words[wire]
    const gates = hello.map(() => gate())
    const body = [open + text(hello[0]!), text(hello[1]!), text(hello[2]!), finish + marker]
    await using server = await wireServer({ contentType, body, gate: (piece) => gates[piece - 1]!.opened })
    const seen: unknown[] = []
    for await (const pair of (await call(server, wire)).stream!) {
      seen.push(pair)
      gates[seen.length - 1]?.open()
    }
    expect(seen).toEqual(greetingPairs)
  })

  test('row 27: a broken reply throws after everything that came, and getText() rejects every time', async () => {
    const { open, text, overloaded } = words[wire]
    await using server = await wireServer(replyOf(wire, open + text('Hel') + text('lo') + overloaded('Too busy.')))
    const response = await call(server, wire)
    const seen: string[] = []
    const reading = (async () => {
      for await (const [, text] of response.stream!) seen.push(text)
    })()
    await expect(reading).rejects.toMatchObject({ partialText: 'Hello', provider: expect.any(String) })
    expect(seen).toEqual(['Hel', 'Hello'])
    expect(response.text).toBe('Hello')
    for (let at = 0; at < 2; at += 1) await expect(response.getText()).rejects.toBe(response.error)
  })

  test('row 33: an answer without text is one pair, and its text is empty, not null', async () => {
    const { open, finish, marker } = words[wire]
    await using server = await wireServer(replyOf(wire, open + finish + marker))
    const response = await call(server, wire)
    expect(await pairsOf(response)).toEqual([[true, '']])
    expect(response.text).toBe('')
    expect(await response.getText()).toBe('')
  })
})

describe('row 15: a response is read once', () => {
  test('a second loop is an error that points to text and getText()', async () => {
    await using server = await wireServer(replyOf('openai'))
    const response = await call(server, 'openai')
    await pairsOf(response)
    const again = pairsOf(response)
    await expect(again).rejects.toBeInstanceOf(StreamConsumedError)
    await expect(again).rejects.toMatchObject({ advice: expect.stringContaining('getText()') })
    expect(response.text).toBe(greeting)
  })

  test('so is a second loop beside the first, a loop over events after the stream, and one after getText()', async () => {
    await using server = await wireServer(replyOf('openai'))
    const beside = await call(server, 'openai')
    const first = beside.stream![Symbol.asyncIterator]()
    await first.next()
    await expect(pairsOf(beside)).rejects.toBeInstanceOf(StreamConsumedError)
    await expect(beside.events.next()).rejects.toBeInstanceOf(StreamConsumedError)
    expect(await first.next()).toMatchObject({ done: false })
    const drained = await call(server, 'openai')
    await drained.getText()
    await expect(pairsOf(drained)).rejects.toBeInstanceOf(StreamConsumedError)
    await first.return!(undefined)
  })
})

describe('row 16: getText()', () => {
  test('reads the rest after a loop that is under way', async () => {
    await using server = await wireServer(replyOf('openai'))
    const response = await call(server, 'openai')
    const pairs = response.stream![Symbol.asyncIterator]()
    await pairs.next()
    expect(await response.getText()).toBe(greeting)
    expect(await pairs.next()).toEqual({ value: [true, greeting], done: false })
    expect(await pairs.next()).toEqual({ value: undefined, done: true })
  })

  test('takes no event away from a loop over events that is under way', async () => {
    await using server = await wireServer(replyOf('openai'))
    const response = await call(server, 'openai')
    const events: StreamEvent[] = []
    for await (const event of response.events) {
      events.push(event)
      if (event.type === 'text-delta') expect(await response.getText()).toBe(greeting)
    }
    checkEventLaws(events, response.message)
    expect(events.filter(({ type }) => type === 'text-delta')).toHaveLength(3)
  })

  test('gives what was read when the listener left the loop', async () => {
    await using server = await wireServer(replyOf('openai'))
    const response = await call(server, 'openai')
    for await (const _ of response.stream!) break
    expect(await response.getText()).toBe('Hello')
  })
})

test('row 16: a response is no thenable, and await gives the response itself', async () => {
  await using server = await wireServer(replyOf('openai'))
  const response = await call(server, 'openai')
  expect('then' in response).toBe(false)
  expect(await response).toBe(response)
  await response.cancel()
})

test('events are given for a call that did not stream, too', async () => {
  await using server = await wireServer(wholeOf('openai'))
  const response = await call(server, 'openai', { stream: false })
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  checkEventLaws(events, response.message)
  expect(events.map(({ type }) => type)).toEqual([
    'message-start',
    'block-start',
    'text-delta',
    'block-end',
    'message-end',
  ])
})

const chunk = (delta: object, rest: object = {}) =>
  `data: ${JSON.stringify({ id: 'c1', choices: [{ delta }], ...rest })}\n\n`
const done = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
const toolCall = (input: string) =>
  chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'water', arguments: input } }] })

test('row 28: tool calls are there when the stream ends; broken arguments are kept as text and throw nothing', async () => {
  const whole = await served('openai', { body: toolCall('{"bed":') + toolCall('3}') + done })
  expect(whole.response.toolCalls).toEqual([{ id: 'a', name: 'water', input: { bed: 3 }, rawInput: '{"bed":3}' }])
  const broken = await served('openai', { body: toolCall('{"bed": three}') + done })
  expect(broken.response.toolCalls).toMatchObject([{ input: undefined, rawInput: '{"bed": three}' }])
  expect(broken.response.ending?.note).toBe('truncatedToolCall')
})

test('row 29: thinking is told apart and is no part of the text', async () => {
  await using server = await wireServer({
    body: chunk({ reasoning_content: 'Hm.' }) + chunk({ content: 'Yes.' }) + done,
  })
  const response = await call(server, 'openai')
  expect(response.thinking).toBeNull()
  expect(await pairsOf(response)).toEqual([
    [false, 'Yes.'],
    [true, 'Yes.'],
  ])
  expect(response.thinking).toBe('Hm.')
})

describe('row 30: usage', () => {
  const usage = { usage: { prompt_tokens: 3, completion_tokens: 2 } }

  test('is known after the stream, in our names, with the raw object', async () => {
    const { response } = await served('openai', { body: chunk({ content: 'a' }) + done + chunk({}, usage) })
    expect(response.usage).toMatchObject({ inputTokens: 3, outputTokens: 2, totalTokens: 5, raw: usage.usage })
    expect(response.message.usage).toEqual(response.usage)
  })

  test('is kept when the reply breaks, and when the listener leaves early', async () => {
    const broken = await served('openai', { body: chunk({ content: 'a' }, usage) })
    expect(broken.response).toMatchObject({ usage: { outputTokens: 2 }, ending: { reason: 'truncated' } })
    await using server = await wireServer({ body: chunk({ content: 'a' }, usage), end: 'open' })
    const response = await call(server, 'openai')
    for await (const _ of response.stream!) break
    expect(response.usage).toMatchObject({ outputTokens: 2 })
    expect(response.message.usage).toEqual(response.usage)
  })

  test('is undefined when the provider reported none', async () => {
    expect((await served('openai', replyOf('openai'))).response.usage).toBeUndefined()
  })
})

test('row 31: a stopped call rejects as aborted when it does not stream, and keeps the text when it does', async () => {
  await using server = await wireServer(null, { ...replyOf('openai', words.openai.text('kept')), end: 'open' })
  const signal = AbortSignal.timeout(60)
  await expect(call(server, 'openai', { stream: false, signal })).rejects.toMatchObject({ type: 'aborted' })
  const stop = new AbortController()
  const response = await call(server, 'openai', { signal: stop.signal })
  for await (const event of response.events) if (event.type === 'text-delta') stop.abort()
  expect(response).toMatchObject({ text: 'kept', ending: { reason: 'aborted', complete: false } })
})

test('row 32: a clock that runs out is a typed error with the text that came', async () => {
  await using server = await wireServer({ ...replyOf('openai', words.openai.text('kept')), end: 'open' })
  const model = wrapperFor('openai', { baseUrl: server.url, clocks: { stallMs: 50 } })
  const { response } = await decoded(model)
  await expect(response.getText()).rejects.toMatchObject({ type: 'timeout', clock: 'stall', partialText: 'kept' })
})

describe('row 34: oddities of providers throw nothing', () => {
  test.each([
    ['content that is null or absent', chunk({ content: null }) + chunk({}) + chunk({ content: 'ok' }) + done],
    [
      'no choices, null choices',
      `data: {"choices":[]}\n\ndata: {"choices":null}\n\n${chunk({ content: 'ok' })}${done}`,
    ],
    [
      'comments and CRLF',
      `: alive\r\n\r\n${(chunk({ content: 'ok' }) + done).replaceAll('\n', '\r\n')}data: [DONE]\r\n\r\n`,
    ],
    ['values that are no objects', `data: 7\n\ndata: null\n\ndata: "x"\n\n${chunk({ content: 'ok' })}${done}`],
  ])('%s', async (_, body) => {
    const { response } = await served('openai', { body })
    expect(response.text).toBe('ok')
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
  })

  test.each(dialectWires)(
    '%s: a whole reply that is no JSON is a wire error that keeps what was received',
    async (wire) => {
      await using server = await wireServer({ contentType: 'text/html', body: '<html>Sign in</html>' })
      await expect(call(server, wire, { stream: false })).rejects.toMatchObject({
        type: 'wire',
        received: '<html>Sign in</html>',
        advice: expect.stringContaining('baseUrl'),
      })
    },
  )
})

describe('a whole reply that ends early is a typed error that keeps what was received, and may be tried again', () => {
  const half = words.openai.whole(greeting).slice(0, 40)

  test('when the body just stops', async () => {
    await using server = await wireServer({ contentType: 'application/json', body: half })
    await expect(call(server, 'openai', { stream: false })).rejects.toMatchObject({
      type: 'wire',
      retryable: true,
      received: half,
      message: expect.stringContaining('ends early'),
    })
  })

  test('when the connection breaks', async () => {
    const headers = { 'content-length': '900' }
    await using server = await wireServer({ contentType: 'application/json', headers, body: half, end: 'destroy' })
    await expect(call(server, 'openai', { stream: false })).rejects.toMatchObject({
      type: 'provider',
      retryable: true,
      code: 'ECONNRESET',
    })
  })

  test('when it is empty', async () => {
    await using server = await wireServer({ contentType: 'application/json', body: '' })
    await expect(call(server, 'openai', { stream: false })).rejects.toMatchObject({ code: 'EMPTY', retryable: true })
  })
})

test('printing or serialising a response shows what is known and never more', async () => {
  const { response } = await served('openai', replyOf('openai'))
  expect(JSON.parse(JSON.stringify(response))).toMatchObject({ text: greeting, ending: { reason: 'stop' } })
  expect(inspect(response)).toContain(greeting)
  expect(inspect(response)).not.toContain('test-key')
})

test('events after getText() has begun is a second reading, also while it is under way', async () => {
  const model = wrapperFor('openai', { fetch: fetchOf([Buffer.from('data: [DONE]\n\n')], 'text/event-stream') })
  const response = await model.call([{ role: 'user', content: 'Hi' }], { stream: true })
  const text = response.getText()
  await expect(response.events.next()).rejects.toBeInstanceOf(StreamConsumedError)
  expect(await text).toBe('')
})

test('leaving a stream before its first value stops the reply', async () => {
  await using server = await wireServer({ body: 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n', end: 'open' })
  const response = await wrapperFor('openai', { baseUrl: server.url }).call([{ role: 'user', content: 'Hi' }])
  await response.stream?.return(undefined)
  await server.received[0]?.closed
  expect(response.ending).toMatchObject({ reason: 'aborted', complete: false })
})

test('a signal that is aborted while nobody reads shows in the ending at once', async () => {
  await using server = await wireServer({ end: 'open' })
  const stop = new AbortController()
  const options = { signal: stop.signal }
  const response = await wrapperFor('openai', { baseUrl: server.url }).call([{ role: 'user', content: 'Hi' }], options)
  stop.abort()
  expect(response.ending).toMatchObject({ reason: 'aborted', error: { type: 'aborted' } })
})
