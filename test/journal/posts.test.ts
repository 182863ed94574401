// Where no WebSocket gets through, a program reaches Studio by HTTP requests, by itself, and says so once.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { StudioCommand } from '../../src/journal/journal.ts'
import { memoryJournals } from '../../src/journal/memory.ts'
import { remoteJournal } from '../../src/journal/remote.ts'
import { ingestServer } from '../suites/ingest-server.ts'
import { next, numbers, said, textOf } from '../suites/journal.ts'

const patient = { connectMs: 5000 }
const reader = (journals: ReturnType<typeof memoryJournals>) => journals.open('run').read()[Symbol.asyncIterator]()

describe('a program behind a proxy that lets no WebSocket through', () => {
  test('sends everything in order all the same, and says so once', async () => {
    const journals = memoryJournals()
    await using server = await ingestServer(journals, { refusesSockets: true })
    const warnings: string[] = []
    const warn = (text: string) => warnings.push(text)
    const journal = remoteJournal(`${server.url}/#token=s3cret`, 'run', { ...patient, warn })
    const appended = Array.from({ length: 300 }, (_, at) => journal.append(said(at + 1)))
    await Promise.all(appended)
    expect(textOf(await next(reader(journals), 300))).toBe(numbers(1, 300))
    expect(warnings).toEqual([
      expect.stringMatching(/is reached by HTTP requests: no WebSocket gets through \(.*426\)/),
    ])
    expect(warnings.join()).not.toContain('s3cret')
    await journal.close()
  })

  test('loses and doubles nothing when its connections break', async () => {
    const journals = memoryJournals()
    await using server = await ingestServer(journals, { refusesSockets: true })
    const warnings: string[] = []
    const journal = remoteJournal(server.url, 'run', { ...patient, warn: (text) => warnings.push(text) })
    for (let round = 0; round < 3; round += 1) {
      const appended = Array.from({ length: 200 }, (_, at) => journal.append(said(round * 200 + at + 1)))
      await appended[round * 40]
      server.cut()
      await Promise.all(appended)
    }
    expect(textOf(await next(reader(journals), 600))).toBe(numbers(1, 600))
    expect(warnings.filter((text) => text.includes('HTTP requests'))).toHaveLength(1)
    await journal.close()
  })

  test('hears what people want of it', async () => {
    const wish: StudioCommand = { type: 'stop', reason: 'enough' }
    await using server = await ingestServer(memoryJournals(), {
      refusesSockets: true,
      async *commands() {
        yield wish
      },
    })
    const journal = remoteJournal(server.url, 'run', { ...patient, warn: () => undefined })
    const heard = Promise.withResolvers<StudioCommand>()
    journal.onCommand(heard.resolve)
    expect(await heard.promise).toEqual(wish)
    await journal.close()
  })

  test('ends when it has told everything', async () => {
    const journals = memoryJournals()
    await using server = await ingestServer(journals, { refusesSockets: true })
    const file = resolve(import.meta.dirname, '../suites/linked-program.child.ts')
    const [code] = await once(fork(file, [server.url], { execArgv: ['--no-warnings'], stdio: 'inherit' }), 'exit')
    expect(code).toBe(0)
    expect(textOf(await next(reader(journals), 3)).startsWith('1 ')).toBe(true)
  })
})
