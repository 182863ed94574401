// Which run a span belongs to: the one that it or its trace names, else one that is made for the trace.
import { createHash } from 'node:crypto'
import type { JournalRecord, Journals, RunFacts, Span } from '../../journal/journal.ts'
import { isUsableId } from './ingest-v1-input.ts'
import { runNamedIn } from './otlp-conventions.ts'

/** So many traces are remembered, with the run they belong to. */
const mostTraces = 500
/** So many spans of a trace wait to be moved, should a later one name the run. */
const mostWaiting = 1_000
/** So many spans of a trace are known again. */
const mostTold = 20_000

interface Trace {
  run: string
  /** Nobody has named a run yet: `run` was made for this trace. */
  isMade: boolean
  /** What was written to the made run. */
  waiting: Span[]
  /** A mark of each span as it was last told, by id: the same again is not written again. */
  told: Map<string, string>
}

export class OtlpRuns {
  readonly #journals: Journals
  readonly #traces = new Map<string, Trace>()
  readonly #known = new Set<string>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(journals: Journals) {
    this.#journals = journals
  }

  /**
   * Writes spans to their runs, one request after the other; resolves when they are acknowledged, with how many were not
   * taken, because their run was deleted for good.
   */
  add(spans: readonly Span[]): Promise<number> {
    const added = this.#turn.then(() => this.#add(spans))
    this.#turn = added.catch(() => undefined)
    return added
  }

  async #add(spans: readonly Span[]): Promise<number> {
    await this.#learn(spans)
    const fresh = spans.filter((span) => this.#trace(span).told.get(span.spanId) !== markOf(span))
    const byRun = Map.groupBy(fresh, (span) => nameIn(span) ?? this.#trace(span).run)
    let dropped = 0
    for (const [run, its] of byRun) {
      if (this.#journals.deletedAt(run) !== undefined) {
        dropped += its.length
        continue
      }
      await this.#write(run, its)
      // Only now: spans that could not be written are sent again.
      for (const span of its) this.#remember(span)
    }
    return dropped
  }

  #remember(span: Span): void {
    const { told, isMade, waiting } = this.#trace(span)
    // Of a trace beyond measure the last spans may be written twice; readers take one of them.
    if (told.size < mostTold || told.has(span.spanId)) told.set(span.spanId, markOf(span))
    if (isMade && waiting.length < mostWaiting) waiting.push(span)
  }

  /** A child may come before the span that names the run: then what came is moved there. */
  async #learn(spans: readonly Span[]): Promise<void> {
    for (const span of spans) {
      const run = nameIn(span)
      if (run === undefined) continue
      const trace = this.#trace(span)
      if (!trace.isMade) continue
      const { run: made, waiting } = trace
      if (waiting.length > 0) await this.#write(run, waiting)
      Object.assign(trace, { run, isMade: false, waiting: [] })
      if (waiting.length > 0) await this.#journals.delete(made)
      this.#known.delete(made)
    }
  }

  #trace(span: Span): Trace {
    const known = this.#traces.get(span.traceId)
    if (known !== undefined) return known
    const trace: Trace = { run: `trace-${span.traceId}`, isMade: true, waiting: [], told: new Map() }
    this.#traces.set(span.traceId, trace)
    const oldest = this.#traces.keys().next().value
    if (this.#traces.size > mostTraces && oldest !== undefined) this.#traces.delete(oldest)
    return trace
  }

  async #write(run: string, spans: readonly Span[]): Promise<void> {
    const isNew = !this.#known.has(run) && !(await this.#journals.runs()).includes(run)
    const records: JournalRecord[] = spans.map((span) => ({ type: 'span', at: span.startMs, span }))
    if (isNew) records.unshift({ type: 'run', at: Date.now(), run: factsOf(run, spans) })
    // A run that somebody else tells of, its own program, is not told to be over here.
    if (isNew || this.#known.has(run)) records.push(...endOf(spans))
    await this.#journals.open(run).append(records)
    if (isNew) this.#known.add(run)
  }
}

function markOf(span: Span): string {
  return createHash('sha1').update(JSON.stringify(span)).digest('base64')
}

function nameIn({ attributes }: Span): string | undefined {
  const run = runNamedIn(attributes)
  return run !== undefined && isUsableId(run) ? run : undefined
}

function factsOf(id: string, spans: readonly Span[]): RunFacts {
  const first = spans.find(({ parentSpanId }) => parentSpanId === undefined) ?? (spans[0] as Span)
  const service = String(first.attributes['service.name'] ?? 'unknown_service')
  const startMs = Math.min(...spans.map(({ startMs }) => startMs))
  const program = String(first.attributes['otel.scope.name'] ?? service)
  const startedAt = new Date(startMs).toISOString()
  return { id, project: service, name: first.name, startedAt, status: 'running', program }
}

/** The first span of a trace ends when everything has. */
function endOf(spans: readonly Span[]): JournalRecord[] {
  return spans
    .filter(({ parentSpanId, endMs }) => parentSpanId === undefined && endMs !== undefined)
    .map(({ name, endMs = 0, status }) => {
      const endedAt = new Date(endMs).toISOString()
      return { type: 'run', at: endMs, run: { name, status: status === 'error' ? 'failed' : 'done', endedAt } }
    })
}
