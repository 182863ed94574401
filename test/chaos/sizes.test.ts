// Sizes that no provider sends: lines without an end, bombs of a few compressed bytes, floods of headers.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGzip, type Gzip } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { words } from '../suites/wire-words.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'
import { megabytesHeld, megabytesInUse } from './memory.ts'

const megabyte = 1024 * 1024
const ask = [{ role: 'user', content: 'Hi' }]

expectNoLostRejections()

/** A body that begins with an answer and goes on with the same bytes, up to so many; counts what was taken of it. */
function endless(wire: Wire, begin: string, filler: Uint8Array, most: number) {
  const taken = { bytes: 0, isClosed: false, peak: 0 }
  const fetch = async () => {
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const bytes = taken.bytes === 0 ? Buffer.from(begin) : filler
          taken.bytes += bytes.length
          taken.peak = Math.max(taken.peak, megabytesHeld())
          if (taken.bytes > most) controller.close()
          else controller.enqueue(bytes.slice())
        },
        cancel() {
          taken.isClosed = true
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body, { headers: { 'content-type': words[wire].contentType } })
  }
  return { fetch, taken }
}

/** The answer of one word, then a line that has begun. */
function lineBegun(wire: Wire): string {
  const { open, text } = words[wire]
  return `${open}${text('Hi')}${wire === 'ollama' ? '{"padding":"' : 'data: {"padding":"'}`
}

describe('a line of 100 MB', () => {
  test.each(wires)('%s: ends at 64 MiB with a typed error, and what came before is kept', async (wire) => {
    const { fetch, taken } = endless(wire, lineBegun(wire), Buffer.alloc(megabyte, 'x'), 100 * megabyte)
    const before = megabytesInUse()
    const response = await wrapperFor(wire, { fetch }).call(ask)
    const events = await Array.fromAsync(response.events)
    expect(events.at(-1)).toMatchObject({ type: 'message-end', ending: { reason: 'truncated', complete: false } })
    expect(response.error).toMatchObject({ type: 'wire', message: expect.stringContaining('longer than 67108864') })
    expect(response.text).toBe('Hi')
    expect(taken.isClosed).toBe(true)
    expect(taken.bytes).toBeLessThan(67 * megabyte)
    expect(taken.peak - before).toBeLessThan(64 + 40)
  })
})

/** A server whose answer is a few bytes on the network and any number of them when they are unpacked. */
async function bomb(begin: string, filler: string, megabytes: number) {
  const piece = Buffer.from(filler.repeat(Math.ceil(megabyte / filler.length)))
  const written = { megabytes: 0 }
  const closed = Promise.withResolvers<void>()
  const server = createServer((_, response) => {
    response.on('close', closed.resolve)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
    void pack(response, begin, piece, megabytes, written)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { baseUrl, written, closed: closed.promise, [Symbol.asyncDispose]: close }
}

async function pack(
  response: ServerResponse,
  begin: string,
  piece: Buffer,
  most: number,
  written: { megabytes: number },
) {
  const gzip = createGzip()
  gzip.on('error', () => {})
  gzip.pipe(response)
  response.on('close', () => gzip.destroy())
  gzip.write(begin)
  while (written.megabytes < most && !gzip.destroyed) {
    written.megabytes += 1
    if (gzip.write(piece)) continue
    await drained(gzip)
  }
  if (!gzip.destroyed) gzip.end()
}

function drained(gzip: Gzip): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      gzip.off('drain', done).off('close', done)
      resolve()
    }
    gzip.once('drain', done).once('close', done)
  })
}

describe('a gzip bomb', () => {
  const { open, text } = words.openai

  test('of one line ends at the bound of lines, with its socket closed', async () => {
    await using server = await bomb(lineBegun('openai'), 'x', 2048)
    const before = megabytesInUse()
    const response = await wrapperFor('openai', { baseUrl: server.baseUrl }).call(ask)
    await response.getText().catch(() => {})
    expect(response.error).toMatchObject({ type: 'wire', message: expect.stringContaining('longer than 67108864') })
    expect(response.text).toBe('Hi')
    await server.closed
    expect(megabytesInUse() - before).toBeLessThan(8)
  })

  test.each([
    ['words', text('x'.repeat(200))],
    ['signs of life', ': ping\n\n'],
    ['values of no wire', 'data: {"unknown":"value"}\n\n'],
  ])('of %s ends at maxReplyBytes, with its socket closed', async (_, filler) => {
    await using server = await bomb(open + text('Hi'), filler, 2048)
    const model = wrapperFor('openai', { baseUrl: server.baseUrl, maxReplyBytes: 4 * megabyte })
    const response = await model.call(ask)
    const before = megabytesInUse()
    for await (const event of response.events) if (event.type === 'message-end') break
    expect(response.error).toMatchObject({
      type: 'wire',
      message: 'openai: the reply is longer than 4194304 bytes.',
      advice: expect.stringContaining('maxReplyBytes'),
    })
    expect(response.text?.startsWith('Hi')).toBe(true)
    await server.closed
    expect(megabytesInUse() - before).toBeLessThan(16)
  })

  test('costs nothing while nobody reads on', async () => {
    await using server = await bomb(open + text('Hi'), text('x'.repeat(200)), 512)
    const response = await wrapperFor('openai', { baseUrl: server.baseUrl }).call(ask)
    await response.stream!.next()
    const before = megabytesInUse()
    // The network takes all of it, packed as it is, or as much as it holds; either way nothing is unpacked.
    for (let seen = -1; seen !== server.written.megabytes; await new Promise((resolve) => setTimeout(resolve, 100))) {
      seen = server.written.megabytes
    }
    expect(megabytesInUse() - before).toBeLessThan(8)
    await response.cancel()
    await server.closed
  })

  test('of one value, for a reply that does not stream, ends at maxReplyBytes', async () => {
    await using server = await bomb('{"padding":"', 'x', 1024)
    const model = wrapperFor('openai', { baseUrl: server.baseUrl, stream: false, max_reply_bytes: 4 * megabyte })
    await expect(model.call(ask)).rejects.toMatchObject({ type: 'wire', message: expect.stringContaining('4194304') })
    await server.closed
  })
})

test('a flood of headers is a typed error that says where it comes from, and is not asked for again', async () => {
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    const headers = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`x-flood-${at}`, 'y'.repeat(50)]))
    response.writeHead(200, headers)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const refused = wrapperFor('openai', { baseUrl, maxRetries: 2 }).call(ask)
  await expect(refused).rejects.toMatchObject({
    type: 'provider',
    code: 'HPE_HEADER_OVERFLOW',
    retryable: false,
    advice: expect.stringContaining('headers'),
  })
  expect(asked).toBe(1)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
