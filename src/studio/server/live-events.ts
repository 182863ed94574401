// `/api/runs/:id/events`: the frames of a run as server-sent events, for curl and where no WebSocket gets through.
import { Hono } from 'hono/tiny'
import type { ServerFrame } from '../protocol/frames.ts'
import type { Cursor } from '../protocol/reader.ts'
import { notFound, wrong } from './asked.ts'
import type { LiveHub } from './hub.ts'
import { parseEventId, SentCursor } from './sent-cursor.ts'
import type { Store } from './store.ts'

const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
/** Bytes that may wait in the stream itself; the hub looks at `bufferedAmount` and slows down. */
const bufferBytes = 16_384
/** What a browser's own reader waits before it comes back, in milliseconds. */
const retryMs = 500

/** Each event has an id; whoever sends the last one as `Last-Event-ID` is told what came since, and no text twice. */
export function liveRoutes(hub: LiveHub, store: Store): Hono {
  return new Hono().get('/api/runs/:id/events', (context) => {
    const run = context.req.param('id')
    if (store.head(run) === undefined) return notFound(context, 'run')
    const cursor = parseEventId(context.req.header('last-event-id') ?? '0')
    if (cursor === undefined) return wrong(context, 'Last-Event-ID is none of the ids that this route gives.')
    return context.body(eventStream(hub, run, cursor), 200, headers)
  })
}

function eventStream(hub: LiveHub, run: string, from: Cursor): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  const cursor = new SentCursor(from)
  let leave: () => void = () => undefined
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text))
        const send = (text: string) => {
          const frame = JSON.parse(text) as ServerFrame
          if (frame.t === 'b') cursor.sent(frame)
          write(`id: ${cursor.id}\ndata: ${text}\n\n`)
        }
        const bufferedAmount = () => Math.max(0, bufferBytes - (controller.desiredSize ?? 0))
        write(`retry: ${retryMs}\n`)
        const client = hub.connect(
          { send, bufferedAmount, close: () => ended(controller) },
          { plain: true, oneWay: true },
        )
        client.receive(JSON.stringify({ t: 'sub', run, ...from }))
        leave = () => client.close()
      },
      cancel: () => leave(),
    },
    { highWaterMark: bufferBytes, size: (chunk) => chunk?.byteLength ?? 0 },
  )
}

function ended(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void {
  try {
    controller.close()
  } catch {
    // The reader has left before.
  }
}
