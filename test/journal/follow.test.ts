// Readers take pages out of the store when they need them, and hold no more than one.
import { describe, expect, test } from 'vitest'
import { Doorbell, follow } from '../../src/journal/follow.ts'
import type { JournalEntry } from '../../src/journal/journal.ts'
import { merged } from '../../src/journal/merge.ts'
import { next, said, textOf } from '../suites/journal.ts'

describe('follow', () => {
  test('a slow reader holds one page, however far it is behind', async () => {
    const entries: JournalEntry[] = Array.from({ length: 1000 }, (_, at) => ({ offset: at + 1, record: said(at + 1) }))
    const pages: number[] = []
    const page = (after: number) => {
      pages.push(after)
      return entries.slice(after, after + 10)
    }
    const bell = new Doorbell()
    const reader = follow({ bell, page })
    await next(reader, 1)
    for (let n = 1001; n <= 2000; n += 1) {
      entries.push({ offset: n, record: said(n) })
      bell.ring()
    }
    expect(pages).toEqual([0])
    await next(reader, 1999)
    expect(pages).toHaveLength(200)
    await reader.return()
  })
})

describe('merged', () => {
  test('adjacent deltas of one block become one, those of others stay apart, and nothing given is changed', () => {
    const other = { ...said(9), event: { type: 'thinking-delta', id: 'm', index: 0, delta: '9 ' } } as const
    const given = [said(1), said(2), said(3), other, said(4), said(5)]
    const before = structuredClone(given)
    const result = merged(given as Parameters<typeof merged>[0])
    expect(textOf(result.map((record, offset) => ({ offset, record })))).toBe('1 2 3 9 4 5 ')
    expect(result).toHaveLength(3)
    expect(result[0]?.at).toBe(1)
    expect(given).toEqual(before)
  })
})
