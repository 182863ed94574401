// A journal far away keeps what every journal promises, whatever happens to the connection or to the Studio.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { memoryJournals } from '../../src/journal/memory.ts'
import { type RemoteJournal, remoteJournal } from '../../src/journal/remote.ts'
import { journalSink } from '../../src/journal/sink.ts'
import { sqliteJournals } from '../../src/journal/sqlite.ts'
import { ingestServer } from '../suites/ingest-server.ts'
import { journalSuite, next, numbers, said, textOf } from '../suites/journal.ts'
import { journalChild } from '../suites/journal-child.ts'

/** A test that waits for a connection on a busy machine gives it longer than people would. */
const patient = { connectMs: 5000 }

describe.each([false, true])('a journal far away, where WebSockets do not get through: %s', (refusesSockets) => {
  journalSuite(async () => {
    const journals = memoryJournals()
    const server = await ingestServer(journals, { refusesSockets })
    let journal: RemoteJournal | undefined
    const open = () => (journal = remoteJournal(server.url, 'run', { ...patient, warn: () => undefined }))
    return {
      open,
      reopen: async () => {
        await journal?.close()
        return open()
      },
      [Symbol.asyncDispose]: async () => {
        await journal?.close()
        await server[Symbol.asyncDispose]()
        await journals.close()
      },
    }
  })
})

describe('a journal far away', () => {
  test('a writer that is killed between two events loses nothing that was acknowledged', async () => {
    const journals = memoryJournals()
    await using server = await ingestServer(journals)
    const acknowledged = await journalChild('remote', server.url).killAfter(20)
    const kept = textOf(await next(journals.open('run').read()[Symbol.asyncIterator](), acknowledged))
    expect(acknowledged).toBeGreaterThanOrEqual(20)
    expect(kept).toBe(numbers(1, acknowledged))
  })

  test('connections that break again and again lose and double nothing', async () => {
    const journals = memoryJournals()
    await using server = await ingestServer(journals)
    const journal = remoteJournal(server.url, 'run', { ...patient, warn: () => undefined })
    const heard = next(journal.read()[Symbol.asyncIterator](), 600)
    for (let round = 0; round < 3; round += 1) {
      const connected = server.connected()
      const from = round * 200
      const appended = Array.from({ length: 200 }, (_, at) => journal.append(said(from + at + 1)))
      await appended[round * 40]
      server.cut()
      await connected
      await Promise.all(appended)
    }
    expect(textOf(await heard)).toBe(numbers(1, 600))
    expect(textOf(await next(journals.open('run').read()[Symbol.asyncIterator](), 600))).toBe(numbers(1, 600))
    await journal.close()
  })

  test('a Studio that is killed and started again has everything once', { timeout: 40_000 }, async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'agentscope-studio-')), 'studio.sqlite')
    onTestFinished(() => rmSync(resolve(path, '..'), { recursive: true, force: true }))
    const first = await studioProcess(path)
    const journal = remoteJournal(first.url, 'run', { ...patient, warn: () => undefined })
    const appended = Array.from({ length: 300 }, (_, at) => journal.append(said(at + 1)))
    await appended[100]
    for (let n = 301; n <= 500; n += 1) appended.push(journal.append(said(n)))
    await first.kill()
    const second = await studioProcess(path, Number(new URL(first.url).port))
    await Promise.all(appended)
    await journal.close()
    await second.kill()
    const journals = sqliteJournals(path)
    const kept = await next(journals.open('run').read()[Symbol.asyncIterator](), 500)
    expect(textOf(kept)).toBe(numbers(1, 500))
    await journals.close()
  })

  test('a Studio that comes late gets everything, and is missed in one warning', async () => {
    const server = await ingestServer(memoryJournals())
    await server[Symbol.asyncDispose]()
    const warnings: string[] = []
    const journal = remoteJournal(server.url, 'run', { ...patient, warn: (text) => warnings.push(text) })
    const appended = [journal.append(said(1)), journal.append([said(2), said(3)])]
    await expect.poll(() => warnings.length).toBe(1)
    const journals = memoryJournals()
    await using late = await ingestServer(journals, { port: server.port })
    await Promise.all(appended)
    expect(late.url).toBe(server.url)
    expect(textOf(await next(journals.open('run').read()[Symbol.asyncIterator](), 3))).toBe('1 2 3 ')
    expect(warnings).toHaveLength(1)
    await journal.close()
  })

  test('a Studio that is stopped holds nobody up, and has every word when it goes on', {
    timeout: 40_000,
  }, async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'agentscope-studio-')), 'studio.sqlite')
    onTestFinished(() => rmSync(resolve(path, '..'), { recursive: true, force: true }))
    const studio = await studioProcess(path)
    const journal = remoteJournal(studio.url, 'run', { ...patient, silenceMs: 400, warn: () => undefined })
    const sink = journalSink(journal, { closeMs: 30_000 })
    const say = (n: number) => sink.event({ name: 'Ada', id: 'a' }, { ...said(n).event, delta: `${n} ` })
    say(1)
    await expect.poll(() => journal.isConnected).toBe(true)
    studio.signal('SIGSTOP')
    for (let n = 2; n <= 100_000; n += 1) {
      expect(say(n)).toBeUndefined()
      if (n % 1000 === 0) await new Promise(setImmediate)
    }
    // It counts as lost, and what it may have got is sent again.
    await expect.poll(() => journal.isConnected, { timeout: 5000 }).toBe(false)
    studio.signal('SIGCONT')
    await sink.close()
    await journal.close()
    await studio.kill()
    const journals = sqliteJournals(path)
    let text = ''
    const reader = journals.open('run').read()[Symbol.asyncIterator]()
    while (!text.endsWith('100000 ')) text += textOf(await next(reader, 1))
    expect(text).toBe(numbers(1, 100_000))
    await journals.close()
  })

  test('a Studio that takes the connection and says nothing is given up after 250 ms', async () => {
    const silent = createServer().on('upgrade', () => undefined)
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
    const { port } = silent.address() as AddressInfo
    const warned = Promise.withResolvers<string>()
    const began = performance.now()
    const journal = remoteJournal(`http://127.0.0.1:${port}`, 'run', { warn: warned.resolve })
    expect(await warned.promise).toMatch(/is away \(Opening handshake has timed out\)/)
    // One attempt by a WebSocket and one by requests; a busy machine adds to it.
    expect(performance.now() - began).toBeGreaterThan(490)
    expect(performance.now() - began).toBeLessThan(5000)
    await journal.close()
    silent.closeAllConnections()
    silent.close()
  })

  test('a Studio that wants its token says so in the warning', async () => {
    const refusing = createServer().on('upgrade', (_request, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'))
    await new Promise<void>((listening) => refusing.listen(0, '127.0.0.1', listening))
    const { port } = refusing.address() as AddressInfo
    const warned = Promise.withResolvers<string>()
    const journal = remoteJournal(`http://127.0.0.1:${port}`, 'run', { ...patient, warn: warned.resolve })
    expect(await warned.promise).toMatch(/wants its token/)
    await journal.close()
    refusing.close()
  })

  test('the token goes along in a header, from an option or the fragment, and stands in no warning', async () => {
    await using server = await ingestServer(memoryJournals())
    for (const url of [`${server.url}/#token=s3cret-token`, server.url]) {
      const journal = remoteJournal(url, 'run', { ...patient, token: url.includes('#') ? undefined : 's3cret-token' })
      await journal.append(said(1))
      await journal.close()
    }
    expect(server.authorizations).toEqual(['Bearer s3cret-token', 'Bearer s3cret-token'])
    const warned = Promise.withResolvers<string>()
    const away = remoteJournal('http://127.0.0.1:9/#token=s3cret-token', 'run', { warn: warned.resolve })
    expect(await warned.promise).toMatch(/^Studio at http:\/\/127\.0\.0\.1:9 is away \(connect ECONNREFUSED/)
    await away.close()
  })
})

interface StudioProcess {
  url: string
  signal(name: NodeJS.Signals): void
  kill(): Promise<void>
}

async function studioProcess(path: string, port = 0): Promise<StudioProcess> {
  const child: ChildProcess = fork(resolve(import.meta.dirname, '../suites/studio.child.ts'), [path, String(port)], {
    execArgv: ['--no-warnings'],
  })
  const [url] = await once(child, 'message')
  return {
    url: String(url),
    signal: (name) => void child.kill(name),
    kill: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
