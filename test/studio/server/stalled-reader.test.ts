// A tab that takes nothing any more while 30 MB are said: the server keeps the text once, and not in memory.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { JournalRecord } from '../../../src/journal/journal.ts'
import { remoteJournal } from '../../../src/journal/remote.ts'
import type { Studio } from '../../../src/studio/index.ts'
import { RunModel } from '../../../src/studio/protocol/model.ts'
import { WireReader } from '../../../src/studio/protocol/wire.ts'
import { atOnce } from '../../suites/at-once.ts'
import { bearer } from './opened.ts'
import { spoken } from './studio-app.ts'

const child = join(import.meta.dirname, '../../suites/weighed-studio.child.ts')
const pieces = 480
const atATime = 24

/** What was freed goes back to the machine, so that what is resident is what is in use. */
const givesBack = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '65536' }

type Doors = Pick<Studio, 'port' | 'token' | 'url'>

/** A Studio as a process, and its memory after everything that can be freed has been. */
async function weighedStudio() {
  const folder = mkdtempSync(join(tmpdir(), 'agentscope-weighed-'))
  const studio: ChildProcess = fork(child, [join(folder, 'studio.sqlite')], {
    execArgv: ['--expose-gc', '--max-semi-space-size=1'],
    env: { ...process.env, ...givesBack },
  })
  onTestFinished(async () => {
    studio.disconnect()
    await once(studio, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })
  const [doors] = (await once(studio, 'message')) as [Doors]
  const weight = async (): Promise<number> => {
    studio.send('weigh')
    return (await once(studio, 'message'))[0].residentBytes
  }
  return { doors, weight }
}

/** A tab that holds what it reads, and can be kept from reading. */
async function reader(doors: Doors, run: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${doors.port}/live`, { headers: bearer(doors as Studio) })
  const model = new RunModel(run)
  const wire = new WireReader()
  const state = { batches: 0 }
  const waiting: (() => void)[] = []
  socket.on('message', (data) => {
    const frame = wire.read(String(data))
    if (frame.t !== 'b') return
    state.batches += 1
    model.apply(frame)
    for (const go of waiting.splice(0)) go()
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ t: 'sub', run, seq: 0, have: {} }))
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return { socket, model, state, until }
}

const [begin, block, , ...over] = spoken('m', '', 2_000_000_000_000)

const said = { type: 'event', at: 2_000_000_000_000, speaker: { name: 'Planner', id: 'agent-1' } } as const

/** Says 30 MB, a few pieces at a time, when those before have been kept; `end` says the rest. */
async function says(doors: Doors, run: string, total: number) {
  const journal = remoteJournal(doors.url, run)
  const text = Array.from({ length: pieces }, (_, at) => `${at} `.padEnd(total / pieces, 'and so on, '))
  await journal.append([begin, block].flatMap((record) => record ?? []))
  const say = async () => {
    const records = text.map((piece): JournalRecord => {
      return { ...said, event: { type: 'text-delta', id: 'm', index: 0, delta: piece } }
    })
    for (let at = 0; at < pieces; at += atATime) await journal.append(records.slice(at, at + atATime))
  }
  const end = async () => {
    await journal.append(over)
    await journal.close()
  }
  return { say, end, text: text.join('') }
}

test('a stalled reader costs the server at most 8 MB, and then catches up, merged and exact', {
  ...atOnce,
  timeout: 60_000,
}, async () => {
  const { doors, weight } = await weighedStudio()
  // What a Studio takes for the first words that pass through it, whoever reads, is not this reader's.
  const warm = await says(doors, 'warm', 2_000_000)
  const keen = await reader(doors, 'warm')
  await warm.say()
  await keen.until(() => keen.model.parts.get('m.0')?.text.length === warm.text.length)
  await warm.end()
  keen.socket.terminate()
  const { say, end, text } = await says(doors, 'stalled', 30_000_000)
  const stalled = await reader(doors, 'stalled')
  await stalled.until(() => stalled.model.messages.length === 1)
  stalled.socket.pause()
  const before = await weight()
  await say()
  expect((await weight()) - before).toBeLessThanOrEqual(8 << 20)
  const had = stalled.state.batches
  stalled.socket.resume()
  await end()
  await stalled.until(() => stalled.model.parts.get('m.0')?.closed === true)
  expect(stalled.model.parts.get('m.0')?.text === text).toBe(true)
  expect(stalled.state.batches - had).toBeLessThan(pieces * 2)
  stalled.socket.terminate()
})
