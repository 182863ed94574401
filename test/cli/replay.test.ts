// A recorded run once more: found by a piece of its id, beside a Studio that is open, from an export, and stopped.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { EventWriter } from '../../src/core/writer.ts'
import type { JournalRecord } from '../../src/journal/journal.ts'
import { openStudio, type Studio } from '../../src/studio/index.ts'
import { type Folder, folder } from './files.ts'
import { endAll, run } from './run.ts'

let files: Folder
let studio: Studio

beforeEach(async () => {
  files = folder()
  studio = await openStudio({ port: 0, data: files.path('studio.sqlite') })
  await record('run_20260101-100000_alpha', 'Hello from Alpha.')
  await record('run_20260101-100000_beta', 'Hello from Beta.', 600_000)
})

afterEach(async () => {
  endAll()
  await studio.close()
  files[Symbol.dispose]()
})

const start = Date.UTC(2026, 0, 1, 10)

/** Alice speaks, and Bob so many milliseconds later. */
async function record(id: string, text: string, pauseMs = 100): Promise<void> {
  const facts = {
    id,
    project: 'p',
    name: id.slice(20),
    startedAt: new Date(start).toISOString(),
    status: 'running',
  } as const
  const said = (name: string, at: number) => spoken(name, text).map((event) => heard(name, event, at))
  const end = { status: 'done', endedAt: new Date(start + pauseMs).toISOString() } as const
  const last = { type: 'run', at: start + pauseMs, run: end } as const
  const records = [...said('Alice', start + 10), ...said('Bob', start + 10 + pauseMs), last]
  await studio.journals.open(id).append([{ type: 'run', at: start, run: facts }, ...records])
}

const heard = (name: string, event: StreamEvent, at: number): JournalRecord => {
  return { type: 'event', at, speaker: { name, id: name }, event }
}

function spoken(name: string, text: string): StreamEvent[] {
  const writer = new EventWriter({ id: name, name })
  writer.text(text)
  writer.end({ reason: 'stop', complete: true })
  return writer.take()
}

async function replayed(...args: string[]): Promise<[number | null, string]> {
  const running = run(['replay', ...args])
  return [await running.exit, running.text]
}

const data = () => ['--data', files.path('studio.sqlite')]

describe('a replay', () => {
  it('plays a run of a Studio that is open, by the beginning of its id, and leaves long pauses out', async () => {
    const [code, text] = await replayed('20260101-100000_b', ...data(), '--max-pause', '50ms')
    expect(text).toMatch(
      /^Replay of run_20260101-100000_beta \(2026-01-01 \d\d:00\), at its real speed\. Ctrl-C ends it\.$/m,
    )
    expect(text).toMatch(/Alice: Hello from Beta\.\n· skipped 10 min\nBob: Hello from Beta\.\n/)
    expect(code).toBe(0)
  })

  it('lists what there is without a run, the newest first', async () => {
    const [code, text] = await replayed(...data())
    expect(text.split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^ {2}run_20260101-100000_beta {3}2026-01-01 \d\d:00 {2}done {6}beta$/),
      expect.stringMatching(/^ {2}run_20260101-100000_alpha {2}2026-01-01/),
    ])
    expect(code).toBe(0)
  })

  it('plays what Studio exported', async () => {
    const headers = { authorization: `Bearer ${studio.token}` }
    const answer = await fetch(`http://127.0.0.1:${studio.port}/api/runs/run_20260101-100000_alpha/export`, { headers })
    writeFileSync(files.path('run.jsonl'), await answer.text())
    const [code, text] = await replayed(files.path('run.jsonl'), '--speed', 'max')
    expect(text).toContain('Alice: Hello from Alpha.\nBob: Hello from Alpha.\n')
    expect(code).toBe(0)
  })

  it('is ended by a signal in the middle of a pause, with 130', async () => {
    const running = run(['replay', 'run_20260101-100000_beta', ...data(), '--max-pause', 'none'])
    await running.shows('Alice: Hello from Beta.')
    running.signal('SIGINT')
    expect(await running.exit).toBe(130)
    expect(running.text).not.toContain('Bob')
  })
})

it.each<[string, () => string[], number, RegExp]>([
  ['an id that several runs begin with', () => ['run_2026', ...data()], 2, /may be run_\S+_beta, run_\S+_alpha\./],
  ['an id that no run begins with', () => ['run_1', ...data()], 2, /No run "run_1" in .*studio\.sqlite\./],
  ['a speed that is none', () => ['x', '--speed', '0'], 2, /--speed needs a number above 0, or max/],
  ['a pause that is none', () => ['x', '--max-pause', 'long'], 2, /--max-pause needs a time/],
  ['a file that is not there', () => ['x', '--data', '/no/such'], 1, /There is no file \/no\/such/],
  ['a file that is no export', () => [import.meta.filename], 1, /is no run that Studio exported/],
  ['a run directory', () => [files.path('.')], 1, /keeps what was said, not when each piece came/],
  ['no Studio yet', () => [], 0, /There is no file of a Studio yet/],
])('%s is told', async (_, args, code, text) => {
  const [exit, shown] = await replayed(...args())
  expect(shown).toMatch(text)
  expect(exit).toBe(code)
})
