// What Studio costs besides: time of the agent for each piece, bytes of the first load.
import { gzipSync } from 'node:zlib'
import { Backlog } from '../src/journal/backlog.ts'
import { journalSink } from '../src/journal/sink.ts'
import type { Room } from './studio-room.ts'
import type { Gate } from './studio-table.ts'

/** What handing over one piece takes of the agent's own time: it never waits. */
export async function agentGate(room: Room): Promise<Gate> {
  const program = await room.program('cost')
  const sink = journalSink(room.journals.open(program.run))
  const speaker = { name: 'Ada', id: 'ada' }
  sink.event(speaker, { type: 'message-start', id: 'm', role: 'assistant', name: 'Ada' })
  sink.event(speaker, { type: 'block-start', id: 'm', index: 0, block: { type: 'text', text: '' } })
  const taken: number[] = []
  for (let piece = 0; piece < 20_000; piece++) {
    const began = performance.now()
    sink.event(speaker, { type: 'text-delta', id: 'm', index: 0, delta: 'five ' })
    taken.push((performance.now() - began) * 1000)
    if (piece % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await sink.close?.()
  await program.end()
  const measured = taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? Number.NaN
  return { what: "agent's time for each piece, p99", theirs: '3,400 to 24,000 µs', limit: 20, unit: 'µs', measured }
}

/** How many pieces a second are merged while Studio is behind: nothing of a program's speed may hang on it. */
export function mergeGate(): Gate {
  const pieces = 1_000_000
  const backlog = new Backlog(1 << 22)
  const speaker = { name: 'Ada', id: 'ada' }
  const event = { type: 'text-delta', id: 'm', index: 0, delta: 'five ' } as const
  const began = performance.now()
  for (let piece = 0; piece < pieces; piece++) backlog.add({ type: 'event', at: piece, speaker, event }, true)
  const measured = pieces / (performance.now() - began) / 1000
  return { what: 'pieces merged in a second', theirs: '–', limit: 1, atLeast: true, unit: 'M', measured }
}

/** JavaScript and CSS of the first page, compressed. */
export async function loadGate(room: Room): Promise<Gate> {
  const tab = await room.tab('/')
  await tab.waitForLoadState('networkidle')
  const loaded = await tab.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
  const files = loaded.filter((url) => /\.(js|css)$/.test(new URL(url).pathname))
  const bodies = await Promise.all(files.map(async (url) => (await tab.context().request.get(url)).body()))
  const sizes = bodies.map((body) => gzipSync(body).length)
  await tab.context().close()
  const measured = sizes.reduce((sum, size) => sum + size, 0) / 1024
  return { what: 'first load, JS and CSS compressed', theirs: '4,090 KB raw', limit: 90, unit: 'KB', measured }
}
