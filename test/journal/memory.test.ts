// Journals in memory keep what every journal promises.
import { describe, expect, test } from 'vitest'
import { memoryJournals } from '../../src/journal/memory.ts'
import { journalSuite, next, said, textOf } from '../suites/journal.ts'

describe('a journal in memory', () => {
  journalSuite(async () => {
    const journals = memoryJournals()
    return {
      open: () => journals.open('run'),
      reopen: async () => {
        await journals.open('run').close()
        return journals.open('run')
      },
      [Symbol.asyncDispose]: () => journals.close(),
    }
  })

  test('runs are listed from the newest, and a deleted one begins anew behind its old offsets', async () => {
    const journals = memoryJournals()
    journals.open('never')
    await journals.open('old').append(said(1))
    const before = await journals.open('new').append(said(2))
    expect(await journals.runs()).toEqual(['new', 'old'])
    await journals.delete('new')
    expect(await journals.runs()).toEqual(['old'])
    expect(await journals.open('new').append(said(3))).toBeGreaterThan(before)
    expect(textOf(await next(journals.open('new').read()[Symbol.asyncIterator](), 1))).toBe('3 ')
    await journals.close()
  })

  test('what a writer sends again is left out', async () => {
    const journal = memoryJournals().open('run')
    await journal.append([said(1), said(2)], { writer: 'w', seq: 1 })
    await journal.append([said(2), said(3)], { writer: 'w', seq: 2 })
    expect(textOf(await next(journal.read()[Symbol.asyncIterator](), 3))).toBe('1 2 3 ')
  })
})
