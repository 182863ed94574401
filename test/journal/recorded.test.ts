// A file of runs is read while somebody else has it open, and is not touched by it.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import type { JournalRecord } from '../../src/journal/journal.ts'
import { openRecorded } from '../../src/journal/recorded.ts'
import { sqliteJournals } from '../../src/journal/sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentscope-recorded-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const facts = {
  id: 'run_1',
  project: 'p',
  name: 'one',
  startedAt: '2026-01-01T10:00:00.000Z',
  status: 'running',
} as const
const begun: JournalRecord = { type: 'run', at: 1, run: facts }
const said = (delta: string): JournalRecord => {
  return {
    type: 'event',
    at: 2,
    speaker: { name: 'A', id: 'a' },
    event: { type: 'text-delta', id: 'm', index: 0, delta },
  }
}

describe('the file of a Studio that runs', () => {
  test('is read as far as it was acknowledged, and can be written on', async () => {
    const file = join(folder, 'open.sqlite')
    const journals = sqliteJournals(file)
    await journals.open('run_1').append([begun, said('one')])
    const runs = openRecorded(file)
    await journals.open('run_1').append({ type: 'run', at: 3, run: { status: 'done' } })
    expect(runs.ids()).toEqual(['run_1'])
    expect(runs.facts('run_1')).toMatchObject({ name: 'one', status: 'running' })
    expect([...runs.records('run_1')]).toEqual([begun, said('one')])
    runs.close()
    await journals.close()
    const again = openRecorded(file)
    expect(again.facts('run_1').status).toBe('done')
    again.close()
  })

  test('is read whole at any moment while much is written', async () => {
    const journals = sqliteJournals(join(folder, 'busy.sqlite'), { commitMs: 1 })
    const journal = journals.open('run_1')
    let count = 0
    for (let round = 0; round < 30; round += 1) {
      const batch = Array.from({ length: 200 }, () => said(`${count++} ${'x'.repeat(300)}`))
      const written = journal.append(batch)
      const runs = openRecorded(join(folder, 'busy.sqlite'))
      const texts = [...runs.records('run_1')].map((record) => JSON.stringify(record))
      expect(texts.every((text, at) => text.includes(`"${at} `))).toBe(true)
      expect(texts.length % 200).toBe(0)
      runs.close()
      await written
    }
    await journals.close()
  })

  test('leaves no copy behind, also when it is none', () => {
    const before = copies()
    writeFileSync(join(folder, 'none.sqlite'), 'this is no database at all, and long enough to be looked at as one')
    expect(() => openRecorded(join(folder, 'none.sqlite'))).toThrow(/cannot be read as a journal/)
    expect(() => openRecorded(join(folder, 'missing.sqlite'))).toThrow(/There is no file/)
    new DatabaseSync(join(folder, 'other.sqlite')).exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)')
    expect(() => openRecorded(join(folder, 'other.sqlite'))).toThrow(/cannot be read as a journal/)
    expect(copies()).toEqual(before)
  })
})

function copies(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('agentscope-replay-'))
}
