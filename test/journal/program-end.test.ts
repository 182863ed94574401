// When a linked program may end: its last words arrive, and a Studio that is away or dead keeps nobody alive.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { memoryJournals } from '../../src/journal/memory.ts'
import { ingestServer } from '../suites/ingest-server.ts'
import { next, numbers, textOf } from '../suites/journal.ts'

function program(url: string, ...rest: string[]) {
  const file = resolve(import.meta.dirname, '../suites/linked-program.child.ts')
  return fork(file, [url, ...rest], { execArgv: ['--no-warnings'], stdio: 'inherit' })
}

/** Everything that is there until all words have come. */
async function heardAll(journals: ReturnType<typeof memoryJournals>, until: string): Promise<string> {
  const reader = journals.open('run').read()[Symbol.asyncIterator]()
  let text = ''
  while (!text.endsWith(until)) text += textOf(await next(reader, 1))
  return text
}

test('a program that ends without closing has told Studio everything', async () => {
  const journals = memoryJournals()
  await using server = await ingestServer(journals)
  const [code] = await once(program(server.url), 'exit')
  expect(code).toBe(0)
  expect(await heardAll(journals, '500 ')).toBe(numbers(1, 500))
})

test('a program that ends by itself, all said, has ended well', async () => {
  const journals = memoryJournals()
  await using server = await ingestServer(journals)
  const ended = once(program(server.url), 'exit')
  const statuses: unknown[] = []
  for await (const { record } of journals.open('run').read()) {
    if (record.type === 'run') statuses.push(record.run.status)
    if (statuses.length === 2) break
  }
  expect(statuses).toEqual(['running', 'done'])
  expect((await ended)[0]).toBe(0)
})

test('a program that waits for an answer from Studio does not end before it comes', async () => {
  const journals = memoryJournals()
  const asked = Promise.withResolvers<void>()
  await using server = await ingestServer(journals, {
    async *commands() {
      await asked.promise
      yield { type: 'answer', requestId: 'q', answer: { content: 'yes' } }
    },
  })
  const child = program(server.url, 'asks')
  await next(journals.open('run').read()[Symbol.asyncIterator](), 2)
  expect(child.exitCode).toBe(null)
  const ended = once(child, 'exit')
  asked.resolve()
  expect((await ended)[0]).toBe(0)
  expect(await heardAll(journals, '500 ')).toBe(`heard: yes${numbers(1, 500)}`)
})

test('a Studio that is away, or takes connections and says nothing, keeps no program alive', async () => {
  const sockets: Socket[] = []
  const dumb = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
  await once(dumb, 'listening')
  const address = dumb.address()
  const port = typeof address === 'object' ? address?.port : 0
  for (const url of ['http://127.0.0.1:9', `http://127.0.0.1:${port}`]) {
    expect((await once(program(url, 'tells', '200'), 'exit'))[0]).toBe(0)
  }
  for (const socket of sockets) socket.destroy()
  dumb.close()
})
