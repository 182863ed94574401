// Requests by Node's own HTTP client: the bytes that `fetch` would give, and its errors, closings and limits.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ProviderError } from '../../src/core/error.ts'
import type { HttpReply } from '../../src/stream/http.ts'
import { send } from '../../src/stream/http.ts'
import { unreachable } from '../../src/stream/network-error.ts'
import { nodeClientFor } from '../../src/stream/node-client.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'

expectNoLostRejections()

const options = { provider: 'garden', headersMs: 5_000, secrets: [] }
const request = (url: string, headers: Record<string, string> = {}) => ({
  url,
  headers: { 'content-type': 'application/json', ...headers },
  body: '{"flower":"röschen"}',
})

async function whole(reply: HttpReply): Promise<string> {
  const pieces: Uint8Array[] = []
  for (let piece = await reply.read(); piece !== undefined; piece = await reply.read()) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

async function bodyOf(reply: Reply): Promise<string> {
  await using server = await wireServer(reply)
  return whole(await send(request(server.url), options))
}

interface Dispatcher {
  dispatch(options: object, handler: object): boolean
  compose(around: (next: unknown) => unknown): Dispatcher
}

interface RawServer extends AsyncDisposable {
  url: string
  /** Resolves when everything has been written and the server has said that no more comes. */
  ended: Promise<void>
}

/** Speaks bytes of its own, HTTP or not, after the request's first bytes. */
async function rawServer(speak: (socket: Socket) => void): Promise<RawServer> {
  const { promise: ended, resolve: tellEnded } = Promise.withResolvers<void>()
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.once('data', () => speak(socket))
    socket.once('finish', () => tellEnded())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ended,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'

async function failureOf(speak: (socket: Socket) => void): Promise<ProviderError> {
  await using server = await rawServer(speak)
  const asked = send(request(server.url), options).then(whole)
  return await asked.then(
    (text) => expect.unreachable(text) as never,
    (thrown: unknown) => thrown as ProviderError,
  )
}

test('a request says who sends it and how long it is, and asks for no compression', async () => {
  await using server = await wireServer({ body: 'well' })
  await whole(await send(request(server.url, { 'x-own': 'yes' }), options))
  const { method, headers, body } = server.received[0]!
  expect({ method, body }).toEqual({ method: 'POST', body: { flower: 'röschen' } })
  expect(headers).toMatchObject({
    'x-own': 'yes',
    'content-length': '21',
    'accept-encoding': 'identity',
    'user-agent': expect.stringMatching(/^agentscope\//),
  })
})

test("a user's own header takes the place of the package's", async () => {
  await using server = await wireServer({ body: 'well' })
  await whole(await send(request(server.url, { 'user-agent': 'gardener', 'accept-encoding': 'gzip' }), options))
  expect(server.received[0]!.headers).toMatchObject({ 'user-agent': 'gardener', 'accept-encoding': 'gzip' })
})

test('a connection serves the next request', async () => {
  await using server = await wireServer({ body: 'well' })
  for (let round = 0; round < 3; round += 1) await whole(await send(request(server.url), options))
  expect(new Set(server.received.map(({ closed }) => closed)).size).toBe(1)
})

describe('a connection that was kept, but is gone', () => {
  test('does not fail a call: it goes out again, on one of its own', async () => {
    const answered = `${head}content-length: 4\r\n\r\nwell`
    let asked = 0
    // Each connection serves once and is reset by the next request, without a word before.
    await using server = await rawServer((socket) => {
      asked += 1
      socket.write(answered)
      socket.once('data', () => socket.resetAndDestroy())
    })
    await Promise.all(
      Array.from({ length: 5 }, async () => expect(await whole(await send(request(server.url), options))).toBe('well')),
    )
    for (let round = 0; round < 10; round += 1) {
      expect(await whole(await send(request(server.url), options))).toBe('well')
    }
    expect(asked).toBe(15)
  })

  test('fails as ever when the new one breaks too', async () => {
    let isFirst = true
    await using server = await rawServer((socket) => {
      if (isFirst) socket.write(`${head}content-length: 4\r\n\r\nwell`)
      else socket.destroy()
      isFirst = false
      socket.once('data', () => socket.resetAndDestroy())
    })
    await whole(await send(request(server.url), options))
    const again = send(request(server.url), options)
    await expect(again).rejects.toMatchObject({ code: 'ECONNRESET', retryable: true })
  })
})

test('headers are read without regard to case, and those that come twice are joined', async () => {
  await using server = await rawServer((socket) => {
    socket.end(`${head}X-Litellm-Version: 1\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\ncontent-length: 4\r\n\r\nwell`)
  })
  const reply = await send(request(server.url), options)
  const all = Object.fromEntries(reply.headers)
  expect(reply.headers.get('x-litellm-version')).toBe('1')
  expect(reply.headers.get('missing')).toBeNull()
  expect(all).toMatchObject({ 'set-cookie': 'a=1, b=2', 'content-length': '4' })
  expect(await whole(reply)).toBe('well')
})

test('all pieces of one read are handed over as one', async () => {
  const pieces = Array.from({ length: 500 }, (_, at) => `data: ${at}\n\n`)
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')
  await using server = await rawServer((socket) => {
    socket.end(`${head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunks}0\r\n\r\n`)
  })
  const reply = await send(request(server.url), options)
  let text = ''
  let reads = 0
  for (let piece = await reply.read(); piece !== undefined; piece = await reply.read()) {
    text += Buffer.from(piece).toString()
    reads += 1
  }
  expect(text).toBe(pieces.join(''))
  expect(reads).toBeLessThan(50)
})

describe('a compressed body', () => {
  const text = 'data: roses and röschen\n\n'.repeat(100)
  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['gzip, deflate', deflateRawSync(gzipSync(text))],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', Buffer.from(text)],
    ['identity, gzip', gzipSync(text)],
    ['pressed-flowers', Buffer.from(text)],
  ])('in %s is read as it was meant', async (encoding, body) => {
    expect(await bodyOf({ headers: { 'content-encoding': encoding }, body })).toBe(text)
  })

  test('comes piece by piece, as it was written', async () => {
    const gzip = createGzip()
    const { promise: read, resolve: goOn } = Promise.withResolvers<void>()
    await using server = await wireServer({
      headers: { 'content-encoding': 'gzip' },
      body: (response) => {
        gzip.pipe(response)
        gzip.write('first')
        gzip.flush(() => void read.then(() => gzip.end('second')))
      },
    })
    const reply = await send(request(server.url), options)
    expect(Buffer.from((await reply.read())!).toString()).toBe('first')
    goOn()
    expect(await whole(reply)).toBe('second')
  })

  test('that breaks off is kept as far as it came', async () => {
    await using server = await wireServer({
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(text).subarray(0, 40),
    })
    expect(text.startsWith(await whole(await send(request(server.url), options)))).toBe(true)
  })

  test.each<[string, (text: string) => Uint8Array]>([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['deflate', deflateRawSync],
    ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
  ])(
    'in %s that came whole, but whose connection broke, is read whole, however slow its reader',
    async (name, pack) => {
      const words = Array.from({ length: 50_000 }, (_, at) => `${(at * 7919) % 104_729} `).join('')
      const body = pack(words)
      const { promise: ended, resolve: tellEnd } = Promise.withResolvers<void>()
      await using server = await rawServer((socket) => {
        const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')])
        socket.write(`${head}content-encoding: ${name}\r\ntransfer-encoding: chunked\r\n\r\n`)
        socket.end(chunk, tellEnd)
      })
      const reply = await send(request(server.url), options)
      await ended
      const pieces: Uint8Array[] = []
      const reading = async () => {
        for (let piece = await reply.read(); piece !== undefined; piece = await reply.read()) {
          pieces.push(piece)
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      await expect(reading()).rejects.toMatchObject({ code: 'ECONNRESET' })
      expect(Buffer.concat(pieces).toString()).toBe(words)
    },
  )

  test('that is none fails as a broken connection, with the reason', async () => {
    await using server = await wireServer({ headers: { 'content-encoding': 'gzip' }, body: text })
    const reply = await send(request(server.url), options)
    await expect(whole(reply)).rejects.toMatchObject({
      type: 'provider',
      code: 'Z_DATA_ERROR',
      message: expect.stringContaining('incorrect header check'),
    })
  })
})

describe('a connection that fails', () => {
  test.each<[string, (socket: Socket) => void, string, string]>([
    ['before the answer', (socket) => socket.destroy(), 'could not be reached', 'ECONNRESET'],
    [
      'by what is no HTTP',
      (socket) => socket.end('SSH-2.0-Garden\r\n'),
      'could not be reached',
      'HPE_INVALID_CONSTANT',
    ],
    [
      'in the middle of a body of known length',
      (socket) => socket.end(`${head}content-length: 10\r\n\r\nwell`),
      'other side closed',
      'ECONNRESET',
    ],
    [
      'in the middle of a chunk',
      (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\n20\r\nwell`),
      'other side closed',
      'ECONNRESET',
    ],
    [
      'by a chunk that is none',
      (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\n4\r\nwell\r\nrose\r\n`),
      'connection broke',
      'HPE_INVALID_CHUNK_SIZE',
    ],
  ])('%s', async (_, speak, message, code) => {
    const error = await failureOf(speak)
    expect(error).toMatchObject({ type: 'provider', retryable: true, code })
    expect(error.message).toContain(message)
  })

  test('has given everything that came before', async () => {
    await using server = await rawServer((socket) => {
      socket.write(`${head}transfer-encoding: chunked\r\n\r\n4\r\nwell\r\n`)
      socket.end()
    })
    const reply = await send(request(server.url), options)
    expect(Buffer.from((await reply.read())!).toString()).toBe('well')
    await expect(reply.read()).rejects.toMatchObject({ type: 'provider', code: 'ECONNRESET' })
  })

  test('loses nothing that had come, however slow its reader', async () => {
    const body = 'data: roses and more roses\n\n'.repeat(12_000)
    await using server = await rawServer((socket) => {
      socket.end(`${head}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`)
    })
    const reply = await send(request(server.url), options)
    await server.ended
    let text = ''
    const reading = async () => {
      for (let piece = await reply.read(); piece !== undefined; piece = await reply.read()) {
        text += Buffer.from(piece).toString()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await expect(reading()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(text).toBe(body)
  })

  test('by an answer in another protocol is told at once', async () => {
    const error = await failureOf((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: garden\r\n\r\n')
    })
    expect(error.message).toContain('another protocol than HTTP (101)')
  })

  test('by a flood of headers will not be tried again', async () => {
    const flood = `x-flood: ${'a'.repeat(1_000)}\r\n`.repeat(100)
    const error = await failureOf((socket) => socket.write(`${head}${flood}\r\n`))
    expect(error).toMatchObject({ retryable: false, code: 'HPE_HEADER_OVERFLOW' })
    expect(error.advice).toContain('more headers')
  })

  test('because nobody listens names the place', async () => {
    const server = await rawServer(() => {})
    await server[Symbol.asyncDispose]()
    const asked = send(request(`${server.url}/secret`), options)
    await expect(asked).rejects.toMatchObject({ code: 'ECONNREFUSED', message: expect.stringContaining(server.url) })
  })
})

test('a certificate that is not trusted is not asked for again, and the advice says what to do', () => {
  const cause = new TypeError('fetch failed', {
    cause: Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
  })
  for (const error of [cause, cause.cause]) {
    const told = unreachable('https://garden.test/v1', error, options)
    expect(told).toMatchObject({ retryable: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(told.advice).toContain('NODE_EXTRA_CA_CERTS')
  }
})

test('a body without a length ends with its connection', async () => {
  await using server = await rawServer((socket) => socket.end(`${head}\r\nwell`))
  expect(await whole(await send(request(server.url), options))).toBe('well')
})

test('a reader that stops reading holds the server back', async () => {
  const piece = Buffer.alloc(64 * 1024, 'a')
  const { promise: stuck, resolve: tellStuck } = Promise.withResolvers<number>()
  await using server = await wireServer({
    body: async (response) => {
      let written = 0
      const blocked = () =>
        new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), 500)
          response.once('drain', () => {
            clearTimeout(timer)
            resolve(false)
          })
        })
      for (; written < 64 * 1024 * 1024; written += piece.length) {
        if (!response.write(piece) && (await blocked())) break
      }
      tellStuck(written)
    },
  })
  const reply = await send(request(server.url), options)
  await reply.read()
  // What the sockets of both sides hold is counted too.
  expect(await stuck).toBeLessThan(16 * 1024 * 1024)
  reply.close()
  await server.received[0]!.closed
})

describe('leaving closes the socket', () => {
  test('before the headers', async () => {
    await using server = await wireServer(null)
    const controller = new AbortController()
    const asked = send(request(server.url), { ...options, controller }).catch((thrown: unknown) => thrown)
    const { closed } = await server.next()
    controller.abort()
    expect(await asked).toMatchObject({ type: 'aborted' })
    await closed
  })

  test('in the middle of the body, which then ends', async () => {
    await using server = await wireServer({ body: 'half of', end: 'open' })
    const reply = await send(request(server.url), options)
    expect(Buffer.from((await reply.read())!).toString()).toBe('half of')
    const waiting = reply.read()
    reply.close()
    expect(await waiting).toBeUndefined()
    await server.received[0]!.closed
  })

  test('in the middle of a compressed body', async () => {
    const gzip = createGzip()
    await using server = await wireServer({
      headers: { 'content-encoding': 'gzip' },
      body: (response) => {
        gzip.pipe(response)
        gzip.write('half of')
        gzip.flush()
      },
    })
    const reply = await send(request(server.url), options)
    await reply.read()
    reply.close()
    await server.received[0]!.closed
    gzip.destroy()
  })
})

describe('fetch is used instead', () => {
  const place = 'https://api.garden.invalid/v1'

  test('never, when nothing is in its way', () => {
    expect(nodeClientFor(request(place))).toBeDefined()
    expect(nodeClientFor(request('http://[::1]:8080'))).toBeDefined()
  })

  test.each(['https://rose:thorn@api.garden.invalid/v1', 'data:text/plain,well', 'no address'])('for %s', (url) => {
    expect(nodeClientFor(request(url))).toBeUndefined()
  })

  test.each(['connection', 'transfer-encoding', 'content-length'])('for the header %s', (name) => {
    expect(nodeClientFor(request(place, { [name]: 'own' }))).toBeUndefined()
  })

  test('when a program has put something in its place, until it takes that away', () => {
    const own = globalThis.fetch
    try {
      globalThis.fetch = (...args) => own(...args)
      expect(nodeClientFor(request(place))).toBeUndefined()
    } finally {
      globalThis.fetch = own
    }
    expect(nodeClientFor(request(place))).toBeDefined()
  })

  describe('when the process has a dispatcher of its own', () => {
    const shared = globalThis as unknown as Record<symbol, Dispatcher>
    const dispatcher = Symbol.for('undici.globalDispatcher.1')
    let own: Dispatcher
    let Agent: new (options?: object) => Dispatcher

    beforeAll(async () => {
      await using server = await wireServer({ body: 'well' })
      await fetch(server.url, { method: 'POST', body: '{}' }).then((response) => response.text())
      own = shared[dispatcher] as Dispatcher
      Agent = own.constructor as typeof Agent
    })

    const kinds: Record<string, () => Dispatcher> = {
      'with options': () => new Agent({ connect: { rejectUnauthorized: false } }),
      'with clients of its own': () => new Agent({ factory: () => own }),
      'a proxy': () => new (class ProxyAgent extends Agent {})(),
      'that only has its name': () => new ({ Agent: class extends Agent {} }).Agent(),
      'with something around it': () => new Agent().compose((next: unknown) => next),
      'that was changed': () => Object.assign(new Agent(), { dispatch: () => true }),
    }

    test.each(Object.keys(kinds))('%s', (kind) => {
      try {
        shared[dispatcher] = kinds[kind]!()
        expect(nodeClientFor(request(place))).toBeUndefined()
        shared[dispatcher] = new Agent()
        expect(nodeClientFor(request(place))).toBeDefined()
      } finally {
        shared[dispatcher] = own
      }
    })

    test('changed after it was used', () => {
      expect(nodeClientFor(request(place))).toBeDefined()
      try {
        own.dispatch = () => true
        expect(nodeClientFor(request(place))).toBeUndefined()
      } finally {
        Reflect.deleteProperty(own, 'dispatch')
      }
      expect(nodeClientFor(request(place))).toBeDefined()
    })
  })

  test('while somebody listens to its requests, as tracers do', () => {
    const listen = () => {}
    try {
      subscribe('undici:request:create', listen)
      expect(nodeClientFor(request(place))).toBeUndefined()
    } finally {
      unsubscribe('undici:request:create', listen)
    }
    expect(nodeClientFor(request(place))).toBeDefined()
  })
})
