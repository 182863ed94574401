// A connection that breaks at any moment: the page says so, is back at once, and gets only what it has not got.
import { expect, it } from 'vitest'
import { atOnce } from '../suites/at-once.ts'
import { randomFrom } from '../suites/mutate.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast, sizes } from './transcript.ts'
import { pieces } from './words.ts'

const cuts = 10

describeInChromium('a tab whose connection is cut', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  async function speaking(run: string) {
    const program = await house.program(run)
    const tab = await house.tab(`/run/${run}`)
    await isLive(tab)
    const message = program.open('Ada')
    await message.start
    await message.grow(['First: '])
    await showsLast(tab, 'First:', { writing: true })
    return { tab, message }
  }

  it('ten times at random says so, is back within a second with all, for little more than what it missed', {
    ...atOnce,
  }, async () => {
    const { tab, message } = await speaking('cut')
    const random = randomFrom(Number(process.env['SEED'] ?? 7))
    let shown = 'First: '
    for (let cut = 0; cut < cuts; cut++) {
      const said = pieces(40 + Math.floor(random() * 60), cut + 1)
      const at = 1 + Math.floor(random() * (said.length - 1))
      const cutIt = (piece: number) => {
        if (piece !== at) return
        house.proxy.accept(false)
        house.proxy.cut()
      }
      await message.grow(said, { rate: 200, told: cutIt })
      shown += said.join('')
      await tab.waitForSelector('.lost-bar', { timeout: 2000 })
      const before = house.proxy.down
      const took = await mended(() => showsLast(tab, shown, { writing: true }))
      expect(took).toBeLessThanOrEqual(1000)
      expect(house.proxy.down - before).toBeLessThanOrEqual((said.length - at + 1) * 5 * 1.3 + 2048)
    }
    await message.end()
    await showsLast(tab, shown)
    expect((await sizes(tab)).texts).toBe(1)
  })

  it('and at once taken up again ten times in mid-stream loses nothing, and shows nothing twice', async () => {
    const { tab, message } = await speaking('flaky')
    const random = randomFrom(11)
    const said = pieces(1000, 4)
    const places = new Set(Array.from({ length: cuts }, (_, cut) => cut * 100 + Math.floor(random() * 100) + 1))
    const told = (piece: number) => {
      if (places.has(piece)) house.proxy.cut()
    }
    await message.grow(said, { rate: 250, told })
    await message.end()
    await showsLast(tab, `First: ${said.join('')}`)
    expect((await sizes(tab)).texts).toBe(1)
    await tab.waitForSelector('.lost-bar', { state: 'detached' })
  })

  /** Milliseconds from the moment when connections are possible again. */
  async function mended(shown: () => Promise<void>): Promise<number> {
    house.proxy.accept(true)
    const began = performance.now()
    await shown()
    return performance.now() - began
  }
})
