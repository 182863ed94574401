// What the index still knows of a run after Studio was started anew.
import type { DatabaseSync } from 'node:sqlite'
import { type HeardRequest, RunFold } from './run-fold.ts'

/** `unfinished`: it was speaking when Studio ended, and is read again from its beginning. */
export function recalled(database: DatabaseSync, run: string): RunFold | 'unfinished' | undefined {
  const row = database.prepare('SELECT head, position, open FROM studio_runs WHERE id = ?').get(run)
  if (row === undefined) return undefined
  if (Number(row['open']) > 0) return 'unfinished'
  return new RunFold(JSON.parse(String(row['head'])), Number(row['position']), waitingOf(database, run))
}

function waitingOf(database: DatabaseSync, run: string): HeardRequest[] {
  const sql = 'SELECT request, at, agent FROM studio_requests WHERE run = ? AND answered IS NULL'
  const rows = database.prepare(sql).all(run)
  return rows.map((row) => ({
    request: JSON.parse(String(row['request'])),
    at: Number(row['at']),
    agentId: String(row['agent']),
  }))
}
