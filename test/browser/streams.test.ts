// Twenty agents at once: the page stays smooth, and no agent is slower than it would be without a Studio.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { memoryJournals } from '../../src/journal/index.ts'
import type { Journals } from '../../src/journal/journal.ts'
import { atOnce } from '../suites/at-once.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { fairFrames } from './fair-frames.ts'
import { Program } from './program.ts'
import { journalsAt, studioProcess } from './studio-process.ts'
import { pieces } from './words.ts'

const agents = 20
const rate = 50
/** Of each of three rounds; the long form takes more. */
const seconds = Number(process.env['STREAM_SECONDS'] ?? 2)

describeInChromium('twenty agents that say fifty pieces a second', () => {
  const chromium = useChromium()

  it.each(['chat', 'lanes'])(
    'are drawn at 55 frames a second or more in the view %s, and are not slowed',
    {
      ...atOnce,
    },
    async (view) => {
      const url = await studio()
      const journals = journalsAt(url)
      onTestFinished(() => journals.close())
      const program = await begun(journals)
      const tab = await (await chromium.context()).newPage()
      const address = new URL(`/run/twenty${view === 'chat' ? '' : `/${view}`}`, url)
      address.hash = new URL(url).hash
      await tab.goto(address.href)
      await tab.waitForSelector('.run-main')
      const alone = await talk(await begun(memoryJournals()))
      const times: number[] = []
      const { fps, p95 } = await fairFrames(tab, async () => times.push(await talk(program)))
      expect(fps).toBeGreaterThanOrEqual(55)
      expect(p95).toBeLessThanOrEqual(20)
      expect(Math.min(...times)).toBeLessThanOrEqual(alone * 1.01)
    },
  )

  /** A Studio in a process of its own, as agents meet it. Resolves with its address. */
  async function studio(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'agentscope-streams-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const process = await studioProcess(join(folder, 'studio.sqlite'))
    onTestFinished(() => process[Symbol.asyncDispose]())
    return process.url
  }
})

async function begun(journals: Journals): Promise<Program> {
  const program = new Program(journals, 'twenty')
  await program.begin()
  return program
}

/** All say their part. Resolves with the milliseconds until the slowest had told its last piece. */
async function talk(program: Program): Promise<number> {
  const began = performance.now()
  let lastAt = began
  const told = () => {
    lastAt = performance.now()
  }
  const grown = Array.from({ length: agents }, async (_, index) => {
    const message = program.open(`Agent ${index + 1}`)
    // As an agent does it: nothing waits for Studio's word before the next piece.
    await Promise.all([message.start, message.grow(pieces(rate * seconds, index), { rate, told })])
    await message.end()
  })
  await Promise.all(grown)
  return lastAt - began
}
