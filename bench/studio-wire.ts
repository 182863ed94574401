// What a reply costs on the wire, how late it is shown, and what a cut or a reload costs.

import { isLive, showsLast } from '../test/browser/transcript.ts'
import { lags, numbered, watchNumbers } from '../test/browser/watching.ts'
import { pieces } from '../test/browser/words.ts'
import type { Room } from './studio-room.ts'
import type { Gate } from './studio-table.ts'

export async function wireGates(room: Room, isShort: boolean): Promise<Gate[]> {
  const slow = isShort ? 200 : 1000
  const fast = await bytes(room, 1000, 1000)
  const twice = await bytes(room, 2000, 1000)
  return [
    {
      what: `bytes of ${slow} × 5 characters at 50 a second`,
      theirs: '2,830 KB for 1,000',
      limit: (25 * slow) / 1000,
      unit: 'KB',
      measured: (await bytes(room, slow, 50)) / 1024,
    },
    {
      what: 'bytes of 1,000 × 5 characters at 1,000 a second',
      theirs: '2,830 KB',
      limit: 8,
      unit: 'KB',
      measured: fast / 1024,
    },
    { what: 'bytes of twice as many pieces', theirs: '4', limit: 2.1, unit: 'times', measured: twice / fast },
  ]
}

async function bytes(room: Room, count: number, rate: number): Promise<number> {
  const { program, tab, message } = await begun(room, 'wire')
  const said = pieces(count)
  const before = room.proxy.down
  await message.grow(said, { rate })
  await message.end()
  await showsLast(tab, `First: ${said.join('')}`, { timeout: 60_000 })
  const cost = room.proxy.down - before
  await tab.context().close()
  await program.end()
  return cost
}

async function begun(room: Room, name: string) {
  const program = await room.program(name)
  const tab = await room.tab(`/run/${program.run}`)
  await isLive(tab)
  const message = program.open('Ada')
  await message.start
  await message.grow(['First: '])
  await showsLast(tab, 'First:', { writing: true })
  return { program, tab, message }
}

export async function lagGates(room: Room, isShort: boolean): Promise<Gate[]> {
  const gates: Gate[] = []
  for (const rate of [50, 200, 1000]) {
    const { p50, p99 } = await lag(room, rate, rate * (isShort ? 3 : 10))
    const what = (part: string) => `lag from the agent to the page at ${rate} a second, ${part}`
    const theirs = rate === 50 ? ['37 ms', '400 ms'] : ['up to 14,800 ms', 'up to 33,000 ms']
    gates.push(
      { what: what('p50'), theirs: theirs[0] ?? '', limit: 35, unit: 'ms', measured: p50 },
      { what: what('p99'), theirs: theirs[1] ?? '', limit: 100, unit: 'ms', measured: p99 },
    )
  }
  return gates
}

async function lag(room: Room, rate: number, count: number) {
  const { program, tab, message } = await begun(room, 'lag')
  await watchNumbers(tab)
  const toldAt: number[] = []
  const said = numbered(count)
  const told = () => toldAt.push(performance.timeOrigin + performance.now())
  await message.grow(said, { rate, told })
  await message.end()
  await showsLast(tab, `First: ${said.join('')}`, { timeout: 60_000 })
  const measured = await lags(tab, toldAt)
  await tab.context().close()
  await program.end()
  return measured
}

/** A cut with 5,000 characters missing, and a reload. */
export async function recoveryGates(room: Room): Promise<Gate[]> {
  const { tab, message } = await begun(room, 'recovery')
  room.proxy.accept(false)
  room.proxy.cut()
  const missing = pieces(1000, 2)
  await message.grow(missing)
  const before = room.proxy.down
  const cutAt = performance.now()
  room.proxy.accept(true)
  await showsLast(tab, `First: ${missing.join('')}`, { writing: true })
  const back = performance.now() - cutAt
  const cost = room.proxy.down - before
  await tab.reload()
  const shown = await tab.evaluate(textShownAt)
  await message.end()
  await tab.context().close()
  return [
    { what: 'back after a cut', theirs: 'never', limit: 1000, unit: 'ms', measured: back },
    {
      what: 'bytes for 5,000 missing characters',
      theirs: 'all again',
      limit: 5000 * 1.3 + 2048,
      unit: 'bytes',
      measured: cost,
    },
    { what: 'text after a reload in mid-stream', theirs: '1,400 ms', limit: 300, unit: 'ms', measured: shown },
  ]
}

/** Runs in the page: milliseconds from the navigation until there is text. */
export function textShownAt(): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const text = document.querySelector('[role=log] .markdown')?.textContent ?? ''
      if (text.length > 0) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })
}
