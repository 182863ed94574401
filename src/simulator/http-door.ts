// The simulator behind a real socket: loopback only, every write as it comes, everything stopped when the client leaves.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { constants, createGzip } from 'node:zlib'
import { ConfigError } from '../core/error.ts'
import type { Exchanges } from './exchange.ts'
import type { Incoming } from './intake.ts'
import type { Reply, Squeeze } from './reply.ts'
import { unlessGone } from './waiting.ts'
import { Refusal } from './wire.ts'

/** The largest request that is read, in bytes. */
const mostBytes = 64 * 1024 * 1024

export interface HttpDoor {
  url: string
  close(): Promise<void>
}

/** @throws ConfigError when the port cannot be had. */
export async function openHttpDoor(exchanges: Exchanges, port: number, gzips: boolean): Promise<HttpDoor> {
  const server = createServer({ noDelay: true }, (request, response) => {
    serve(exchanges, request, response, gzips).catch(() => response.destroy())
  })
  await listening(server, port)
  const address = server.address()
  const bound = typeof address === 'object' ? address?.port : port
  return { url: `http://127.0.0.1:${bound}`, close: () => closed(server) }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new ConfigError(`The simulator cannot listen on 127.0.0.1:${port}: ${cause.message}`, { cause }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function serve(
  exchanges: Exchanges,
  request: IncomingMessage,
  response: ServerResponse,
  gzips: boolean,
): Promise<void> {
  const incoming = incomingOf(request)
  const record = exchanges.open(incoming)
  const gone = new AbortController()
  response.on('error', () => {})
  let isBroken = false
  response.on('close', () => {
    record.close(!response.writableFinished && !isBroken)
    gone.abort()
  })
  const isWanted = gzips && /\bgzip\b/.test(incoming.headers.get('accept-encoding') ?? '')
  const reply = await exchanges.reply(incoming, record, gone.signal, isWanted ? gzip : undefined)
  if (reply.status === 0) {
    record.close(false)
    return void response.socket?.resetAndDestroy()
  }
  const encoding = isWanted && reply.status === 200 ? { 'content-encoding': 'gzip' } : {}
  response.writeHead(reply.status, { ...reply.headers, ...encoding })
  response.flushHeaders()
  try {
    await send(reply, response, gone.signal)
  } catch (error) {
    isBroken = !gone.signal.aborted
    throw error
  }
  isBroken = reply.isReset
  if (isBroken) response.socket?.resetAndDestroy()
  else response.end()
}

/** One write for each piece; waits when the socket is full, and before a break until the last one is out. */
async function send(reply: Reply, response: ServerResponse, signal: AbortSignal): Promise<void> {
  let last: Promise<void> | undefined
  let isDone = false
  try {
    for await (const bytes of reply.body) {
      const { promise, resolve } = Promise.withResolvers<void>()
      last = promise
      const hasRoom = response.write(bytes, () => resolve())
      if (!hasRoom) await unlessGone(new Promise<void>((drained) => response.once('drain', drained)), signal)
    }
    isDone = !reply.isReset
  } finally {
    if (!isDone && last !== undefined) await unlessGone(last, signal)
  }
}

function incomingOf(request: IncomingMessage): Incoming {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  return { method: request.method ?? 'GET', url, headers, text: () => bodyOf(request) }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > mostBytes) throw new Refusal({ status: 413, message: `The request is larger than ${mostBytes} bytes.` })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Compressed, and flushed behind every event, so that none waits for the next. */
const gzip: Squeeze = async function* (bytes) {
  const stream = createGzip({ flush: constants.Z_SYNC_FLUSH })
  const out: Uint8Array[] = []
  stream.on('data', (chunk: Uint8Array) => out.push(chunk))
  for await (const event of bytes) {
    await new Promise<void>((resolve) => {
      stream.write(event, () => stream.flush(() => resolve()))
    })
    yield Buffer.concat(out.splice(0))
  }
  await new Promise<void>((resolve) => stream.once('end', resolve).end())
  yield Buffer.concat(out.splice(0))
}
