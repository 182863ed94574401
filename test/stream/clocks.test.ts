// Rows T24 to T26: the clocks of a call, set short, against servers that keep silent in three ways.
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { TimeoutError } from '../../src/core/error.ts'
import { clocksFor } from '../../src/stream/clocks.ts'
import { decoded, served } from '../suites/decode.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { dialectWires, words } from '../suites/wire-words.ts'
import { wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const question = [{ role: 'user', content: 'Hi' }]

/** Sends this again and again until the client has gone. */
function repeating(piece: string, sent: { times: number }, before = ''): NonNullable<Reply['body']> {
  return async (response: ServerResponse) => {
    response.write(before)
    while (!response.destroyed) {
      response.write(piece)
      sent.times += 1
      await wait(10)
    }
  }
}

test('T24: headers that never arrive are a timeout of the headers clock, which may be retried by the user', async () => {
  await using server = await wireServer(null)
  const model = wrapperFor('openai', { baseUrl: server.url, clocks: { headersMs: 200 }, maxRetries: 2 })
  const error = await model.call(question).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TimeoutError)
  expect(error).toMatchObject({ type: 'timeout', clock: 'headers', afterMs: 200, retryable: true })
  expect((error as Error).message).toContain('timeout: headers')
  expect((error as TimeoutError).advice).toContain('clocks.headersMs')
  expect(server.received).toHaveLength(1)
  await server.received[0]!.closed
})

describe.each(dialectWires)('%s', (wire) => {
  const { contentType, open, text, finish, marker, ping } = words[wire]

  test('T25: headers and then only comments are a timeout of the first content', async () => {
    const sent = { times: 0 }
    const replies = { contentType, body: repeating(ping, sent) }
    const { response } = await served(wire, replies, { clocks: { firstContentMs: 250 } })
    expect(response.error).toMatchObject({ clock: 'first_content', afterMs: 250, retryable: true })
    expect(response.ending).toMatchObject({ reason: 'error', complete: false, error: { clock: 'first_content' } })
    expect(sent.times).toBeGreaterThan(1)
  })

  test('T26: one token and then silence is a stall, and the token is kept', async () => {
    await using server = await wireServer({ contentType, body: open + text('kept'), end: 'open' })
    const model = wrapperFor(wire, { baseUrl: server.url, clocks: { stallMs: 60 } })
    const began = performance.now()
    const { response } = await decoded(model)
    // Far below the clock of the first content and the notice of silence, which were set before the token came.
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(response.error).toMatchObject({ clock: 'stall', afterMs: 60, partialText: 'kept' })
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false })
    await server.received[0]!.closed
  })

  test('T26: comments after the first token do not keep a stalled reply alive', async () => {
    const sent = { times: 0 }
    const replies = { contentType, body: repeating(ping, sent, open + text('kept')) }
    const { response } = await served(wire, replies, { clocks: { stallMs: 250 } })
    expect(response.error).toMatchObject({ clock: 'stall', partialText: 'kept' })
    expect(sent.times).toBeGreaterThan(1)
  })

  test('comments count as progress for a provider that declares them so', async () => {
    const reply: Reply = {
      contentType,
      body: [open, ...Array<string>(20).fill(ping), text('late'), finish + marker],
      gate: () => wait(20),
    }
    // All pings together take longer than the clocks allow, no single one nearly as long.
    const clocks = { firstContentMs: 300, stallMs: 300, pingsAreProgress: true }
    const { response } = await served(wire, reply, { clocks })
    expect(response.text).toBe('late')
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
  })
})

const { contentType, open, text, finish, marker } = words.openai

test('the clocks stand still while the consumer is slow', async () => {
  const read = gate()
  const reply = { contentType, body: [open + text('one'), text(' two'), finish + marker], gate: () => read.opened }
  await using server = await wireServer(reply)
  const clocks = { firstContentMs: 250, stallMs: 250, silenceNoticeMs: 30 }
  const response = await wrapperFor('openai', { baseUrl: server.url, clocks }).call(question)
  await wait(350)
  const seen: string[] = []
  for await (const [, sofar] of response.stream!) {
    seen.push(sofar)
    read.open()
    await wait(350)
  }
  expect(seen).toEqual(['one', 'one two', 'one two'])
})

test('each piece winds the stall clock up again', async () => {
  const pieces = Array.from({ length: 8 }, (_, at) => text(`${at}`))
  const reply = { contentType, body: [open, ...pieces, finish + marker], gate: () => wait(50) }
  const { response } = await served('openai', reply, { clocks: { firstContentMs: 300, stallMs: 300 } })
  expect(response.text).toBe('01234567')
})

test('silence is told as a notice, again and again, and changes nothing', async () => {
  const told = gate()
  const reply = { contentType, body: [open + text('one'), text(' two') + finish + marker], gate: () => told.opened }
  await using server = await wireServer(reply)
  const response = await wrapperFor('openai', { baseUrl: server.url, clocks: { silenceNoticeMs: 20 } }).call(question)
  const silences: unknown[] = []
  for await (const event of response.events) {
    if (event.type === 'notice') silences.push(event)
    if (silences.length === 3) told.open()
  }
  expect(silences[0]).toMatchObject({ kind: 'silence', id: response.id, text: expect.stringContaining('silent') })
  expect(response.text).toBe('one two')
  expect(response.ending).toMatchObject({ complete: true })
})

test('a clock at infinity is off', async () => {
  const off = Number.POSITIVE_INFINITY
  const clocks = { headersMs: off, firstContentMs: off, stallMs: off, silenceNoticeMs: off }
  const { response } = await served('openai', { contentType, body: open + text('ok') + finish }, { clocks })
  expect(response.text).toBe('ok')
})

test('a reply that does not stream may take ten minutes for each of its clocks', () => {
  expect(clocksFor(true)).toMatchObject({ headersMs: 30_000, firstContentMs: 300_000, stallMs: 120_000 })
  expect(clocksFor(false)).toMatchObject({ headersMs: 600_000, firstContentMs: 600_000, stallMs: 600_000 })
  expect(clocksFor(true).silenceNoticeMs).toBe(10_000)
})

test('a whole reply whose body never comes is a timeout too', async () => {
  await using server = await wireServer({ contentType: 'application/json', body: '', end: 'open' })
  const model = wrapperFor('openai', { baseUrl: server.url, clocks: { firstContentMs: 60 } })
  await expect(model.call(question, { stream: false })).rejects.toMatchObject({ clock: 'first_content' })
  await server.received[0]!.closed
})
