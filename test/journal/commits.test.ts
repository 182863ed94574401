// Commits on a disk that is full: writers wait, readers keep what they heard, and nothing is lost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Commits } from '../../src/journal/commits.ts'
import { openDatabase } from '../../src/journal/database.ts'
import { journalMigrations } from '../../src/journal/sqlite-migrations.ts'
import { SqliteStore } from '../../src/journal/sqlite-store.ts'
import { said } from '../suites/journal.ts'

function row(offset: number) {
  const record = said(offset, 'x'.repeat(20_000))
  return { runId: 'run', offset, previous: offset - 1, record, json: JSON.stringify(record) }
}

test('a full disk is told of once, tried again, and what waited is there when it has room', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'agentscope-commits-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = openDatabase(join(directory, 'full.sqlite'), journalMigrations)
  const store = new SqliteStore(database)
  const commits = new Commits(store, { commitMs: 5 })
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  await commits.add([row(1)], undefined)
  // As many pages as there are: as good as a full disk.
  database.exec('PRAGMA max_page_count = 1')
  const waiting = Promise.all([commits.add([row(2)], undefined), commits.add([row(3)], undefined)])
  expect((await warned).message).toMatch(/cannot be written \(database or disk is full\)/)
  expect(store.page('run', 0).map(({ offset }) => offset)).toEqual([1])
  expect(commits.after('run', 1).map(({ offset }) => offset)).toEqual([2, 3])
  expect(() => commits.flush()).toThrow(/full/)
  database.exec('PRAGMA max_page_count = 100000')
  await waiting
  expect(store.page('run', 0).map(({ offset }) => offset)).toEqual([1, 2, 3])
  database.exec('PRAGMA max_page_count = 1')
  const lost = commits.add([row(4)], undefined)
  expect(() => commits.finish()).toThrow(/full/)
  await expect(lost).rejects.toThrow(/full/)
  store.close()
})
