// Opens a SQLite file for this process alone, and brings it to the shape that this version knows.
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError, messageOf } from '../core/error.ts'

/**
 * Only its owner may read the file. What was committed survives the end of the process, however it ends; a power cut
 * may cost the last commits, but never the file. Whoever opens it closes it.
 *
 * @throws ConfigError when the file cannot be made or read, is no database, is open in another process, or was written
 * by a newer version of this package.
 */
export function openDatabase(path: string, migrations: readonly string[]): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    makePrivate(path)
    database = new DatabaseSync(path)
    shrinking(database)
    // Two processes would give the same offsets to different records: the second one is refused.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    database.exec('PRAGMA foreign_keys = ON')
    migrate(database, path, migrations)
    return database
  } catch (error) {
    if (database?.isOpen) database.close()
    throw error instanceof ConfigError ? error : unusable(path, error)
  }
}

/** What is deleted is overwritten, and the file can become smaller by it. To be called before anything else. */
export function shrinking(database: DatabaseSync): void {
  database.exec('PRAGMA secure_delete = ON')
  if (Number(database.prepare('PRAGMA auto_vacuum').get()?.['auto_vacuum']) === 2) return
  database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM')
}

/**
 * Gives free room back, carries what was written into the file itself, and empties the log beside it, where deleted words
 * still stand.
 */
export function settleFile(database: DatabaseSync): void {
  database.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)')
}

function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
}

function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  database.exec('BEGIN EXCLUSIVE')
  const had = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (had > migrations.length) {
    throw new ConfigError(
      `${path} was written by a newer version: its format is ${had}, this one knows ${migrations.length}.`,
      {
        advice: 'Update this package, or choose another file.',
      },
    )
  }
  for (const step of migrations.slice(had)) database.exec(step)
  database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`)
}

/** SQLite's own numbers for what people can do something about. */
const advices: Readonly<Record<number, string>> = {
  5: 'It is open in another process, perhaps another Studio: use that one, or choose another file.',
  13: 'The disk is full.',
  26: 'It is no SQLite database. Choose another file, or move it away.',
}

function unusable(path: string, error: unknown): ConfigError {
  const number = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  const advice = advices[number] ?? 'Choose a file in a directory that may be written.'
  return new ConfigError(`${path} cannot be used as a journal: ${messageOf(error)}.`, { advice, cause: error })
}
