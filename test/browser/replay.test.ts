// A run played again from its journal, in the real page.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import type { Program } from './program.ts'
import { useStudio } from './studio.ts'
import { showsLast } from './transcript.ts'

const speaker = { name: 'Ada', id: 'agent-Ada' }
const pieces = ['One ', 'two ', 'three ', '**four** ', 'five ', 'six.']

/** A text in pieces of 300 ms, a minute later a question, and its answer: 4 s of replay. It is told all at once. */
async function story(program: Program): Promise<void> {
  const began = Date.now()
  const at = (ms: number, event: StreamEvent) => ({ type: 'event', at: began + ms, speaker, event }) as const
  await program.write(
    at(0, { type: 'message-start', id: 'm1', role: 'assistant', name: 'Ada' }),
    at(0, { type: 'block-start', id: 'm1', index: 0, block: { type: 'text', text: '' } }),
    ...pieces.map((delta, index) => at(index * 300, { type: 'text-delta', id: 'm1', index: 0, delta })),
    at(1500, { type: 'block-end', id: 'm1', index: 0 }),
    at(1500, { type: 'message-end', id: 'm1', ending: { reason: 'stop', complete: true } }),
    at(60_000, { type: 'input-request', id: 'hotel', name: 'User', text: 'Which hotel?' }),
    at(60_500, { type: 'input-answer', id: 'hotel', content: 'Lakeside Inn' }),
  )
}

describeInChromium('a replay', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  async function replayed(run: string): Promise<{ tab: Page; program: Program }> {
    const program = await house.program(run)
    await story(program)
    const tab = await house.tab(`/run/${run}`)
    await showsLast(tab, 'One two three four five six.')
    await tab.getByRole('button', { name: 'Replay', exact: true }).click()
    return { tab, program }
  }
  const slider = (tab: Page) => tab.getByRole('slider')
  const length = async (tab: Page) => Number(await slider(tab).getAttribute('aria-valuemax'))
  const isAt = (tab: Page, place: number) =>
    expect.poll(() => slider(tab).getAttribute('aria-valuenow')).toBe(`${place}`)
  const press = (tab: Page, name: string) => tab.getByRole('button', { name, exact: true }).click()

  it('plays a run from its beginning at its own pace, shortens a long pause and says so, and ends where the run is', async () => {
    const began = performance.now()
    const { tab, program } = await replayed('again')
    await program.end()
    await showsLast(tab, 'One two three', { writing: true })
    await tab.getByText('A pause of 58.5 sec, shortened').waitFor()
    expect(performance.now() - began).toBeGreaterThan(1400)
    await press(tab, '10×')
    await tab.getByRole('button', { name: 'Play again' }).waitFor()
    await showsLast(tab, 'One two three four five six.')
    await tab.getByText('Lakeside Inn').waitFor()
    expect(await length(tab)).toBeGreaterThanOrEqual(4000)
    expect(await length(tab)).toBeLessThan(4500)
  })

  it('goes to any place by keys: back it is as it was then, and a question that waited then cannot be answered', async () => {
    const { tab } = await replayed('scrubbed')
    await press(tab, 'Pause')
    await slider(tab).focus()
    await tab.keyboard.press('End')
    await tab.getByText('Lakeside Inn').waitFor()
    await isAt(tab, await length(tab))
    await tab.keyboard.press('PageDown')
    await tab.locator('.request').waitFor()
    expect(await tab.locator('.request textarea').isDisabled()).toBe(true)
    await tab.keyboard.press('Home')
    await tab.getByText('Nothing was said yet').waitFor()
    await tab.keyboard.press('ArrowRight')
    await showsLast(tab, 'One two three four', { writing: true })
    expect(await tab.locator('.request').count()).toBe(0)
  })

  it('leaves the live run going on beneath, and leads back to it', async () => {
    const { tab, program } = await replayed('beneath')
    await press(tab, 'Pause')
    await program.say('Ada', ['Said meanwhile.'])
    expect(await tab.getByText('Said meanwhile.').count()).toBe(0)
    await press(tab, 'Back to live')
    await showsLast(tab, 'Said meanwhile.')
    expect(await slider(tab).count()).toBe(0)
  })

  it('goes on with what is said while it plays', async () => {
    const { tab, program } = await replayed('catching-up')
    await press(tab, '10×')
    const message = program.open('Ada')
    await message.grow(['Seven ', 'eight '])
    await showsLast(tab, 'Seven eight', { writing: true })
    await message.grow(['nine.'])
    await showsLast(tab, 'Seven eight nine.', { writing: true })
    await press(tab, 'Pause')
  })

  it('shows lanes and timeline as they stood then', async () => {
    const { tab } = await replayed('views')
    await press(tab, 'Pause')
    await slider(tab).focus()
    await tab.keyboard.press('Home')
    await tab.keyboard.press('ArrowRight')
    await tab.getByRole('tab', { name: 'Lanes' }).click()
    await showsLast(tab, 'One two three four', { writing: true })
    await tab.getByRole('tab', { name: 'Timeline' }).click()
    await tab.locator('.waterfall').waitFor()
    await slider(tab).waitFor()
  })
})
