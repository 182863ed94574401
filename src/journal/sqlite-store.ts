// What stands in the file: entries, runs and writers, through prepared statements.
import { createHash } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { settleFile } from './database.ts'
import { pageCharacters, pageEntries } from './follow.ts'
import type { JournalEntry, JournalRecord, RecordOrigin } from './journal.ts'
import { unpacked } from './packed.ts'
import { Compaction } from './sqlite-compaction.ts'

/** An entry on its way into the file. */
export interface Row {
  runId: string
  offset: number
  /** The offset of the record before it in its run; 0 for the first. */
  previous: number
  record: JournalRecord
  json: string
}

/** How far a writer has come with a run: `seq` is the number of the last record. */
export type Reached = RecordOrigin & { runId: string }

export class SqliteStore {
  readonly #database: DatabaseSync
  readonly #numbers = new Map<string, number>()
  readonly #insert: StatementSync
  readonly #reach: StatementSync
  readonly #page: StatementSync
  readonly #deletedAt: StatementSync
  readonly #compaction: Compaction

  /** `restMs`: how long a run is left alone after a text has ended, before its rows are made fewer. */
  constructor(database: DatabaseSync, restMs?: number) {
    this.#database = database
    this.#insert = database.prepare('INSERT INTO entries ("offset", run, at, json) VALUES (?, ?, ?, ?)')
    this.#reach = database.prepare(
      'INSERT INTO writers (run, writer, seq) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq',
    )
    this.#page = database.prepare(
      `SELECT "offset", json, pieces FROM entries WHERE run = ? AND "offset" > ? ORDER BY "offset" LIMIT ${pageEntries}`,
    )
    this.#deletedAt = database.prepare('SELECT at FROM deleted_runs WHERE hash = ?')
    this.#compaction = new Compaction(database, restMs)
  }

  /** All of it in one transaction, or nothing. */
  commit(rows: readonly Row[], reached: Iterable<Reached>): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const { runId, offset, record, json } of rows) {
        this.#insert.run(offset, this.#numberOf(runId), record.at, json)
      }
      for (const { runId, writer, seq } of reached) this.#reach.run(this.#numberOf(runId), writer, seq)
      this.#database.exec('COMMIT')
      this.#noticed(rows)
    } catch (error) {
      this.#numbers.clear()
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** Entries of a run strictly after an offset: at most a page, at least one when there is one. */
  page(runId: string, after: number): JournalEntry[] {
    const found: JournalEntry[] = []
    const number = this.#known(runId)
    if (number === undefined) return found
    let characters = 0
    for (const row of this.#page.iterate(number, after)) {
      for (const entry of entriesOf(row)) if (entry.offset > after) found.push(entry)
      characters += String(row['json']).length
      if (characters > pageCharacters || found.length >= pageEntries) break
    }
    return found
  }

  /** The last offset that was ever given here, also to what is deleted. */
  lastOffset(): number {
    return Number(this.#one(`SELECT seq FROM sqlite_sequence WHERE name = 'entries'`) ?? 0)
  }

  lastOffsetOf(runId: string): number {
    return Number(this.#one('SELECT max("offset") FROM entries WHERE run = ?', this.#known(runId) ?? 0) ?? 0)
  }

  lastSeq(runId: string, writer: string): number {
    return Number(
      this.#one('SELECT seq FROM writers WHERE run = ? AND writer = ?', this.#known(runId) ?? 0, writer) ?? 0,
    )
  }

  /** Newest first. */
  runs(): string[] {
    return this.#database
      .prepare('SELECT id FROM runs ORDER BY number DESC')
      .all()
      .map(({ id }) => String(id))
  }

  /** `at`: when it was deleted for good. */
  delete(runId: string, at?: number): void {
    this.#compaction.forget(this.#known(runId) ?? 0)
    this.#numbers.delete(runId)
    if (at !== undefined) {
      this.#database.prepare('INSERT OR REPLACE INTO deleted_runs (hash, at) VALUES (?, ?)').run(hashOf(runId), at)
    }
    this.#database.prepare('DELETE FROM runs WHERE id = ?').run(runId)
    settleFile(this.#database)
  }

  deletedAt(runId: string): number | undefined {
    const row = this.#deletedAt.get(hashOf(runId))
    return row === undefined ? undefined : Number(row['at'])
  }

  readmit(runId: string): void {
    this.#database.prepare('DELETE FROM deleted_runs WHERE hash = ?').run(hashOf(runId))
  }

  close(): void {
    this.#compaction.finish()
    this.#database.close()
  }

  #noticed(rows: readonly Row[]): void {
    for (const { runId, offset, record } of rows) {
      const ends = record.type === 'event' && record.event.type === 'block-end'
      this.#compaction.added(this.#numberOf(runId), offset, ends)
    }
  }

  #numberOf(runId: string): number {
    const known = this.#known(runId)
    if (known !== undefined) return known
    const number = Number(this.#database.prepare('INSERT INTO runs (id) VALUES (?)').run(runId).lastInsertRowid)
    this.#numbers.set(runId, number)
    return number
  }

  #known(runId: string): number | undefined {
    const known = this.#numbers.get(runId)
    if (known !== undefined) return known
    const found = this.#one('SELECT number FROM runs WHERE id = ?', runId)
    if (found === undefined) return undefined
    this.#numbers.set(runId, Number(found))
    return Number(found)
  }

  #one(query: string, ...values: (string | number)[]): unknown {
    const row = this.#database.prepare(query).get(...values)
    return row === undefined ? undefined : (Object.values(row)[0] ?? undefined)
  }
}

function hashOf(runId: string): string {
  return createHash('sha256').update(runId).digest('hex')
}

function entriesOf({ offset, json, pieces }: Record<string, unknown>): JournalEntry[] {
  const record = JSON.parse(String(json))
  if (pieces === null) return [{ offset: Number(offset), record }]
  return unpacked({ record, pieces: JSON.parse(String(pieces)) })
}
