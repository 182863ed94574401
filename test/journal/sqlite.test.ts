// Journals in a SQLite file keep what every journal promises, and survive whatever happens to the process.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import { sqliteJournals } from '../../src/journal/sqlite.ts'
import { journalSuite, next, numbers, said, textOf } from '../suites/journal.ts'
import { journalChild } from '../suites/journal-child.ts'

function freshFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'agentscope-journal-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'data', 'studio.sqlite')
}

describe('a journal in a SQLite file', () => {
  journalSuite(async () => {
    const path = freshFile()
    let journals = sqliteJournals(path)
    return {
      open: () => journals.open('run'),
      reopen: async () => {
        await journals.close()
        journals = sqliteJournals(path)
        return journals.open('run')
      },
      [Symbol.asyncDispose]: () => journals.close(),
    }
  })

  test('a writer that is killed between two events loses nothing that was acknowledged', async () => {
    const path = freshFile()
    const acknowledged = await journalChild('sqlite', path).killAfter(3)
    const journals = sqliteJournals(path)
    const kept = textOf(await next(journals.open('run').read()[Symbol.asyncIterator](), acknowledged))
    expect(acknowledged).toBeGreaterThanOrEqual(3)
    expect(kept).toBe(numbers(1, acknowledged))
    await journals.close()
  })

  test('readers hear what is not committed yet, once, before and after the commit', async () => {
    const journals = sqliteJournals(freshFile(), { commitMs: 60_000, commitRecords: 4 })
    const journal = journals.open('run')
    const reader = journal.read()[Symbol.asyncIterator]()
    const first = journal.append([said(1), said(2)])
    expect(textOf(await next(reader, 2))).toBe('1 2 ')
    void journal.append([said(3), said(4)])
    await first
    void journal.append(said(5))
    expect(textOf(await next(reader, 3))).toBe('3 4 5 ')
    expect(textOf(await next(journal.read()[Symbol.asyncIterator](), 5))).toBe(numbers(1, 5))
    await journals.close()
  })

  test('what a writer sends again is left out, also after a restart', async () => {
    const path = freshFile()
    const before = sqliteJournals(path)
    await before.open('run').append([said(1), said(2)], { writer: 'w', seq: 1 })
    void before.open('run').append(said(3), { writer: 'w', seq: 3 })
    await before.close()
    const journals = sqliteJournals(path)
    await journals.open('run').append([said(2), said(3), said(4)], { writer: 'w', seq: 2 })
    await journals.open('run').append([said(4), said(5)], { writer: 'w', seq: 4 })
    expect(textOf(await next(journals.open('run').read()[Symbol.asyncIterator](), 5))).toBe(numbers(1, 5))
    await journals.close()
  })

  test('runs are listed from the newest; a deleted one is gone and its offsets are not given again', async () => {
    const journals = sqliteJournals(freshFile())
    await journals.open('old').append(said(1))
    const before = await journals.open('new').append(said(2))
    void journals.open('newest').append(said(3))
    expect(await journals.runs()).toEqual(['newest', 'new', 'old'])
    const reader = journals.open('new').read({ after: before })[Symbol.asyncIterator]()
    const asleep = reader.next()
    await journals.delete('new')
    expect((await asleep).done).toBe(true)
    expect(await journals.runs()).toEqual(['newest', 'old'])
    expect(await journals.open('new').append(said(4))).toBeGreaterThan(before)
    await journals.close()
  })

  test('only its owner may read the file', async () => {
    const path = freshFile()
    const journals = sqliteJournals(path)
    await journals.open('run').append(said(1))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
    await journals.close()
  })

  test('a file of a newer version, of another kind, or in use is refused with a typed error', async () => {
    const path = freshFile()
    const journals = sqliteJournals(path)
    const second = journalChild('sqlite', path)
    expect(await second.failure()).toMatch(/another process/)
    await journals.close()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 999')
    database.close()
    expect(() => sqliteJournals(path)).toThrow(ConfigError)
    expect(() => sqliteJournals(path)).toThrow(/newer version/)
    writeFileSync(path, 'no database at all, but long enough to be looked at as one'.repeat(20))
    expect(() => sqliteJournals(path)).toThrow(ConfigError)
  })
})

test('who asks for what is acknowledged only hears nothing before the commit', async () => {
  const journals = sqliteJournals(freshFile(), { commitMs: 60_000, commitRecords: 2 })
  const journal = journals.open('run')
  const reader = journal.read({ acknowledged: true })[Symbol.asyncIterator]()
  let heard = false
  const first = reader.next().then((entry) => {
    heard = true
    return entry
  })
  void journal.append(said(1))
  expect(textOf(await next(journal.read()[Symbol.asyncIterator](), 1))).toBe('1 ')
  expect(heard).toBe(false)
  await journal.append(said(2))
  expect((await first).done).toBe(false)
  expect(textOf(await next(reader, 1))).toBe('2 ')
  await journals.close()
})
