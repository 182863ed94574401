// How late each piece stands in the page, from the moment the program tells it: at any rate, plain and with markdown.
import { expect, it } from 'vitest'
import { atOnce } from '../suites/at-once.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast } from './transcript.ts'
import { lags, numbered, watchNumbers } from './watching.ts'

/** The long form says so many seconds at each rate. */
const seconds = Number(process.env['LAG_SECONDS'] ?? 2)

describeInChromium('the delay from the program to the page', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  const cases = [50, 200, 1000].flatMap((rate) => [
    { rate, what: 'plain text', pieces: numbered },
    { rate, what: 'markdown', pieces: numberedMarkdown },
  ])

  it.each(cases)(
    'at $rate pieces of $what a second is 35 ms in the middle, and 100 ms for all but one in a hundred',
    {
      ...atOnce,
    },
    async ({ rate, pieces }) => {
      const program = await house.program('lag')
      const tab = await house.tab('/run/lag')
      await isLive(tab)
      const message = program.open('Ada')
      await message.start
      await message.grow(['First: '])
      await showsLast(tab, 'First:', { writing: true })
      await watchNumbers(tab)
      const toldAt: number[] = []
      const told = () => toldAt.push(performance.timeOrigin + performance.now())
      await message.grow(pieces(rate * seconds), { rate, told })
      await tab.waitForFunction(allShown, toldAt.length)
      await message.end()
      const { p50, p99 } = await lags(tab, toldAt)
      expect(p50).toBeLessThanOrEqual(35)
      expect(p99).toBeLessThanOrEqual(100)
    },
  )
})

/** The same numbers among headings, lists, links and marks; the number stands in plain text behind them. */
function numberedMarkdown(count: number): string[] {
  return numbered(count).map((piece, index) => {
    const block = index % 20 === 0 ? `\n\n## Part ${index / 20}\n\n` : index % 10 === 0 ? '\n\n- ' : ''
    return `${block}**b** ${piece}`
  })
}

/** Runs in the page: whether so many numbers have been seen. */
function allShown(count: number): boolean {
  return (globalThis as unknown as { shownAt: number[] }).shownAt.length >= count
}
