// Words looked for in the index: in runs, messages, errors, questions and spans.
import type { SearchAnswer } from '../protocol/rest.ts'
import type { Store } from './store.ts'
import { runsOf } from './store-queries.ts'

/** Runs, messages, errors, questions and spans that hold these words. A single letter is looked for in runs only. */
export function searchOf(store: Store, q: string, limit: number): SearchAnswer {
  const { runs } = runsOf(store, { q, limit })
  const words = q.trim()
  if ([...words].length < 2) return { runs, messages: [], told: [], spans: [] }
  return {
    runs,
    messages: foundMessages(store, words, limit),
    told: foundBeside(store, words, limit),
    spans: foundSpans(store, words, limit),
  }
}

function foundMessages(store: Store, words: string, limit: number): SearchAnswer['messages'] {
  const { where, value } = conditionOf(words)
  const sql = `SELECT m.run, m.id, m.agent, m.at, studio_words.words AS words FROM studio_words
    JOIN studio_messages AS m ON m.key = studio_words.rowid WHERE ${where} ORDER BY m.at DESC LIMIT ?`
  return store.database
    .prepare(sql)
    .all(value, limit)
    .map((row) => ({ ...placeOf(store, row, words), messageId: String(row['id']) }))
}

function foundBeside(store: Store, words: string, limit: number): SearchAnswer['told'] {
  const { where, value } = conditionOf(words)
  const sql = `SELECT t.run, t.kind, t.agent, t.at, t.message, studio_words.words AS words FROM studio_words
    JOIN studio_told AS t ON t.key = -studio_words.rowid WHERE ${where} ORDER BY t.at DESC LIMIT ?`
  return store.database
    .prepare(sql)
    .all(value, limit)
    .map((row) => ({
      ...placeOf(store, row, words),
      kind: row['kind'] === 'error' ? 'error' : 'question',
      ...(row['message'] !== null && { messageId: String(row['message']) }),
    }))
}

/** The index knows three letters and more; fewer (a Chinese word of two) are compared one by one. */
function conditionOf(words: string): { where: string; value: string } {
  if ([...words].length < 3) return { where: `studio_words.words LIKE ? ESCAPE '\\'`, value: likeOf(words) }
  return { where: 'studio_words MATCH ?', value: `"${words.replaceAll('"', '""')}"` }
}

function placeOf(store: Store, row: Record<string, unknown>, words: string) {
  const runId = String(row['run'])
  return {
    runId,
    run: store.head(runId)?.name ?? runId,
    agent: String(row['agent']),
    at: Number(row['at']),
    excerpt: excerptOf(String(row['words']), words),
  }
}

function foundSpans(store: Store, words: string, limit: number): SearchAnswer['spans'] {
  const sql = `SELECT run, trace, id, name, start, failed, CASE WHEN fault LIKE ?1 ESCAPE '\\' THEN fault END AS fault
    FROM studio_spans WHERE name LIKE ?1 ESCAPE '\\' OR model LIKE ?1 ESCAPE '\\' OR fault LIKE ?1 ESCAPE '\\'
    ORDER BY start DESC LIMIT ?2`
  return store.database
    .prepare(sql)
    .all(likeOf(words), limit)
    .map((row) => ({
      runId: String(row['run']),
      traceId: String(row['trace']),
      spanId: String(row['id']),
      name: String(row['name']),
      at: Number(row['start']),
      ...(row['failed'] === 1 && { failed: true }),
      ...(row['fault'] !== null && { fault: excerptOf(String(row['fault']), words) }),
    }))
}

function likeOf(words: string): string {
  return `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`
}

/** The place where the words stand, with some of what stands around. */
function excerptOf(text: string, words: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(words.toLowerCase()))
  const [from, to] = [Math.max(0, at - 60), at + words.length + 120]
  const cut = text.slice(from, to).replaceAll(/\s+/g, ' ').trim()
  return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`
}
