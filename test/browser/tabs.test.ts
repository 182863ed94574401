// Seven tabs of one browser: more than the six connections that a browser keeps to one server over HTTP/1.1.
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast, sizes } from './transcript.ts'
import { pieces } from './words.ts'

describeInChromium('seven tabs of one browser', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it('all load and stream at once', async () => {
    const program = await house.program('tabs')
    const context = await chromium.context()
    const tabs = await Promise.all(Array.from({ length: 7 }, () => house.tab('/run/tabs', context)))
    for (const tab of tabs) await isLive(tab)
    const message = program.open('Ada')
    await message.start
    const said = pieces(300)
    const grown = message.grow(said, { rate: 100 })
    // Each shows some of it while it is still being said: no tab waits for another.
    await Promise.all(tabs.map((tab) => tab.waitForFunction(hasText)))
    expect(await Promise.race([grown.then(() => 'over'), Promise.resolve('writing')])).toBe('writing')
    await grown
    await message.end()
    await Promise.all(tabs.map((tab) => showsLast(tab, said.join(''))))
    for (const tab of tabs) expect((await sizes(tab)).texts).toBe(1)
  })
})

/** Runs in the page. */
function hasText(): boolean {
  return (document.querySelector('[role=log] .markdown')?.textContent ?? '').length > 0
}
