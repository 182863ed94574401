// Runs that were recorded in a SQLite file, read from a copy of it: also while a Studio has it open, and without touching it.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError, messageOf } from '../core/error.ts'
import { openDatabase } from './database.ts'
import type { JournalRecord, RunFacts } from './journal.ts'
import { journalMigrations } from './sqlite-migrations.ts'
import { SqliteStore } from './sqlite-store.ts'

export interface RecordedRuns {
  /** Ids, newest first. */
  ids(): string[]
  /** What the run said of itself last. */
  facts(runId: string): Partial<RunFacts>
  /** All that was recorded, in order. */
  records(runId: string): Generator<JournalRecord, void>
  /** Deletes the copy. */
  close(): void
}

/** So often a copy is made anew when the file was tidied up meanwhile. */
const tries = 10

/**
 * Whoever opens it closes it.
 *
 * @throws ConfigError when there is no such file, it cannot be read, or it is no journal.
 */
export function openRecorded(path: string): RecordedRuns {
  if (!existsSync(path)) throw new ConfigError(`There is no file ${path}.`, { advice: 'Choose one with --data.' })
  const folder = mkdtempSync(join(tmpdir(), 'agentscope-replay-'))
  const copy = join(folder, 'copy.sqlite')
  let database: DatabaseSync | undefined
  try {
    copyWhole(path, copy)
    checkJournal(copy, path)
    // A file of an earlier version is brought up to date, in the copy.
    database = openDatabase(copy, journalMigrations)
    return reading(database, folder)
  } catch (error) {
    if (database?.isOpen) database.close()
    rmSync(folder, { recursive: true, force: true })
    // Nobody knows the copy by its name.
    const why = messageOf(error).replaceAll(copy, path)
    const advice = (error instanceof ConfigError && error.advice) || 'Choose the file of a Studio with --data.'
    const text = error instanceof ConfigError ? why : `${path} cannot be read as a journal: ${why}.`
    throw new ConfigError(text, { advice, cause: error })
  }
}

/** Anything else that SQLite can read would look like a journal without runs. */
function checkJournal(copy: string, path: string): void {
  const database = new DatabaseSync(copy)
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name IN ('runs', 'entries')").all()
    if (version > 0 && tables.length === 2) return
  } finally {
    database.close()
  }
  throw new ConfigError(`${path} cannot be read as a journal: it is a database of something else.`, {
    advice: 'Choose the file of a Studio with --data.',
  })
}

function reading(database: DatabaseSync, folder: string): RecordedRuns {
  const store = new SqliteStore(database)
  const told = database.prepare(
    `SELECT json FROM entries WHERE run = (SELECT number FROM runs WHERE id = ?) AND json LIKE '%"type":"run"%'
     ORDER BY "offset"`,
  )
  return {
    ids: () => store.runs(),
    facts: (runId) => {
      const records = told.all(runId).map(({ json }) => JSON.parse(String(json)) as JournalRecord)
      return Object.assign({}, ...records.map((record) => (record.type === 'run' ? record.run : {})))
    },
    records: (runId) => all(store, runId),
    close: () => {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function* all(store: SqliteStore, runId: string): Generator<JournalRecord, void> {
  for (let after = 0, page = store.page(runId, 0); page.length > 0; page = store.page(runId, after)) {
    for (const { record } of page) yield record
    after = page.at(-1)?.offset ?? after
  }
}

/**
 * Copies the file, then the log beside it. What is carried from the log into the file meanwhile stands in the copy of the
 * log too, as long as the log was not begun anew; whether it was, its header tells.
 */
function copyWhole(path: string, copy: string): void {
  for (let count = 0; count < tries; count += 1) {
    const before = stateOf(path)
    copyFileSync(path, copy, constants.COPYFILE_FICLONE)
    rmSync(`${copy}-wal`, { force: true })
    copyLog(path, copy)
    if (stateOf(path) === before) return
  }
  throw new ConfigError(`${path} changes faster than it can be copied.`, { advice: 'Try again in a moment.' })
}

function copyLog(path: string, copy: string): void {
  try {
    copyFileSync(`${path}-wal`, `${copy}-wal`)
  } catch (error) {
    // There is none, or no more; the state tells.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Says whether the log was begun anew, or, where there is none, the file was written. */
function stateOf(path: string): string {
  const header = logHeader(path)
  if (header !== '') return header
  const { mtimeMs, size } = statSync(path)
  return `${mtimeMs} ${size}`
}

/** The salts in it are others each time that the log begins anew. Empty when there is none. */
function logHeader(path: string): string {
  const header = Buffer.alloc(32)
  let file: number
  try {
    file = openSync(`${path}-wal`, 'r')
  } catch {
    return ''
  }
  try {
    return header.subarray(0, readSync(file, header)).toString('hex')
  } finally {
    closeSync(file)
  }
}
