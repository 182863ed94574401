// Long texts that go on growing on the page of a run: every frame stays short, as short as this machine lets any be.
// LONG=1 measures longer; `npm run bench:studio` has the figures beside those of AgentScope Studio.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { atOnce } from '../suites/at-once.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { fairFrames } from './fair-frames.ts'
import { useStudio } from './studio.ts'
import { isLive } from './transcript.ts'

const words = 'The **quick** brown `fox` jumps over the [lazy](https://dog.example) dog, again and again. '
const part = `## Part\n\n${words.repeat(5)}\n\n- one\n- two **bold**\n\n`
const prose = part.repeat(Math.ceil(200_000 / part.length))
const code = (count: number) =>
  Array.from({ length: count }, (_, n) => `const value${n} = compute(${n}, 'text')\n`).join('')
const rows = (count: number) => Array.from({ length: count }, (_, n) => `| ${n} | **cell** | \`x\` |\n`).join('')
const seconds = process.env['LONG'] === undefined ? 1.5 : 10

describeInChromium('a long text on the page of a run', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it.each([
    ['a message of 200 KB', prose, words.repeat(20), 'Part', 20],
    ['an open block of 100 KB of code', `\`\`\`ts\n${code(2600)}`, code(300), 'compute(2599', 50],
    ['a table of 3,000 rows', `| a | b | c |\n|---|---|---|\n${rows(3000)}`, rows(300), '2999', 50],
  ])('%s grows at 55 frames a second, none longer than 50 ms', atOnce, async (_, head, tail, shown, rate) => {
    const { tab, message } = await opened(head, shown)
    const pieces = tail.match(/[\s\S]{1,6}/g) ?? []
    let round = 0
    const frames = await fairFrames(tab, () => {
      const count = rate * seconds
      return message.grow(pieces.slice(round * count, ++round * count), { rate })
    })
    expect(frames.fps).toBeGreaterThanOrEqual(55)
    expect(frames.longest).toBeLessThanOrEqual(50)
  })

  it(
    '200 KB are taken down in steps: no frame is long while they come, and the page opens with them',
    atOnce,
    async () => {
      const { tab } = await opened(prose, 'Part')
      const longest = await tab.evaluate(() => (globalThis as unknown as { longest: number }).longest)
      expect(longest).toBeLessThanOrEqual(150)
      expect(await tab.$$eval('.markdown-section', (all) => all.length)).toBeGreaterThan(20)
    },
  )

  async function opened(head: string, shown: string) {
    const program = await house.program('long')
    const message = program.open('Ada')
    await message.start
    await message.grow([head])
    const tab = await house.tab('/run/long')
    await tab.evaluate(watchFrames)
    await isLive(tab)
    await isWhole(tab, shown)
    return { tab, message }
  }
})

/** All of the text is there, and nothing has been added for some frames. */
function isWhole(tab: Page, shown: string): Promise<unknown> {
  return tab.evaluate(async (shown) => {
    const text = () => document.querySelector('[role=log] .markdown')?.textContent ?? ''
    const frame = () => new Promise((done) => requestAnimationFrame(done))
    for (let still = 0, length = 0; still < 10; still = text().length === length && length > 0 ? still + 1 : 0) {
      length = text().length
      await frame()
    }
    return text().includes(shown)
  }, shown)
}

/** It runs in the page. */
function watchFrames(): void {
  Object.assign(globalThis, { longest: 0 })
  let before = performance.now()
  const frame = () => {
    const now = performance.now()
    const all = globalThis as unknown as { longest: number }
    all.longest = Math.max(all.longest, now - before)
    before = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}
