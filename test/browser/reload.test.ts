// A tab that is reloaded, or opened, in mid-stream: there soon, all of it, once, and where its reader was.
import type { WebSocketRoute } from 'playwright-core'
import { expect, it } from 'vitest'
import { atOnce } from '../suites/at-once.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { drawn, isAtEnd, seen, wheel } from './reading.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast, sizes } from './transcript.ts'
import { pieces } from './words.ts'

describeInChromium('a tab that comes in mid-stream', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** Thirty earlier messages, and one that is being written. */
  async function speaking(run: string) {
    const program = await house.program(run)
    for (let each = 1; each <= 30; each++) await program.say('Ada', [`Earlier message ${each}.\n\nIts second line.`])
    const tab = await house.tab(`/run/${run}`)
    await isLive(tab)
    const message = program.open('Ben')
    await message.start
    await message.grow(['First: '])
    await showsLast(tab, 'First:', { writing: true })
    return { tab, message }
  }

  it('by a reload shows text within 300 ms, goes on, shows each block once, and follows', atOnce, async () => {
    const { tab, message } = await speaking('reload')
    const said = pieces(300, 6)
    const grown = message.grow(said, { rate: 150 })
    await tab.reload()
    const shownAfter = await tab.evaluate(textShownAt)
    await grown
    await message.end()
    await showsLast(tab, `First: ${said.join('')}`)
    expect((await sizes(tab)).texts).toBe(31)
    await isAtEnd(tab)
    expect(shownAfter).toBeLessThanOrEqual(300)
  })

  it('by a reload leaves a reader who had moved up at the same line', async () => {
    const { tab, message } = await speaking('place')
    await wheel(tab, -700)
    const before = await seen(tab)
    const said = pieces(200, 6)
    const grown = message.grow(said, { rate: 100 })
    await tab.reload()
    await expect.poll(() => seen(tab)).toEqual(before)
    await grown
    await message.end()
    await drawn(tab)
    expect(await seen(tab)).toEqual(before)
  })

  it('misses nothing that is said before, with and behind its subscription', async () => {
    const program = await house.program('gap')
    const message = program.open('Ada')
    await message.start
    const said = pieces(80)
    const [early, before, during, behind] = [0, 20, 40, 60].map((from) => said.slice(from, from + 20))
    await message.grow(early ?? [])
    const context = await chromium.context()
    const page = await context.newPage()
    await page.routeWebSocket(/\/live$/, (tab) => {
      const studio = tab.connectToServer()
      let told: Promise<void> | undefined
      tab.onMessage((frame) => {
        if (told !== undefined || !String(frame).includes('"sub"')) return studio.send(frame)
        // As many as can be said before Studio hears of the tab, and the next while it answers.
        told = message.grow(before ?? []).then(() => {
          const saying = message.grow(during ?? [])
          studio.send(frame)
          return saying
        })
      })
      passOn(studio, tab, () => told?.then(() => message.grow(behind ?? [])))
    })
    const address = new URL('/run/gap', house.studio.url)
    address.hash = new URL(house.studio.url).hash
    await page.goto(address.href)
    await showsLast(page, said.join(''), { writing: true })
    await message.end()
    await showsLast(page, said.join(''))
  })
})

/** What Studio sends reaches the tab; `first` is done when the first batch, the snapshot, has. */
function passOn(studio: WebSocketRoute, tab: WebSocketRoute, first: () => void): void {
  let isFirst = true
  studio.onMessage((frame) => {
    tab.send(frame)
    if (isFirst && String(frame).startsWith('["gap"')) {
      isFirst = false
      first()
    }
  })
}

/** Runs in the page: milliseconds from the navigation to the text that is being written. */
function textShownAt(): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const text = [...document.querySelectorAll('[role=log] .markdown')].at(-1)?.textContent ?? ''
      if (text.startsWith('First:')) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })
}
