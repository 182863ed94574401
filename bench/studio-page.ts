// How smoothly the page draws: many streams, a long message, many messages.

import { isLive } from '../test/browser/transcript.ts'
import { countFrames, type Frames } from '../test/browser/watching.ts'
import { pieces } from '../test/browser/words.ts'
import type { Room } from './studio-room.ts'
import { type Gate, median } from './studio-table.ts'
import { textShownAt } from './studio-wire.ts'

/** Twenty agents at once, 50 pieces a second each: the page's frames, and what the agents lose. */
export async function streamGates(room: Room, isShort: boolean): Promise<Gate[]> {
  const seconds = isShort ? 3 : 10
  const rounds: Awaited<ReturnType<typeof twenty>>[] = []
  for (let round = 0; round < (isShort ? 1 : 3); round++) rounds.push(await twenty(room, seconds))
  const of = (figure: (round: (typeof rounds)[number]) => number) => median(rounds.map(figure))
  const what = '20 streams × 50 a second'
  return [
    {
      what: `${what}: frames`,
      theirs: '53 /s',
      limit: 55,
      atLeast: true,
      unit: '/s',
      measured: of(({ frames }) => frames.fps),
    },
    { what: `${what}: frame, p95`, theirs: '–', limit: 20, unit: 'ms', measured: of(({ frames }) => frames.p95) },
    {
      what: `${what}: agents slowed by`,
      theirs: '520 %',
      limit: 1,
      unit: '%',
      measured: of(({ slower }) => slower * 100),
    },
    {
      what: `${what}: Studio's memory`,
      theirs: '211 MB',
      limit: 110,
      unit: 'MB',
      measured: of(({ memory }) => memory),
    },
  ]
}

async function twenty(room: Room, seconds: number) {
  const program = await room.program('twenty')
  const tab = await room.tab(`/run/${program.run}`)
  const messages = Array.from({ length: 20 }, (_, index) => program.open(`Agent ${index + 1}`))
  await Promise.all(messages.map(({ start }) => start))
  await isLive(tab)
  const ended = await countFrames(tab)
  const began = performance.now()
  const told = messages.map(async (message, index) => {
    let lastAt = 0
    const note = () => {
      lastAt = performance.now()
    }
    await message.grow(pieces(50 * seconds, index + 1), { rate: 50, told: note })
    return lastAt - began
  })
  const longest = Math.max(...(await Promise.all(told)))
  const frames = await ended()
  const memory = room.studio.residentBytes() / 2 ** 20
  await Promise.all(messages.map((message) => message.end()))
  await tab.context().close()
  await program.end()
  return { frames, memory, slower: longest / (1000 * (seconds - 1 / 50)) - 1 }
}

/** A message of 200 KB that goes on growing. */
export async function longGates(room: Room, isShort: boolean): Promise<Gate[]> {
  const rounds: Frames[] = []
  for (let round = 0; round < (isShort ? 1 : 3); round++) rounds.push(await long(room, isShort ? 3 : 10))
  const what = '200 KB message + 20 pieces a second'
  return [
    {
      what: `${what}: frames`,
      theirs: '≤ 1 /s',
      limit: 55,
      atLeast: true,
      unit: '/s',
      measured: median(rounds.map(({ fps }) => fps)),
    },
    {
      what: `${what}: longest frame`,
      theirs: '–',
      limit: 50,
      unit: 'ms',
      measured: median(rounds.map(({ longest }) => longest)),
    },
  ]
}

async function long(room: Room, seconds: number): Promise<Frames> {
  const program = await room.program('long')
  const message = program.open('Ada')
  await message.start
  const text = pieces(40_000, 3)
    .join('')
    .replaceAll(/(.{600}) /g, '$1\n\n')
  await message.grow([text])
  const tab = await room.tab(`/run/${program.run}`)
  const isShown = (length: number) =>
    (document.querySelector('[role=log] .markdown')?.textContent?.length ?? 0) > length
  await tab.waitForFunction(isShown, text.length * 0.99)
  const ended = await countFrames(tab)
  await message.grow(pieces(20 * seconds), { rate: 20 })
  const frames = await ended()
  await message.end()
  await tab.context().close()
  await program.end()
  return frames
}

/** A run of 500 messages: how soon its last screen is there, and how many nodes the page holds. */
export async function openGates(room: Room): Promise<Gate[]> {
  const program = await room.program('five-hundred')
  const body = (index: number) => `Message **${index}** says:\n\n- one\n- two\n\n${pieces(60, index + 1).join('')}`
  for (let index = 1; index <= 500; index++) await program.say(`Agent ${index % 5}`, [body(index)])
  const tab = await room.tab(`/run/${program.run}`)
  await tab.waitForFunction(() => document.querySelector('[role=log]')?.textContent?.includes('Message 500 says'))
  await tab.reload()
  const shown = await tab.evaluate(textShownAt)
  const nodes = await tab.evaluate(() => document.querySelectorAll('*').length)
  await tab.context().close()
  await program.end()
  return [
    { what: 'open a run of 500 messages', theirs: '5,800 ms', limit: 400, unit: 'ms', measured: shown },
    { what: 'nodes of the page with it', theirs: '40,000', limit: 4000, unit: 'nodes', measured: nodes },
  ]
}
