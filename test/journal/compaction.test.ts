// What has been said to its end takes less room in the file, and is read as if nothing had happened to it.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { BlockDelta } from '../../src/core/event.ts'
import type { JournalEntry, JournalRecord } from '../../src/journal/journal.ts'
import { packed, packsWith, unpacked } from '../../src/journal/packed.ts'
import { sqliteJournals } from '../../src/journal/sqlite.ts'
import { next, said } from '../suites/journal.ts'

type Reader = AsyncIterator<JournalEntry>

const speaker = { name: 'Ada', id: 'a' }
const ends = (index: number): JournalRecord => {
  return { type: 'event', at: 9, speaker, event: { type: 'block-end', id: 'm', index } }
}

/** Words of two blocks of which one goes on after the other has ended; halves of characters, and pieces of nothing. */
function spoken(): JournalRecord[] {
  const piece = (nth: number, delta: string, index = 0): JournalRecord => {
    const event: BlockDelta = { type: 'text-delta', id: 'm', index, delta }
    return { type: 'event', at: 1000 + nth * 7, speaker, event }
  }
  const words = ['one ', '', '\ud83d', '\ude00', '世界\n', '"quoted"']
  const first = Array.from({ length: 1400 }, (_, nth) => piece(nth, words[nth % words.length] as string))
  const other = Array.from({ length: 5 }, (_, nth) => piece(2000 + nth, `${nth} `, 1))
  return [...first, ends(0), ...other, said(5000), ends(1), piece(6000, 'still open', 2), piece(6001, '…', 2)]
}

function freshFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'agentscope-compaction-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'studio.sqlite')
}

async function all(journals: ReturnType<typeof sqliteJournals>, count: number, after = 0) {
  return next(journals.open('run').read({ after })[Symbol.asyncIterator](), count)
}

function rowsIn(path: string): number {
  const database = new DatabaseSync(path)
  const rows = Number(database.prepare('SELECT count(*) AS rows FROM entries').get()?.['rows'])
  database.close()
  return rows
}

describe('a journal that was compacted', () => {
  test('has every entry at its place and time, byte for byte, in fewer rows', async () => {
    const path = freshFile()
    const records = spoken()
    const journals = sqliteJournals(path, { commitMs: 1 })
    await journals.open('run').append(records.slice(0, 700))
    await journals.open('run').append(records.slice(700))
    const before = await all(journals, records.length)
    await journals.close()
    expect(rowsIn(path)).toBeLessThan(20)
    const again = sqliteJournals(path)
    const after = await all(again, records.length)
    expect(JSON.stringify(after)).toBe(JSON.stringify(before))
    expect(after.map(({ record }) => record)).toEqual(records)
    await again.close()
  })

  test('is resumed strictly after any offset, also one in the middle of a row', async () => {
    const path = freshFile()
    const records = spoken()
    const journals = sqliteJournals(path)
    await journals.open('run').append(records)
    const entries = await all(journals, records.length)
    await journals.close()
    const again = sqliteJournals(path)
    for (const nth of [0, 1, 255, 256, 511, 512, 1023, 1398, 1399, 1400, 1403, 1406]) {
      const rest = await all(again, entries.length - nth - 1, (entries[nth] as JournalEntry).offset)
      expect(rest).toEqual(entries.slice(nth + 1))
    }
    await again.close()
  })

  test('is read as it was by whoever was in the middle of it', async () => {
    const path = freshFile()
    const journals = sqliteJournals(path, { commitMs: 1, packMs: 0 })
    const [quick, slow] = [1, 2].map(() => journals.open('run').read()[Symbol.asyncIterator]()) as [Reader, Reader]
    const log = () => statSync(`${path}-wal`).size
    // The first that ends a text is packed a moment later, in writing that nobody asked for.
    await journals.open('run').append(spoken())
    const [size, begun] = [log(), await next(slow, 10)]
    await expect.poll(log).toBeGreaterThan(size)
    await journals.open('run').append(said(1))
    const heard = await next(quick, 1411)
    expect([...begun, ...(await next(slow, 1401))]).toEqual(heard)
    await journals.close()
  })
})

describe('pieces', () => {
  test('of other speakers, of other fields or without a whole time stay apart', () => {
    const one = said(1)
    expect(packsWith(one, said(2))).toBe(true)
    expect(packsWith(one, { ...said(2), at: 2.5 })).toBe(false)
    expect(packsWith(one, { ...said(2), speaker: { name: 'Bob', id: 'a' } })).toBe(false)
    const marked = { ...said(2), event: { ...said(2).event, note: 1 } } as JournalRecord
    expect(packsWith(one, marked)).toBe(false)
    expect(packsWith(one, ends(0))).toBe(false)
  })

  test('come back as they were', () => {
    const entries = [said(3, 'a'), said(4, ''), said(4, 'bc')].map((record, nth) => ({
      offset: 10 + nth * nth,
      record,
    }))
    expect(unpacked(packed(entries))).toEqual(entries)
  })
})
