// Frame rates judged fairly: the median of three rounds, each beside what an empty page gets on the same machine then.
import type { Page } from 'playwright-core'
import { countFrames, type Frames } from './watching.ts'

/** A frame of a screen that shows sixty a second. Milliseconds. */
const oneFrame = 1000 / 60
const emptyMs = 400

/**
 * What the tab draws while `work` goes on, with what the machine takes from every page taken out: on an idle one the
 * figures are those that were measured.
 */
export async function fairFrames(tab: Page, work: () => Promise<unknown>): Promise<Frames> {
  const rounds: Frames[] = []
  for (let round = 0; round < 3; round += 1) rounds.push(await oneRound(tab, work))
  const median = (of: (frames: Frames) => number) => rounds.map(of).toSorted((a, b) => a - b)[1] ?? Number.NaN
  return { fps: median(({ fps }) => fps), p95: median(({ p95 }) => p95), longest: median(({ longest }) => longest) }
}

async function oneRound(tab: Page, work: () => Promise<unknown>): Promise<Frames> {
  const empty = await framesOfEmptyPage(tab)
  await tab.bringToFront()
  const ended = await countFrames(tab)
  await work()
  const { fps, p95, longest } = await ended()
  const late = (figure: number) => Math.max(0, figure - oneFrame)
  return { fps: fps / Math.min(1, empty.fps / 60), p95: p95 - late(empty.p95), longest: longest - late(empty.longest) }
}

async function framesOfEmptyPage(tab: Page): Promise<Frames> {
  const empty = await tab.context().newPage()
  const ended = await countFrames(empty)
  await empty.waitForTimeout(emptyMs)
  const frames = await ended()
  await empty.close()
  return frames
}
