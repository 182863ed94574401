// A run as one file, out and in again: JSON lines, the first says what the others are.
import { Hono } from 'hono'
import { messageOf } from '../../core/error.ts'
import { isNestedDeeper, maxJsonDepth } from '../../core/json-depth.ts'
import { isPlainObject } from '../../core/kind.ts'
import { isRecord } from '../../journal/ingest-check.ts'
import type { JournalRecord } from '../../journal/journal.ts'
import { notFound, wrong } from './asked.ts'
import { jsonOf, mediaType, readBody } from './ingest-body.ts'
import type { StudioParts } from './parts.ts'
import { entriesOf } from './routes-runs.ts'

/** The longest line of a file. */
const maxLine = 8_000_000
/** The largest file. It is read as it comes and never held as a whole. */
const maxFile = 1_000_000_000
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
  yield encoder.encode(`${JSON.stringify({ agentscope: 'run', version: 1, run })}\n`)
  for await (const entry of entriesOf(parts, run, 0)) yield encoder.encode(`${JSON.stringify(entry.record)}\n`)
}

/** Reads a file into a journal. One whose run is here already gets a name beside it; a broken one leaves nothing. */
async function taken(parts: StudioParts, body: ReadableStream<Uint8Array>) {
  let run: string | undefined
  let waiting: JournalRecord[] = []
  let [entries, reached] = [0, 0]
  const write = async (id: string) => {
    if (waiting.length > 0) reached = await parts.journals.open(id).append(waiting)
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
  return { run, runs: [run], entries }
}

async function freeName({ journals }: StudioParts, line: string): Promise<string> {
  const head = parsed(line) as { agentscope?: unknown; version?: unknown; run?: unknown }
  if (!isPlainObject(head) || head.agentscope !== 'run' || head.version !== 1 || typeof head.run !== 'string') {
    throw new Error('This is no exported run: its first line does not say so.')
  }
  const there = new Set(await journals.runs())
  let name = head.run.slice(0, 200)
  for (let count = 2; there.has(name); count += 1) name = `${head.run.slice(0, 200)}-${count}`
  return name
}

/** A run that comes under another name says so itself. */
function recordOf(run: string, line: string): JournalRecord {
  const record = parsed(line)
  if (!isRecord(record)) throw new Error('A line is no record of a run.')
  return record.type === 'run' && record.run.id !== undefined ? { ...record, run: { ...record.run, id: run } } : record
}

function parsed(line: string): unknown {
  if (isNestedDeeper(line, maxJsonDepth)) throw new Error('A line is nested too deeply.')
  try {
    return JSON.parse(line)
  } catch {
    throw new Error('A line is no JSON.')
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let [rest, size] = ['', 0]
  for await (const piece of body) {
    size += piece.byteLength
    if (size > maxFile) throw new Error('The file is too large.')
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLine) throw new Error('A line is too long.')
    yield* lines.filter((line) => line.trim() !== '')
  }
  if (rest.trim() !== '') yield rest
}
