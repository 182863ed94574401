// A tab that nobody sees: it costs next to nothing, and is right at once when somebody looks at it again.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { atOnce } from '../suites/at-once.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast } from './transcript.ts'
import { pieces } from './words.ts'

/** The long form stays hidden for a minute. */
const seconds = Number(process.env['HIDDEN_SECONDS'] ?? 5)
const rate = 200

describeInChromium('a hidden tab', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it(`paints at most twice a second while ${rate} pieces come, and is right in one frame on return`, {
    ...atOnce,
    timeout: 60_000 + seconds * 3000,
  }, async () => {
    const program = await house.program('hidden')
    const tab = await house.tab('/run/hidden')
    await isLive(tab)
    const message = program.open('Ada')
    await message.start
    await message.grow(['First: '])
    await showsLast(tab, 'First:', { writing: true })
    await hide(tab, true)
    await tab.evaluate(countPaints)
    const said = pieces(rate * seconds)
    await message.grow(said, { rate })
    const paints = await tab.evaluate(() => (globalThis as unknown as { paints: number[] }).paints.length)
    expect(paints).toBeGreaterThan(0)
    expect(paints).toBeLessThanOrEqual(2 * seconds)
    // What came meanwhile is in the page's model, or asked for with the first word of the return.
    await tab.evaluate(watchLengths)
    await hide(tab, false)
    await showsLast(tab, `First: ${said.join('')}`, { writing: true, timeout: 1000 })
    const steps = await tab.evaluate(() => (globalThis as unknown as { steps: number[] }).steps)
    // One frame with what the tab had, and at most one with what Studio had kept back for a hidden tab.
    expect(steps.length).toBeLessThanOrEqual(2)
    await message.end()
  })
})

/**
 * Headless Chromium shows every tab, so the page is told what it would be told: `hidden`, and its event. Everything
 * behind that is the product's own: its timer in place of frames, its word to Studio, its paint on return.
 */
function hide(tab: Page, on: boolean): Promise<void> {
  return tab.evaluate((on) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => on })
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (on ? 'hidden' : 'visible') })
    document.dispatchEvent(new Event('visibilitychange'))
  }, on)
}

// These run inside the page.

/** Notes when the page was changed, anywhere: what one turn of the event loop writes is one paint. */
function countPaints(): void {
  const paints: number[] = []
  Object.assign(globalThis, { paints })
  const options = { subtree: true, childList: true, characterData: true, attributes: true }
  new MutationObserver(() => paints.push(performance.now())).observe(document.documentElement, options)
}

/** Notes every frame in which the text has become longer. */
function watchLengths(): void {
  const steps: number[] = []
  Object.assign(globalThis, { steps })
  const length = () => document.querySelector('[role=log] .markdown')?.textContent?.length ?? 0
  let before = length()
  const look = () => {
    const now = length()
    if (now !== before) steps.push(now)
    before = now
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
