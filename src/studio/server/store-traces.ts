// Questions to the index about spans: of a run or a trace, lists of traces, and the calls that charts are made of.
import type { Span } from '../../journal/journal.ts'
import type { CallPoint, MetricsAnswer, TraceRow, TracesAnswer } from '../protocol/rest.ts'
import type { Store } from './store.ts'

/** So many spans of a run or a trace are answered at most. */
const mostSpans = 20_000
const mostCalls = 20_000

export function spansOf(store: Store, by: 'run' | 'trace', id: string): Span[] {
  store.flush()
  const sql = `SELECT span FROM studio_spans WHERE ${by} = ? ORDER BY start, rowid LIMIT ${mostSpans}`
  return store.database
    .prepare(sql)
    .all(id)
    .map((row) => JSON.parse(String(row['span'])))
}

/** Some spans of a run, by their ids. */
export function spansAmong(store: Store, run: string, ids: readonly string[]): Span[] {
  store.flush()
  const sql = `SELECT span FROM studio_spans WHERE run = ? AND id IN (${ids.map(() => '?').join(', ')}) ORDER BY start`
  const rows = store.database.prepare(sql).all(run, ...ids)
  return rows.map((row) => JSON.parse(String(row['span'])))
}

/** The run that a trace belongs to. */
export function runOfTrace(store: Store, trace: string): string | undefined {
  const row = store.database.prepare('SELECT run FROM studio_spans WHERE trace = ? LIMIT 1').get(trace)
  return row === undefined ? undefined : String(row['run'])
}

export interface TracesAsked {
  model?: string | undefined
  tool?: string | undefined
  q?: string | undefined
  onlyErrors?: boolean
  minMs?: number | undefined
  minTokens?: number | undefined
  limit: number
  /** `startMs` of the last row that was shown. */
  before?: number | undefined
}

/** Newest first. */
export function tracesOf(store: Store, asked: TracesAsked): TracesAnswer {
  store.flush()
  const { having, values } = conditions(asked)
  const grouped = `SELECT trace, min(run) AS run, min(start) AS begun, max(finish) AS ended, count(*) AS spans,
      sum(failed) AS errors, sum(finish IS NULL) AS open
    FROM studio_spans GROUP BY trace HAVING ${having.join(' AND ')}`
  const before = asked.before ?? Number.MAX_SAFE_INTEGER
  const rows = store.database
    .prepare(`SELECT * FROM (${grouped}) WHERE begun < ? ORDER BY begun DESC LIMIT ?`)
    .all(...values, before, asked.limit)
  const total = store.database.prepare(`SELECT count(*) AS total FROM (${grouped})`).get(...values)
  return { traces: rows.map((row) => traceRow(store, row)), total: Number(total?.['total'] ?? 0) }
}

function conditions({ model, tool, q, onlyErrors, minMs, minTokens }: TracesAsked) {
  const having = ['1']
  const values: (string | number)[] = []
  const want = (condition: string, value: string | number | undefined) => {
    if (value === undefined || value === '') return
    having.push(condition)
    values.push(value)
  }
  want('sum(model = ?) > 0', model)
  want('sum(tool = ?) > 0', tool)
  want('max(finish) - min(start) >= ?', minMs)
  want('total(tokens_in) + total(tokens_out) >= ?', minTokens)
  want('sum(instr(lower(name), lower(?))) > 0', q)
  if (onlyErrors) having.push('sum(failed) > 0')
  return { having, values }
}

function traceRow(store: Store, row: Record<string, unknown>): TraceRow {
  const trace = String(row['trace'])
  const all = (sql: string) => store.database.prepare(sql).all(trace)
  const names = (column: string) =>
    all(`SELECT DISTINCT ${column} AS name FROM studio_spans WHERE trace = ? AND ${column} IS NOT NULL LIMIT 50`)
  const usage = all(`SELECT model, sum(tokens_in) AS inputTokens, sum(tokens_out) AS outputTokens,
      sum(tokens_cached) AS cachedInputTokens FROM studio_spans WHERE trace = ? AND kind = 'model' GROUP BY model`)
  const root = all(`SELECT name FROM studio_spans WHERE trace = ?
    ORDER BY json_extract(span, '$.parentSpanId') IS NOT NULL, start LIMIT 1`)
  return {
    traceId: trace,
    runId: String(row['run']),
    name: String(root[0]?.['name'] ?? trace),
    startMs: Number(row['begun']),
    ...(row['open'] === 0 && { endMs: Number(row['ended']) }),
    spans: Number(row['spans']),
    errors: Number(row['errors']),
    models: names('model').map(({ name }) => String(name)),
    tools: names('tool').map(({ name }) => String(name)),
    usage: usage.map((each) => present(each) as TraceRow['usage'][number]),
  }
}

/** The calls since a time that have ended, the newest last. */
export function metricsOf(store: Store, since: number): MetricsAnswer {
  store.flush()
  const where = `FROM studio_spans WHERE kind IN ('model', 'tool') AND start >= ? AND finish IS NOT NULL`
  const rows = store.database.prepare(`SELECT * ${where} ORDER BY start DESC LIMIT ${mostCalls}`).all(since)
  const total = store.database.prepare(`SELECT count(*) AS total ${where}`).get(since)
  return { series: rows.reverse().map(callPoint), total: Number(total?.['total'] ?? 0) }
}

function callPoint(row: Record<string, unknown>): CallPoint {
  const { run, kind, start, finish, model, agent, tool, first, failed } = row
  return present({
    at: start,
    kind,
    runId: run,
    model,
    agent,
    tool,
    durationMs: Number(finish) - Number(start),
    firstContentMs: first,
    inputTokens: row['tokens_in'],
    outputTokens: row['tokens_out'],
    cachedInputTokens: row['tokens_cached'],
    ...(failed === 1 && { failed: true }),
  }) as unknown as CallPoint
}

/** Without what is not known. */
function present(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}
