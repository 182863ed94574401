// The live streams: tabs over a WebSocket or over SSE, and programs that send their runs from elsewhere.
import { Hono } from 'hono'
import { isNestedDeeper } from '../../core/json-depth.ts'
import { type IngestSocket, serveIngest } from '../../journal/ingest.ts'
import type { Journals } from '../../journal/journal.ts'
import type { Answers } from './answers.ts'
import { notFound } from './asked.ts'
import { maxBodyDepth } from './bodies.ts'
import type { HubCommands, LiveHub } from './hub.ts'
import type { Lives } from './lives.ts'
import { type Opened, onText, type SocketRoutes } from './sockets.ts'
import type { Store } from './store.ts'

export interface LiveParts {
  hub: LiveHub
  journals: Journals
  answers: Answers
  lives: Lives
}

/** What `/live` and `/ingest` do with a socket. */
export function socketRoutes(parts: LiveParts): SocketRoutes {
  return { '/live': (opened) => serveTab(parts.hub, opened), '/ingest': (opened) => serveProgram(parts, opened) }
}

function serveTab(hub: LiveHub, { socket }: Opened): void {
  const client = hub.connect({
    send: (text) => socket.send(text),
    bufferedAmount: () => socket.bufferedAmount,
    close: () => socket.close(1001),
  })
  onText(socket, (text) => {
    // What is nested so deeply that it cannot be read is no frame, and is answered as such.
    client.receive(isNestedDeeper(text, maxBodyDepth) ? '' : text)
  })
  socket.on('close', () => client.close())
}

/** A program's connection. `run` in the query says whose records they are. */
function serveProgram({ journals, answers, lives }: LiveParts, { socket, url }: Opened): void {
  const run = url.searchParams.get('run') ?? ''
  if (run === '' || run.length > 200) return socket.close(1008, 'Name the run: /ingest?run=<id>')
  const door: IngestSocket = {
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (hear) => onText(socket, hear),
    onClose: (hear) => void socket.on('close', hear),
  }
  serveIngest({ run, journals, socket: door, commands: (of, signal) => answers.commands(of, signal) })
  lives.came(run)
  socket.on('close', () => lives.went(run))
}

/** What people at tabs want, handed to the program of that run. */
export function hubCommands(answers: Answers): HubCommands {
  const handed = (isHeard: boolean) => (isHeard ? 'ok' : 'away')
  return {
    stop: (run, replyId) => {
      const about = replyId === undefined ? {} : { replyId }
      return handed(answers.command(run, { type: 'stop', ...about, reason: 'stopped in Studio' }))
    },
    steer: (run, agentId, text, when) => {
      return handed(answers.command(run, { type: 'steer', agentId, text, ...(when !== undefined && { when }) }))
    },
    answer: (run, requestId, key, value, by) => answers.answer(run, requestId, key, value, by),
  }
}

/** `/api/runs/:id/events`: the frames of a run as SSE, for curl and where no WebSocket gets through. */
export function liveRoutes(hub: LiveHub, store: Store): Hono {
  return new Hono().get('/api/runs/:id/events', (context) => {
    const run = context.req.param('id')
    if (store.head(run) === undefined) return notFound(context, 'run')
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
    return context.body(eventStream(hub, run), 200, headers)
  })
}

/** Bytes that may wait in the stream itself; the hub looks at `bufferedAmount` and slows down. */
const bufferBytes = 16_384

function eventStream(hub: LiveHub, run: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  let leave: () => void = () => undefined
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const close = () => {
          try {
            controller.close()
          } catch {
            // The reader has left before.
          }
        }
        const send = (text: string) => controller.enqueue(encoder.encode(`data: ${text}\n\n`))
        const bufferedAmount = () => Math.max(0, bufferBytes - (controller.desiredSize ?? 0))
        const client = hub.connect({ send, bufferedAmount, close }, { plain: true, oneWay: true })
        client.receive(JSON.stringify({ t: 'sub', run, seq: 0, have: {} }))
        leave = () => client.close()
      },
      cancel: () => leave(),
    },
    { highWaterMark: bufferBytes, size: (chunk) => chunk?.byteLength ?? 0 },
  )
}
