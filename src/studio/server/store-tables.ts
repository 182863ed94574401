// The tables of Studio's index: beside the journal in the same file, or in memory. All of it can be made again.
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { shrinking } from '../../journal/database.ts'

/** When the tables change, this does too: the index is then made anew from the journals. Settings and blobs stay. */
const edition = 2

const kept = `
  CREATE TABLE IF NOT EXISTS studio_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS studio_blobs (
    hash TEXT PRIMARY KEY, kind TEXT NOT NULL, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS studio_blob_runs (hash TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (hash, run));`

const index = `
  CREATE TABLE IF NOT EXISTS studio_runs (
    id TEXT PRIMARY KEY, head TEXT NOT NULL, status TEXT NOT NULL, last_at REAL NOT NULL,
    position INTEGER NOT NULL, open INTEGER NOT NULL, words TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS studio_runs_last ON studio_runs (last_at);
  CREATE TABLE IF NOT EXISTS studio_messages (
    key INTEGER PRIMARY KEY, run TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, at REAL NOT NULL,
    agent TEXT NOT NULL, message TEXT NOT NULL, UNIQUE (run, id));
  CREATE INDEX IF NOT EXISTS studio_messages_place ON studio_messages (run, position);
  -- What was told beside the messages: errors, and questions to people. 'message' is the one that it is about, if any.
  CREATE TABLE IF NOT EXISTS studio_told (
    key INTEGER PRIMARY KEY, run TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL,
    agent TEXT NOT NULL, message TEXT, UNIQUE (run, kind, id));
  -- Of messages under their keys, of what was told beside them under the negative of its own.
  CREATE VIRTUAL TABLE IF NOT EXISTS studio_words USING fts5 (words, tokenize = 'trigram');
  CREATE TABLE IF NOT EXISTS studio_spans (
    run TEXT NOT NULL, trace TEXT NOT NULL, id TEXT NOT NULL, told INTEGER NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, start REAL NOT NULL, finish REAL, model TEXT, agent TEXT, tool TEXT, first REAL,
    tokens_in REAL, tokens_out REAL, tokens_cached REAL, failed INTEGER NOT NULL, fault TEXT, span TEXT NOT NULL,
    PRIMARY KEY (trace, id));
  CREATE INDEX IF NOT EXISTS studio_spans_run ON studio_spans (run, start);
  CREATE INDEX IF NOT EXISTS studio_spans_calls ON studio_spans (kind, start);
  CREATE TABLE IF NOT EXISTS studio_requests (
    run TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL, agent TEXT NOT NULL, request TEXT NOT NULL,
    answered TEXT, PRIMARY KEY (run, id));`

const indexTables = ['runs', 'messages', 'told', 'words', 'spans', 'requests'].map((name) => `studio_${name}`)

/** Opens the index at `path`; `undefined` keeps it in memory. The file is readable for its owner only. */
export function openIndex(path: string | undefined): DatabaseSync {
  if (path !== undefined) makeOwn(path)
  const database = new DatabaseSync(path ?? ':memory:', { timeout: 5000 })
  shrinking(database)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
  database.exec(kept)
  const found = database.prepare(`SELECT value FROM studio_settings WHERE name = 'edition'`).get()
  if (found !== undefined && found['value'] !== String(edition)) {
    for (const table of indexTables) database.exec(`DROP TABLE IF EXISTS ${table}`)
  }
  database.exec(index)
  // Words of deleted messages must not stay in the index of words.
  database.exec(`INSERT INTO studio_words (studio_words, rank) VALUES ('secure-delete', 1)`)
  database.prepare(`INSERT OR REPLACE INTO studio_settings VALUES ('edition', ?)`).run(String(edition))
  return database
}

/** It holds what people and models said to each other: nobody else on this machine may read it. */
export function makeOwn(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
}

/** Runs the work as one commit; nothing of it stays when it throws. */
export function inOneCommit(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
