// The sink that records a run: nobody waits for it, nothing is lost, and what is secret stays out.
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import type { Journal, JournalRecord, RecordOrigin } from '../../src/journal/journal.ts'
import { memoryJournals } from '../../src/journal/memory.ts'
import { journalSink } from '../../src/journal/sink.ts'
import type { ModelInvocation } from '../../src/scope.ts'
import { next, textOf } from '../suites/journal.ts'

const ada = { name: 'Ada', id: 'a', secret: 'no field of a speaker' }

function delta(text: string, id = 'm'): StreamEvent {
  return { type: 'text-delta', id, index: 0, delta: text }
}

/** A journal that acknowledges, or fails, when the test says so. */
function heldJournal() {
  const calls: { records: readonly JournalRecord[]; answer: PromiseWithResolvers<number> }[] = []
  const journal: Journal = {
    append: (records: JournalRecord | readonly JournalRecord[], _origin?: RecordOrigin) => {
      const answer = Promise.withResolvers<number>()
      calls.push({ records: [records].flat(), answer })
      return answer.promise
    },
    read: memoryJournals().open('unused').read,
    close: async () => undefined,
  }
  return { journal, calls, deltas: () => calls.flatMap(({ records }) => records.map(textIn)) }
}

function textIn(record: JournalRecord): string {
  return record.type === 'event' && 'delta' in record.event ? record.event.delta : `(${record.type})`
}

function invocation(prompt: string): ModelInvocation {
  const model = { modelType: 'openai_chat', configName: 'c', modelName: 'm', provider: 'openai' }
  return { id: 'i', speaker: ada, model, startedAt: '', durationMs: 1, messages: [{ content: prompt }], options: {} }
}

describe('journalSink', () => {
  test('it records events and invocations in order, and returns nothing that could be waited for', async () => {
    const journal = memoryJournals().open('run')
    const sink = journalSink(journal, { now: () => 7 })
    expect(sink.event(ada, { type: 'message-start', id: 'm', role: 'assistant', name: 'Ada' })).toBeUndefined()
    expect(sink.event(ada, delta('Hi'))).toBeUndefined()
    expect(sink.invocation(invocation('Say hi.'))).toBeUndefined()
    await sink.close()
    const entries = await next(journal.read()[Symbol.asyncIterator](), 3)
    expect(entries.map(({ record }) => record.type)).toEqual(['event', 'event', 'invocation'])
    expect(entries[1]?.record).toEqual({ type: 'event', at: 7, speaker: { name: 'Ada', id: 'a' }, event: delta('Hi') })
  })

  test('a stalled journal is not waited for; what comes meanwhile is merged, in order, and nothing is dropped', async () => {
    const { journal, calls, deltas } = heldJournal()
    const sink = journalSink(journal, { mostCharacters: 200_000 })
    const words = Array.from({ length: 20_000 }, (_, at) => `${at} `)
    for (const [at, word] of words.entries()) {
      sink.event(ada, delta(word))
      if (at % 1000 === 0) await new Promise(setImmediate)
    }
    expect(calls.length).toBeLessThan(20)
    const closing = sink.close()
    for (let at = 0; at < calls.length; at += 1) {
      calls[at]?.answer.resolve(at)
      await new Promise(setImmediate)
    }
    await closing
    expect(deltas().join('')).toBe(words.join(''))
    expect(deltas().length).toBeLessThan(8000)
  })

  test('beyond its bound it merges what speakers say at the same time, and leaves prompts out', async () => {
    const { journal, calls } = heldJournal()
    const sink = journalSink(journal, { mostCharacters: 50_000, closeMs: 50, warn: () => undefined })
    for (let n = 0; n < 3000; n += 1) sink.event(ada, delta('x'.repeat(100)))
    await new Promise(setImmediate)
    sink.invocation(invocation('y'.repeat(100_000)))
    for (let n = 0; n < 50_000; n += 1) sink.event(ada, delta(`${n} `, n % 2 === 0 ? 'even' : 'odd'))
    for (let at = 0; at < calls.length; at += 1) {
      calls[at]?.answer.resolve(at)
      await new Promise(setImmediate)
    }
    const records = calls.flatMap((call) => call.records)
    const said = (id: string) =>
      records.filter((each) => each.type === 'event' && 'id' in each.event && each.event.id === id)
    expect(said('even').map(textIn).join('')).toBe(Array.from({ length: 25_000 }, (_, at) => `${2 * at} `).join(''))
    expect(said('even').length).toBeLessThan(400)
    const asked = records.find((each) => each.type === 'invocation')
    expect(JSON.stringify(asked)).toContain('leftOut')
    expect(JSON.stringify(asked)).not.toContain('yyy')
  })

  test('while the journal is stalled, no more waits than the text and 4 million characters around it', async () => {
    const { journal, calls } = heldJournal()
    const sink = journalSink(journal, { closeMs: 10, warn: () => undefined })
    // Twenty who speak in turns: no two pieces are neighbours.
    for (let n = 0; n < 200_000; n += 1) sink.event(ada, delta('five ', `m${n % 20}`))
    await sink.close()
    const records = calls.flatMap((call) => call.records)
    expect(records.length * 160).toBeLessThan(4_400_000)
    for (const { answer } of calls) answer.resolve(0)
  })

  test('a journal that fails is told of once, and gets everything in order when it is well again', async () => {
    const { journal, calls } = heldJournal()
    const warnings: string[] = []
    const sink = journalSink(journal, { warn: (text) => warnings.push(text), closeMs: 5000 })
    for (const word of ['a', 'b', 'c']) {
      sink.event(ada, delta(word))
      await new Promise(setImmediate)
    }
    expect(calls).toHaveLength(3)
    for (const { answer } of calls.splice(0)) answer.reject(new Error('disk is full'))
    await expect.poll(() => calls.length).toBe(1)
    calls[0]?.answer.reject(new Error('still full'))
    await expect.poll(() => calls.length).toBe(2)
    calls.shift()
    sink.event(ada, delta('d'))
    for (let at = 0; at < 4; at += 1) {
      await expect.poll(() => calls.length).toBe(at + 1)
      calls[at]?.answer.resolve(at)
    }
    await sink.close()
    expect(calls.map(({ records }) => records.map(textIn).join('')).join('')).toBe('abcd')
    expect(warnings).toEqual([expect.stringMatching(/disk is full/)])
  })

  test('closing waits for a dead journal no longer than it may, and says how much is missing', async () => {
    const { journal } = heldJournal()
    const warnings: string[] = []
    const sink = journalSink(journal, { warn: (text) => warnings.push(text), closeMs: 20 })
    sink.event(ada, delta('lost'))
    await sink.close()
    expect(warnings).toEqual([expect.stringMatching(/did not take 1 records/)])
  })

  test('what a journal gives back as it is closed is missing, and no failure of its own', async () => {
    const { journal, calls } = heldJournal()
    const warnings: string[] = []
    const sink = journalSink(journal, { warn: (text) => warnings.push(text), closeMs: 20 })
    sink.event(ada, delta('lost'))
    await sink.close()
    calls[0]?.answer.reject(new Error('closed'))
    await new Promise(setImmediate)
    expect(warnings).toEqual([expect.stringMatching(/did not take 1 records/)])
  })

  test('keys stand in no record, and what JSON cannot hold does not cost the rest', async () => {
    const journal = memoryJournals().open('run')
    const sink = journalSink(journal, { secrets: () => ['sk-very-secret'] })
    const asked = { ...invocation('my key is sk-very-secret'), options: { count: 3n, seed: 1 } }
    sink.invocation(asked)
    sink.event(ada, { type: 'raw', id: 'm', value: { key: 'sk-very-secret' } })
    sink.event(ada, delta('sk-very-secret, '))
    sink.event(ada, delta('after'))
    await sink.close()
    const entries = await next(journal.read()[Symbol.asyncIterator](), 4)
    const text = JSON.stringify(entries)
    expect(text).not.toContain('sk-very-secret')
    expect(text).toContain('my key is [redacted]')
    expect(text).toContain('"count":"3"')
    expect(textOf(entries)).toBe('[redacted], after')
  })

  test('a key that is spoken in pieces stands in no record, and what only looked like one does', async () => {
    const key = 'sk-very-secret'
    for (let cut = 1; cut < key.length; cut += 1) {
      const journal = memoryJournals().open('run')
      const sink = journalSink(journal, { secrets: () => [key] })
      for (const piece of ['It is ', key.slice(0, cut), key.slice(cut), '. Ask', ' sk', '-very nice']) {
        sink.event(ada, delta(piece))
      }
      sink.event(ada, delta(' s'))
      sink.event(ada, { type: 'block-end', id: 'm', index: 0 })
      await sink.close()
      const told: unknown[] = []
      const reader = journal.read()[Symbol.asyncIterator]()
      while (!JSON.stringify(told.at(-1) ?? '').includes('block-end')) told.push((await reader.next()).value)
      await reader.return?.()
      const before = cut < 4 ? key.slice(0, cut) : ''
      expect(textOf(told as Parameters<typeof textOf>[0])).toBe(`It is ${before}[redacted]. Ask sk-very nice s`)
    }
  })
})
