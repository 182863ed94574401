// What the live wire carries and costs: linear in what is said, right whatever happens to it, back soon after a cut.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import type { Program } from './program.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast, sizes } from './transcript.ts'
import { cutAnywhere, hardText, pieces } from './words.ts'

describeInChromium('the live wire', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** Bytes to the tab for one reply of so many pieces, after a first piece has been seen. */
  async function cost(run: string, count: number, rate: number, earlier = 0): Promise<number> {
    const program = await house.program(run)
    for (let each = 0; each < earlier; each++) await program.say('Ada', [`Earlier message ${each}.`])
    const tab = await house.tab(`/run/${run}`)
    await isLive(tab)
    const said = pieces(count)
    const message = program.open('Ada')
    await message.start
    await message.grow(['First: '])
    await showsLast(tab, 'First:', { writing: true })
    const before = house.proxy.down
    await message.grow(said, { rate })
    await message.end()
    await showsLast(tab, `First: ${said.join('')}`)
    const bytes = house.proxy.down - before
    await tab.close()
    return bytes
  }

  it('costs at most 8 KB for 1,000 pieces at 1,000 a second, and twice the pieces at most 2.1 times that', async () => {
    const one = await cost('one', 1000, 1000)
    expect(one).toBeLessThanOrEqual(8 * 1024)
    expect(await cost('two', 2000, 1000)).toBeLessThanOrEqual(2.1 * one)
  })

  it('costs at most 25 bytes a piece at 50 a second', async () => {
    expect(await cost('slow', 200, 50)).toBeLessThanOrEqual(200 * 25)
  })

  it('costs the same for a reply behind twenty earlier messages', async () => {
    const alone = await cost('alone', 500, 1000)
    expect(await cost('behind', 500, 1000, 20)).toBeLessThanOrEqual(1.1 * alone + 200)
  })

  it('shows a text that was cut anywhere as it shows the same text said at once', async () => {
    const [cut, whole] = [await house.program('cut'), await house.program('whole')]
    const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 30) }, (_, index) => index + 1)
    const tab = await house.tab('/run/cut')
    await isLive(tab)
    for (const seed of seeds) {
      const text = hardText(seed)
      await cut.say('Ada', cutAnywhere(text, seed), { rate: 500 })
      await whole.say('Ada', [text])
    }
    const other = await house.tab('/run/whole')
    for (const each of [tab, other]) await each.waitForFunction(allWritten, seeds.length)
    const [got, wanted] = [await tab.evaluate(texts), await other.evaluate(texts)]
    for (const [index, seed] of seeds.entries()) expect([seed, got[index]]).toEqual([seed, wanted[index]])
  })

  it('is cut ten times in mid-stream: says so, comes back, and nothing is lost, doubled or out of order', async () => {
    const program = await house.program('cut')
    const tab = await house.tab('/run/cut')
    await isLive(tab)
    const said = pieces(1000, 4)
    const grown = program.say('Ada', said, {
      rate: 200,
      told: (piece) => {
        if (piece % 97 === 0) house.proxy.cut()
      },
    })
    await grown
    await showsLast(tab, said.join(''))
    expect((await sizes(tab)).texts).toBe(1)
  })

  it('comes back within a second of a cut, and costs little more than what was missing', async () => {
    const { program, tab, message } = await speaking('missing')
    house.proxy.accept(false)
    house.proxy.cut()
    await tab.waitForSelector('.lost-bar', { timeout: 2000 })
    const missing = pieces(1000, 5)
    await message.grow(missing)
    const before = house.proxy.down
    house.proxy.accept(true)
    const began = performance.now()
    await showsLast(tab, `First: ${missing.join('')}`, { writing: true })
    expect(performance.now() - began).toBeLessThan(1000)
    expect(house.proxy.down - before).toBeLessThanOrEqual(5000 * 1.3 + 2048)
    await message.end()
    expect(program.run).toBe('missing')
  })

  it('is there again soon after a reload in mid-stream, goes on, and shows each block once', async () => {
    const { tab, message } = await speaking('reload')
    const said = pieces(600, 6)
    await message.grow(said.slice(0, 300))
    await showsLast(tab, `First: ${said.slice(0, 300).join('')}`, { writing: true })
    const grown = message.grow(said.slice(300), { rate: 100 })
    await tab.reload()
    const shownAfter = await tab.evaluate(firstText)
    await grown
    await message.end()
    await showsLast(tab, `First: ${said.join('')}`)
    expect((await sizes(tab)).texts).toBe(1)
    expect(shownAfter).toBeLessThan(300)
  })

  async function speaking(run: string): Promise<{ program: Program; tab: Page; message: ReturnType<Program['open']> }> {
    const program = await house.program(run)
    const tab = await house.tab(`/run/${run}`)
    await isLive(tab)
    const message = program.open('Ada')
    await message.start
    await message.grow(['First: '])
    await showsLast(tab, 'First:', { writing: true })
    return { program, tab, message }
  }
})

// These run inside the page.

function allWritten(count: number): boolean {
  const texts = [...document.querySelectorAll<HTMLElement>('[role=log] .markdown')]
  return texts.length === count && texts.every((text) => !('writing' in text.dataset))
}

function texts(): string[] {
  return [...document.querySelectorAll('[role=log] .markdown')].map((text) => text.innerHTML)
}

/** Milliseconds from the navigation to the first text. */
function firstText(): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const text = document.querySelector('[role=log] .markdown')?.textContent ?? ''
      if (text.length > 1000) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })
}
