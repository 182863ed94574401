// Traces over OTLP: `POST /v1/traces` in protocol buffers or JSON, gzip or not, answered in the encoding they came in.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import type { Journals, Span } from '../../journal/journal.ts'
import { BodyRefused, jsonOf, mediaType, readBody } from './ingest-body.ts'
import { readBinary } from './otlp-binary.ts'
import { OtlpJsonFault, readJson } from './otlp-json.ts'
import { ProtobufFault, writeFields } from './otlp-protobuf.ts'
import type { ReceivedSpans } from './otlp-received.ts'
import { OtlpRuns } from './otlp-runs.ts'
import { spanFrom } from './otlp-span.ts'

/** So many reasons are told of spans that were rejected. */
const mostReasons = 3
const binary = 'application/x-protobuf'

interface Verdict {
  accepted: Span[]
  rejected: number
  /** Why, in a few sentences; empty when all were accepted. */
  message: string
}

/**
 * Spans go to the run that `agentscope.run_id` or `gen_ai.conversation.id` names, on them or on another span of their
 * trace; else to a run made for the trace. 200 when they are in the journal, with `partialSuccess` when some were not
 * taken, such as those of a run that was deleted; 400 when nothing could be read or taken; 413 beyond 10 MB; 415 for other kinds; 503, to be tried again, when
 * the journal does not take them.
 */
export function otlpRoutes({ journals }: { journals: Journals }): Hono {
  const runs = new OtlpRuns(journals)
  const app = new Hono()
  app.post('/v1/traces', (context) => received(runs, context))
  return app
}

async function received(runs: OtlpRuns, context: Context): Promise<Response> {
  const type = mediaType(context.req.raw)
  if (type !== binary && type !== 'application/json') {
    return refused(context, 415, `Send content-type: ${binary} or application/json.`)
  }
  try {
    const verdict = judge(await read(context.req.raw, type))
    if (verdict.accepted.length === 0 && verdict.rejected > 0) return refused(context, 400, verdict.message, verdict)
    return answered(context, type, withDropped(verdict, await runs.add(verdict.accepted)))
  } catch (error) {
    if (error instanceof BodyRefused) return refused(context, error.status, error.message)
    if (error instanceof ProtobufFault || error instanceof OtlpJsonFault) return refused(context, 400, error.message)
    return refused(context, 503, 'Studio could not keep the spans.')
  }
}

async function read(request: Request, type: string): Promise<ReceivedSpans[]> {
  const body = await readBody(request)
  return type === binary ? readBinary(body) : readJson(jsonOf(body))
}

function judge(groups: readonly ReceivedSpans[]): Verdict {
  const accepted: Span[] = []
  const reasons: string[] = []
  for (const group of groups) {
    for (const received of group.spans) {
      const span = typeof received === 'string' ? received : spanFrom(received, group)
      if (typeof span === 'string') reasons.push(span)
      else accepted.push(span)
    }
  }
  const more = reasons.length > mostReasons ? ` And ${reasons.length - mostReasons} more.` : ''
  return { accepted, rejected: reasons.length, message: reasons.slice(0, mostReasons).join(' ') + more }
}

/** Not an error: a program that sends the same again would only be told the same again. */
function withDropped(verdict: Verdict, dropped: number): Verdict {
  if (dropped === 0) return verdict
  const why = `${dropped} of a run that was deleted in Studio are dropped.`
  return { ...verdict, rejected: verdict.rejected + dropped, message: [verdict.message, why].filter(Boolean).join(' ') }
}

function answered(context: Context, type: string, { rejected, message }: Verdict): Response {
  if (type !== binary) {
    // 64-bit numbers are strings in the JSON of protocol buffers.
    const partialSuccess = { rejectedSpans: String(rejected), errorMessage: message }
    return context.json(rejected === 0 ? {} : { partialSuccess })
  }
  const partial =
    rejected === 0
      ? []
      : ([
          [
            1,
            writeFields([
              [1, rejected],
              [2, message],
            ]),
          ],
        ] as const)
  return context.body(writeFields(partial), 200, { 'content-type': binary })
}

/** `google.rpc.Status`, in the encoding that was asked in. */
function refused(context: Context, status: 400 | 413 | 415 | 503, message: string, verdict?: Verdict): Response {
  const code = status === 503 ? 14 : 3
  if (mediaType(context.req.raw) === binary) {
    return context.body(
      writeFields([
        [1, code],
        [2, message],
      ]),
      status,
      { 'content-type': binary },
    )
  }
  const rejected = verdict && { partialSuccess: { rejectedSpans: String(verdict.rejected), errorMessage: message } }
  return context.json({ code, message, ...rejected }, status)
}
