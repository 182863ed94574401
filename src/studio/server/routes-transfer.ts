// `/api/runs/:id/export` and `/api/import`: a run as one file, out and in again.
import { Hono } from 'hono/tiny'
import { messageOf } from '../../core/error.ts'
import { isPlainObject } from '../../core/kind.ts'
import type { JournalRecord } from '../../journal/journal.ts'
import { notFound, wrong } from './asked.ts'
import { jsonOf, mediaType, readBody } from './ingest-body.ts'
import type { StudioParts } from './parts.ts'
import { entriesOf } from './routes-runs.ts'
import { firstLine, linesOf, recordOf, runNamed } from './run-file.ts'

const linesAtOnce = 500

export function transferRoutes(parts: StudioParts): Hono {
  const { store } = parts
  return new Hono()
    .get('/runs/:id/export', (context) => {
      const run = context.req.param('id')
      const head = store.head(run)
      if (head === undefined) return notFound(context, 'run')
      const name = `${run.replaceAll(/[^\w.-]/g, '_')}.jsonl`
      const headers = {
        'content-type': 'application/x-ndjson',
        'content-disposition': `attachment; filename="${name}"`,
      }
      return context.body(streamOf(fileOf(parts, run)), 200, headers)
    })
    .post('/import', async (context) => {
      try {
        const body = await fileIn(context.req.raw)
        if (body === null) return wrong(context, 'Send the file that an export gave.')
        return context.json(await taken(parts, body))
      } catch (error) {
        return wrong(context, messageOf(error))
      }
    })
}

/** The file itself as `application/x-ndjson`, of any size; or as `{ "text": ... }`, as large as a body may be. */
async function fileIn(request: Request): Promise<ReadableStream<Uint8Array> | null> {
  if (mediaType(request) !== 'application/json') return request.body
  const given = jsonOf(await readBody(request))
  const text = isPlainObject(given) ? (given as { text?: unknown }).text : undefined
  return typeof text === 'string' ? new Response(text).body : null
}

function streamOf(pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => void (await pieces.return(undefined)),
  })
}

async function* fileOf(parts: StudioParts, run: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  yield encoder.encode(firstLine(run))
  for await (const entry of entriesOf(parts, run, 0)) yield encoder.encode(`${JSON.stringify(entry.record)}\n`)
}

/** Reads a file into a journal. One whose run is here already gets a name beside it; a broken one leaves nothing. */
async function taken(parts: StudioParts, body: ReadableStream<Uint8Array>) {
  let run: string | undefined
  let waiting: JournalRecord[] = []
  let [entries, reached] = [0, 0]
  const write = async (id: string) => {
    if (waiting.length > 0) reached = await parts.journals.restore(id).append(waiting)
    waiting = []
  }
  try {
    for await (const line of linesOf(body)) {
      if (run === undefined) run = await freeName(parts, line)
      else {
        waiting.push(recordOf(run, line))
        entries += 1
      }
      if (waiting.length >= linesAtOnce) await write(run)
    }
    if (run === undefined || entries === 0) throw new Error('The file is empty.')
    await write(run)
  } catch (error) {
    if (run !== undefined) await parts.journals.delete(run)
    throw error
  }
  await parts.store.reached(run, reached)
  await asLost(parts, run)
  return { run, runs: [run], entries }
}

/** A run that was not over when it went out has no program here that could ever end it. */
async function asLost({ store, journals }: StudioParts, run: string): Promise<void> {
  const { status, lastAt } = store.head(run) ?? {}
  if (lastAt === undefined || (status !== 'running' && status !== 'waiting')) return
  await store.reached(run, await journals.restore(run).append({ type: 'run', at: lastAt, run: { status: 'lost' } }))
}

async function freeName({ journals }: StudioParts, line: string): Promise<string> {
  const named = runNamed(line).slice(0, 200)
  const there = new Set(await journals.runs())
  let name = named
  for (let count = 2; there.has(name); count += 1) name = `${named}-${count}`
  return name
}
