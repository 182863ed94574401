// `/ingest` without a WebSocket, for programs behind a proxy that lets none through: an answer that goes on, and requests.
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import type { IngestSocket } from '../../journal/ingest.ts'
import { frameEnd, framesType } from '../../journal/posts-channel.ts'
import { BodyRefused, mediaType, readBody } from './ingest-body.ts'

/** A word now and then: proxies cut an answer that says nothing, and a program that is gone is noticed. Milliseconds. */
const heartbeatMs = 15_000
const mostSessions = 512

/** What is heard over each session; a session is there as long as its answer goes on. */
type Sessions = Map<string, (frame: string) => void>

/**
 * `GET /ingest?run=&session=` opens a connection and answers with what Studio says, for as long as it lasts;
 * `POST /ingest?run=&session=` brings what the program says, frames with an empty line between them, as
 * `application/x-ndjson`. 409 when there is no such connection: the program opens another one.
 */
export function ingestRoutes(serve: (run: string, socket: IngestSocket) => void): Hono {
  const sessions: Sessions = new Map()
  return new Hono()
    .get('/ingest', (context) => {
      const { run, key } = namesIn(context)
      if (run === '') return context.json({ error: 'Name the run: /ingest?run=<id>&session=<id>' }, 400)
      if (sessions.has(key)) return context.json({ error: 'That session is there already.' }, 409)
      if (sessions.size >= mostSessions) return context.json({ error: 'Too many connections.' }, 503)
      const headers = {
        'content-type': framesType,
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      }
      return context.body(
        opened(sessions, key, (socket) => serve(run, socket)),
        200,
        headers,
      )
    })
    .post('/ingest', async (context) => {
      if (mediaType(context.req.raw) !== framesType) return context.json({ error: `Send ${framesType}.` }, 415)
      try {
        const hear = sessions.get(namesIn(context).key)
        const text = new TextDecoder().decode(await readBody(context.req.raw))
        if (hear === undefined) return context.json({ error: 'There is no such connection.' }, 409)
        for (const frame of text.split(frameEnd)) if (frame !== '') hear(frame)
        return context.body(null, 204)
      } catch (error) {
        if (!(error instanceof BodyRefused)) throw error
        return context.json({ error: error.message }, error.status)
      }
    })
}

function namesIn(context: Context): { run: string; key: string } {
  const { run = '', session = '' } = context.req.query()
  const isUsable = run.length <= 200 && session !== '' && session.length <= 100
  return { run: isUsable ? run : '', key: `${session} ${run}` }
}

function opened(sessions: Sessions, key: string, serve: (socket: IngestSocket) => void) {
  const encoder = new TextEncoder()
  let leave: () => void = () => undefined
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      let left: () => void = () => undefined
      const send = (text: string) => controller.enqueue(encoder.encode(text + frameEnd))
      const heartbeat = setInterval(() => send(''), heartbeatMs).unref()
      leave = () => {
        clearInterval(heartbeat)
        if (sessions.delete(key)) left()
      }
      const close = () => {
        leave()
        controller.close()
      }
      send('')
      const onMessage = (hear: (text: string) => void) => void sessions.set(key, hear)
      serve({ send, close, onMessage, onClose: (hear) => (left = hear) })
    },
    cancel: () => leave(),
  })
}
