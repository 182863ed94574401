// Words looked for in the index: in runs, messages and spans.
import type { SearchAnswer } from '../protocol/rest.ts'
import type { Store } from './store.ts'
import { runsOf } from './store-queries.ts'

/** Runs, messages and spans that hold these words. Two letters or fewer are looked for in runs only. */
export function searchOf(store: Store, q: string, limit: number): SearchAnswer {
  const { runs } = runsOf(store, { q, limit })
  const words = q.trim()
  if ([...words].length < 2) return { runs, messages: [], spans: [] }
  return { runs, messages: foundMessages(store, words, limit), spans: foundSpans(store, words, limit) }
}

function foundMessages(store: Store, words: string, limit: number): SearchAnswer['messages'] {
  // The index knows three letters and more; fewer (a Chinese word of two) are compared one by one.
  const [where, value] =
    [...words].length >= 3
      ? ['studio_words MATCH ?', `"${words.replaceAll('"', '""')}"`]
      : [`studio_words.words LIKE ? ESCAPE '\\'`, likeOf(words)]
  const sql = `SELECT m.run, m.id, m.agent, m.at, studio_words.words AS words FROM studio_words
    JOIN studio_messages AS m ON m.key = studio_words.rowid WHERE ${where} ORDER BY m.at DESC LIMIT ?`
  return store.database
    .prepare(sql)
    .all(value as string, limit)
    .map((row) => ({
      runId: String(row['run']),
      run: store.head(String(row['run']))?.name ?? String(row['run']),
      messageId: String(row['id']),
      agent: String(row['agent']),
      at: Number(row['at']),
      excerpt: excerptOf(String(row['words']), words),
    }))
}

function foundSpans(store: Store, words: string, limit: number): SearchAnswer['spans'] {
  const sql = `SELECT run, trace, id, name, start, failed FROM studio_spans
    WHERE name LIKE ?1 ESCAPE '\\' OR model LIKE ?1 ESCAPE '\\' ORDER BY start DESC LIMIT ?2`
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
