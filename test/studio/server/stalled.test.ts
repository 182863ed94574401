// A Studio that is stopped, or killed, in the middle of what an agent says: the agent does not feel it, and all arrives.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { remoteJournal } from '../../../src/journal/remote.ts'
import { type JournalSink, journalSink } from '../../../src/journal/sink.ts'
import { studioProcess } from '../../browser/studio-process.ts'
import { atOnce } from '../../suites/at-once.ts'
import { begun, ended } from './studio-app.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const speaker = { name: 'Ada', id: 'ada' }
const patient = { connectMs: 5000, silenceMs: 500, warn: () => undefined }

function freshData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agentscope-stalled-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'studio.sqlite')
}

/** An agent that says one long message of numbers. */
async function agent(url: string, run = 'one') {
  const journal = remoteJournal(url, run, patient)
  const sink = journalSink(journal, { closeMs: 30_000, warn: () => undefined })
  sink.record(begun(run))
  sink.event(speaker, { type: 'message-start', id: 'm', role: 'assistant', name: 'Ada' })
  sink.event(speaker, { type: 'block-start', id: 'm', index: 0, block: { type: 'text', text: '' } })
  await expect.poll(() => journal.isConnected).toBe(true)
  const end = async () => {
    sink.event(speaker, { type: 'block-end', id: 'm', index: 0 })
    sink.event(speaker, { type: 'message-end', id: 'm', ending: { reason: 'stop', complete: true } })
    sink.record(ended(2_000_000_000_000))
    await sink.close()
    await journal.close()
  }
  return { journal, sink, end }
}

/** Says numbers, a turn of the event loop for every twenty. Returns how many it said in a millisecond. */
async function say(sink: JournalSink, from: number, to: number): Promise<number> {
  const began = performance.now()
  for (let n = from; n <= to; n += 1) {
    sink.event(speaker, { type: 'text-delta', id: 'm', index: 0, delta: `${n} ` })
    if (n % 20 === 0) await new Promise(setImmediate)
  }
  return (to - from + 1) / (performance.now() - began)
}

const numbers = (to: number) => Array.from({ length: to }, (_, at) => `${at + 1} `).join('')

async function runAt(url: string, path = '') {
  const { origin, hash } = new URL(url)
  const authorization = `Bearer ${new URLSearchParams(hash.slice(1)).get('token')}`
  return (await fetch(`${origin}/api/runs/one${path}`, { headers: { authorization } })).json()
}

describe('a Studio that is stopped in mid-stream', () => {
  test('costs the agent no speed and little memory, and has every word when it goes on', {
    ...atOnce,
    timeout: 60_000,
  }, async () => {
    await using studio = await studioProcess(freshData())
    const { sink, journal, end } = await agent(studio.url)
    const before = await say(sink, 1, 20_000)
    collect()
    const { heapUsed } = process.memoryUsage()
    studio.signal('SIGSTOP')
    const stopped = await say(sink, 20_001, 120_000)
    collect()
    expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(8 << 20)
    expect(stopped).toBeGreaterThan(before * 0.9)
    await expect.poll(() => journal.isConnected, { timeout: 5000 }).toBe(false)
    studio.signal('SIGCONT')
    await end()
    await expect.poll(async () => (await runAt(studio.url)).status, { timeout: 10_000 }).toBe('done')
    const { messages } = await runAt(studio.url, '/messages')
    expect(messages[0].content[0].text).toBe(numbers(120_000))
  })
})

describe('a Studio that is killed in mid-stream and started again', () => {
  test('calls the run lost until it reports, and then has every word', { timeout: 60_000 }, async () => {
    const data = freshData()
    const first = await studioProcess(data)
    const { sink, journal, end } = await agent(first.url)
    await say(sink, 1, 2000)
    await expect.poll(async () => (await runAt(first.url)).status).toBe('running')
    first.signal('SIGKILL')
    await expect.poll(() => journal.isConnected).toBe(false)
    await say(sink, 2001, 4000)
    // The agent was elsewhere when this Studio read what it has: on another port, then on its own.
    const between = await studioProcess(data)
    await expect.poll(async () => (await runAt(between.url)).status).toBe('lost')
    await between[Symbol.asyncDispose]()
    await using second = await studioProcess(data, Number(new URL(first.url).port))
    await say(sink, 4001, 6000)
    await expect.poll(async () => (await runAt(second.url)).status, { timeout: 10_000 }).toBe('running')
    await end()
    await expect.poll(async () => (await runAt(second.url)).status).toBe('done')
    const { messages } = await runAt(second.url, '/messages')
    expect(messages[0].content[0].text).toBe(numbers(6000))
  })
})
