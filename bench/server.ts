// The mock provider of the bench, a process of its own. What it answers stands in the address that a client is given:
// `/<wire>/<chunks>`, `/calls/<deltas>`, `/values/<deltas>`, `/flood/<megabytes>/<key>` and `/ticking/<key>`.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { callFrames, framesOf, shapes, valueFrames, type Wire } from './frames.ts'

/** A short reply goes out frame by frame, as a model would send it; a long one in pieces of 64 KB. */
const shortReply = 20
const tickMs = 5
/** Whoever has not hung up after so long never will. */
const patienceMs = 3000
const bodies = new Map<string, Buffer[]>()

/** What a test did to its connection, under the key of its address. */
interface Watched {
  socket: Socket
  /** On the clock that all processes of the machine share, in nanoseconds. */
  closed: Promise<bigint>
}
const watched = new Map<string, Watched>()

function watch(key: string, response: ServerResponse): void {
  const socket = response.socket as Socket
  const closed = new Promise<bigint>((resolve) => response.once('close', () => resolve(process.hrtime.bigint())))
  watched.set(key, { socket, closed })
}

function bodyOf(key: string, frames: () => string[]): Buffer[] {
  let pieces = bodies.get(key)
  if (pieces === undefined) {
    const all = frames()
    pieces = all.length <= shortReply + 1 ? all.map((frame) => Buffer.from(frame)) : inPieces(all.join(''))
    bodies.set(key, pieces)
  }
  return pieces
}

function inPieces(text: string): Buffer[] {
  const whole = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let at = 0; at < whole.length; at += 65_536) pieces.push(whole.subarray(at, at + 65_536))
  return pieces
}

async function* paced(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    yield piece
    if (pieces.length <= shortReply + 1) await new Promise((resolve) => setImmediate(resolve))
  }
}

async function* flood(megabytes: number): AsyncGenerator<Buffer> {
  const { begin } = shapes.openai
  yield Buffer.from(begin)
  const pieces = bodyOf('endless', () => framesOf('openai', 4000).slice(0, -1))
  for (let sent = 0; sent < megabytes * 1e6; ) {
    for (const piece of pieces) {
      yield piece
      sent += piece.length
    }
  }
}

async function* ticking(): AsyncGenerator<string> {
  const { begin, frame, end } = shapes.openai
  yield begin
  for (let at = 0; at < patienceMs / tickMs; at += 1) {
    yield frame(' word', at)
    await new Promise((resolve) => setTimeout(resolve, tickMs))
  }
  yield end(1)
}

function bodyFor(kind: string, size: string): Iterable<unknown> | AsyncIterable<unknown> | undefined {
  const count = Number(size)
  if (kind in shapes) return paced(bodyOf(`${kind}/${count}`, () => framesOf(kind as Wire, count)))
  if (kind === 'calls') return bodyOf(`calls/${count}`, () => callFrames(count))
  if (kind === 'values') return bodyOf(`values/${count}`, () => valueFrames(count))
  if (kind === 'flood') return flood(count)
  return kind === 'ticking' ? ticking() : undefined
}

async function answer(url: string, response: ServerResponse): Promise<void> {
  const [, kind = '', size = '', key = ''] = url.split('/')
  if (kind === 'taken') return void response.end(String(watched.get(size)?.socket.bytesWritten ?? ''))
  if (kind === 'left') return void response.end(String((await watched.get(size)?.closed) ?? ''))
  const body = bodyFor(kind, size)
  if (body === undefined) return void response.writeHead(404).end()
  if (kind === 'flood') watch(key, response)
  if (kind === 'ticking') watch(size, response)
  response.writeHead(200, { 'content-type': shapes[kind as Wire]?.contentType ?? shapes.openai.contentType })
  // A client that leaves early is not the server's fault.
  await pipeline(body, response).catch(() => {})
}

if (import.meta.main) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => void answer(request.url ?? '', response))
  })
  server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  process.on('disconnect', () => process.exit(0))
}
