// Makes the rows of what has been said to its end fewer: a tenth of the space, and every entry still comes as it was.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { JournalEntry } from './journal.ts'
import { isDelta } from './merge.ts'
import { mostPieces, packed, packsWith } from './packed.ts'

/** How long a run is left alone after a text has ended, and between two turns; milliseconds. */
const usualRestMs = 1000
const pauseMs = 20
/** Rows that are looked at in one turn: a few milliseconds, in which nobody else is served. */
const rowsAtOnce = 256
/** Pages that are given back in one turn, of 4 KB each. */
const pagesAtOnce = 256
/** A row that is longer is no small piece, and stays as it is; characters of JSON. */
const longestRow = 4096
/** So much text makes one row at most. */
const mostCharacters = 1 << 16
/** So many turns are made when the file is closed, at most. */
const lastTurns = 100

interface Due {
  /** Up to here everything has been looked at. */
  from: number
  /** The end of the last text that has ended. */
  to: number
}

export class Compaction {
  readonly #database: DatabaseSync
  readonly #restMs: number
  readonly #rows: StatementSync
  readonly #remove: StatementSync
  readonly #keep: StatementSync
  readonly #free: StatementSync
  readonly #due = new Map<number, Due>()
  #timer: NodeJS.Timeout | undefined

  constructor(database: DatabaseSync, restMs = usualRestMs) {
    this.#database = database
    this.#restMs = restMs
    this.#rows = database.prepare(
      `SELECT "offset", CASE WHEN pieces IS NULL AND length(json) < ${longestRow} THEN json END AS json
       FROM entries WHERE run = ? AND "offset" > ? AND "offset" <= ? ORDER BY "offset" LIMIT ${rowsAtOnce}`,
    )
    this.#remove = database.prepare('DELETE FROM entries WHERE run = ? AND "offset" >= ? AND "offset" < ?')
    this.#free = database.prepare('PRAGMA freelist_count')
    this.#keep = database.prepare('UPDATE entries SET json = ?, pieces = ? WHERE "offset" = ?')
  }

  /** In that run (by its number) an entry was added at that place; `ends` says that a text has ended with it. */
  added(run: number, offset: number, ends: boolean): void {
    const due = this.#due.get(run)
    if (due === undefined) this.#due.set(run, { from: offset - 1, to: ends ? offset : 0 })
    else if (ends) due.to = offset
    if (ends) this.#timer ??= setTimeout(() => this.#go(), this.#restMs).unref()
  }

  forget(run: number): void {
    this.#due.delete(run)
  }

  /** What is still to do, as far as it may take. */
  finish(): void {
    clearTimeout(this.#timer)
    for (let turn = 0; turn < lastTurns && this.#tryTurn(); turn += 1);
  }

  #go(): void {
    this.#timer = this.#tryTurn() ? setTimeout(() => this.#go(), pauseMs).unref() : undefined
  }

  /** Whether there may be more to do. A disk that is full now has room another time: nothing is lost by waiting. */
  #tryTurn(): boolean {
    try {
      return this.#turn()
    } catch {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      return false
    }
  }

  #turn(): boolean {
    for (const [run, due] of this.#due) {
      if (due.to <= due.from) continue
      const rows = this.#rows.all(run, due.from, due.to)
      this.#write(run, groupsOf(rows.map(entryOf)))
      due.from = rows.length < rowsAtOnce ? due.to : Number(rows.at(-1)?.['offset'])
      return true
    }
    return this.#shrink()
  }

  /** Rows that became fewer leave free room behind: gives some of it back. */
  #shrink(): boolean {
    if (Number(this.#free.get()?.['freelist_count']) === 0) return false
    this.#database.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`)
    return true
  }

  #write(run: number, groups: readonly JournalEntry[][]): void {
    if (groups.length === 0) return
    this.#database.exec('BEGIN IMMEDIATE')
    for (const group of groups) {
      const [first, last] = [group[0] as JournalEntry, group.at(-1) as JournalEntry]
      const { record, pieces } = packed(group)
      this.#remove.run(run, first.offset, last.offset)
      this.#keep.run(JSON.stringify(record), JSON.stringify(pieces), last.offset)
    }
    this.#database.exec('COMMIT')
  }
}

/** `undefined` for a row that stays as it is. */
function entryOf({ offset, json }: Record<string, unknown>): JournalEntry | undefined {
  return json === null ? undefined : { offset: Number(offset), record: JSON.parse(String(json)) }
}

/** Neighbours that make one row, at least two of them. */
function groupsOf(entries: readonly (JournalEntry | undefined)[]): JournalEntry[][] {
  const groups: JournalEntry[][] = []
  let group: JournalEntry[] = []
  let characters = 0
  for (const entry of entries) {
    if (group.length >= mostPieces || characters >= mostCharacters || !fits(group, entry)) {
      group = []
      characters = 0
      groups.push(group)
    }
    if (entry !== undefined) group.push(entry)
    if (entry !== undefined) characters += lengthOf(entry)
  }
  return groups.filter(({ length }) => length > 1)
}

function fits(group: readonly JournalEntry[], entry: JournalEntry | undefined): boolean {
  const before = group.at(-1)
  return before !== undefined && entry !== undefined && packsWith(before.record, entry.record)
}

function lengthOf({ record }: JournalEntry): number {
  return record.type === 'event' && isDelta(record.event) ? record.event.delta.length : 0
}
