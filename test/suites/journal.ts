// What every journal promises, in memory, on disk or far away: one suite for all of them.
import { expect, test } from 'vitest'
import type { Journal, JournalEntry, JournalRecord } from '../../src/journal/journal.ts'
import type { DeltaRecord } from '../../src/journal/merge.ts'

/** Where one run is kept, and how to come back to it. */
export interface KeptRun extends AsyncDisposable {
  open(): Journal
  /** Closes everything, and opens what was kept once more. */
  reopen(): Promise<Journal>
}

/** The n-th thing said. */
export function said(n: number, text = `${n} `): DeltaRecord {
  const event = { type: 'text-delta', id: 'm', index: 0, delta: text } as const
  return { type: 'event', at: n, speaker: { name: 'Ada', id: 'a' }, event }
}

export function textOf(entries: readonly JournalEntry[]): string {
  return entries
    .map(({ record }) => (record.type === 'event' && 'delta' in record.event ? record.event.delta : ''))
    .join('')
}

/** The next so many of a reader. */
export async function next(reader: AsyncIterator<JournalEntry>, count: number): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  while (entries.length < count) {
    const { value, done } = await reader.next()
    if (done) throw new Error(`the reader ended after ${entries.length} entries`)
    entries.push(value)
  }
  return entries
}

function reader(journal: Journal, options?: Parameters<Journal['read']>[0]): AsyncIterator<JournalEntry> {
  return journal.read(options)[Symbol.asyncIterator]()
}

export function numbers(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, at) => `${from + at} `).join('')
}

export function journalSuite(keep: () => Promise<KeptRun>): void {
  test('it replays in order, then follows live, with no gap', async () => {
    await using run = await keep()
    const journal = run.open()
    await journal.append([said(1), said(2), said(3)])
    const heard = reader(journal)
    const replayed = await next(heard, 2)
    // More is added while the reader is in the middle of the replay, and while it waits at the end.
    const writing = (async () => {
      for (let n = 4; n <= 300; n += 1) await (n % 50 === 0 ? journal.append(said(n)) : void journal.append(said(n)))
    })()
    const live = await next(heard, 298)
    await writing
    expect(textOf([...replayed, ...live])).toBe(numbers(1, 300))
    const offsets = [...replayed, ...live].map(({ offset }) => offset)
    expect(offsets).toEqual([...new Set(offsets)].sort((one, other) => one - other))
    await heard.return?.()
  })

  test('it resumes strictly after an offset', async () => {
    await using run = await keep()
    const journal = run.open()
    await journal.append([said(1), said(2), said(3)])
    const [first] = await next(reader(journal), 1)
    const resumed = reader(journal, { after: first?.offset })
    expect(textOf(await next(resumed, 2))).toBe(numbers(2, 3))
    const last = await journal.append(said(4))
    expect((await next(resumed, 1))[0]?.offset).toBe(last)
  })

  test('two readers hear the same', async () => {
    await using run = await keep()
    const journal = run.open()
    const readers = [reader(journal), reader(journal)]
    const hearing = readers.map((each) => next(each, 50))
    for (let n = 1; n <= 50; n += 1) void journal.append(said(n))
    const [one, other] = await Promise.all(hearing)
    expect(one).toEqual(other)
    expect(textOf(one ?? [])).toBe(numbers(1, 50))
  })

  test('a reader stops on abort, asleep or not, and when it is left', async () => {
    await using run = await keep()
    const journal = run.open()
    await journal.append([said(1), said(2)])
    const stop = new AbortController()
    const heard = reader(journal, { signal: stop.signal })
    await next(heard, 2)
    const asleep = heard.next()
    stop.abort()
    expect(await asleep).toEqual({ value: undefined, done: true })
    expect(await reader(journal, { signal: stop.signal }).next()).toEqual({ value: undefined, done: true })
    for await (const { offset } of journal.read()) if (offset > 0) break
  })

  test('closing it ends its readers, and it takes no more', async () => {
    await using run = await keep()
    const journal = run.open()
    await journal.append(said(1))
    const heard = reader(journal)
    await next(heard, 1)
    const asleep = heard.next()
    await journal.close()
    expect(await asleep).toEqual({ value: undefined, done: true })
    await expect(journal.append(said(2))).rejects.toThrow(/is closed/)
  })

  test('it survives a reopen, and goes on behind what was there', async () => {
    await using run = await keep()
    const before = await run.open().append([said(1), said(2)])
    const journal = await run.reopen()
    const after = await journal.append(said(3))
    expect(after).toBeGreaterThan(before)
    expect(textOf(await next(reader(journal), 3))).toBe(numbers(1, 3))
    expect(textOf(await next(reader(journal, { after: before }), 1))).toBe('3 ')
  })

  test('a record that is no JSON is refused alone', async () => {
    await using run = await keep()
    const journal = run.open()
    const wrong = { type: 'run', at: 0, run: { pid: 1n } } as unknown as JournalRecord
    await expect(journal.append([said(1), wrong])).rejects.toThrow(/no plain JSON/)
    await journal.append(said(2))
    expect(textOf(await next(reader(journal), 1))).toBe('2 ')
  })

  test('a slow reader never slows the writer, and hears everything in the end', async () => {
    await using run = await keep()
    const journal = run.open()
    const text = 'x'.repeat(1000)
    const slow = reader(journal)
    const first = slow.next()
    for (let n = 0; n < 4000; n += 100) await journal.append(Array.from({ length: 100 }, () => said(n, text)))
    expect((await first).done).toBe(false)
    const rest = await next(slow, 3999)
    expect(textOf(rest).length).toBe(3999 * 1000)
  })
}
