// Who moves the transcript: at the end it follows, a reader who moved up by one pixel is left in peace, and comes back.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import type { Program } from './program.ts'
import { drawn, isAtEnd, left, seen, wheel } from './reading.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast } from './transcript.ts'
import { image, pieces } from './words.ts'

const paragraphs = (count: number, seed: number) =>
  pieces(count * 60, seed)
    .join('')
    .replaceAll(/(.{280}) /g, '$1\n\n')
const end = 'And that is the end.'

describeInChromium('the transcript of a run', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it('follows its end in every frame, in one step and never behind', async () => {
    const { tab, message } = await reading('follow')
    await tab.evaluate(watchEnd)
    await message.grow(pieces(500, 2), { rate: 250 })
    const { most, frames } = await tab.evaluate(() => (globalThis as unknown as { atEnd: Watched }).atEnd)
    expect(frames).toBeGreaterThan(60)
    expect(most).toBeLessThanOrEqual(1)
    expect(await tab.$eval('[role=log]', (log) => getComputedStyle(log).scrollBehavior)).toBe('auto')
  })

  it('stays where it is from one pixel upwards on, through 500 pieces, and the button leads back', async () => {
    const { tab, message } = await reading('up')
    await wheel(tab, -1)
    const before = await seen(tab)
    await message.grow([...pieces(500, 2), `\n\n${end}`], { rate: 500 })
    await showsEnd(tab)
    expect(await seen(tab)).toEqual(before)
    await tab.click('.to-end button')
    await isAtEnd(tab)
    await message.grow(pieces(200, 3), { rate: 400 })
    await isAtEnd(tab)
    expect(await tab.$('.to-end')).toBeNull()
  })

  it('is followed again with the End key, and left with a key upwards', async () => {
    const { tab, message } = await reading('keys')
    await tab.focus('[role=log]')
    await tab.keyboard.press('PageUp')
    await tab.waitForSelector('.to-end')
    await expect.poll(() => left(tab)).toBeGreaterThan(100)
    await tab.keyboard.press('End')
    await isAtEnd(tab)
    await message.grow([...pieces(200, 4), `\n\n${end}`], { rate: 400 })
    await showsEnd(tab)
    await isAtEnd(tab)
  })

  it('holds what is read when an image loads, a thought unfolds and code is coloured above it', async () => {
    const { tab } = await reading('above')
    await wheel(tab, -120)
    const before = await seen(tab)
    await press(tab, '.media button')
    await tab.waitForFunction(() => (document.querySelector<HTMLImageElement>('.media img')?.naturalHeight ?? 0) > 0)
    await drawn(tab)
    expect(await seen(tab)).toEqual(before)
    await press(tab, '.thinking summary')
    await tab.waitForSelector('.thinking-text p', { state: 'attached' })
    await drawn(tab)
    expect(await seen(tab)).toEqual(before)
    await tab.waitForFunction(() => CSS.highlights.size > 0)
    expect(await seen(tab)).toEqual(before)
  })

  it('keeps to the end when an image loads, a thought unfolds and code is coloured', async () => {
    const { tab } = await reading('at-end')
    await press(tab, '.media button')
    await tab.waitForFunction(() => (document.querySelector<HTMLImageElement>('.media img')?.naturalHeight ?? 0) > 0)
    await drawn(tab)
    await press(tab, '.thinking summary')
    await tab.waitForSelector('.thinking-text p', { state: 'attached' })
    await tab.waitForFunction(() => CSS.highlights.size > 0)
    await drawn(tab)
    expect(await left(tab)).toBeLessThanOrEqual(1)
    expect(await tab.$('.to-end')).toBeNull()
  })

  /** A run with a thought, an image, code and many words before the message that grows; its end is shown. */
  async function reading(run: string) {
    const program = await house.program(run)
    await rich(program)
    await program.say('Ada', [paragraphs(8, 1)])
    const message = program.open('Ada')
    await message.start
    await message.grow(['First: '])
    const tab = await house.tab(`/run/${run}`)
    await isLive(tab)
    await showsLast(tab, 'First:', { writing: true })
    await isAtEnd(tab)
    return { tab, message }
  }
})

async function rich(program: Program): Promise<void> {
  await program.say('Ada', [paragraphs(2, 5)], { kind: 'thinking' })
  const speaker = { name: 'Ada', id: 'agent-Ada' }
  const id = `${program.run}-image`
  await program.tell(
    speaker,
    { type: 'message-start', id, role: 'assistant', name: 'Ada' },
    { type: 'block-start', id, index: 0, block: { type: 'image', url: image, mimeType: 'image/png' } },
    { type: 'block-end', id, index: 0 },
    { type: 'message-end', id, ending: { reason: 'stop', complete: true } },
  )
  await program.say('Ada', ['```js\nconst answer = 42 // why\n```\n'])
}

function showsEnd(tab: Page) {
  return tab.waitForFunction((end) => document.querySelector('[role=log]')?.textContent.includes(end), end)
}

/** Above the view, where no mouse could reach it without scrolling. */
function press(tab: Page, selector: string): Promise<void> {
  return tab.$eval(selector, (element) => (element as HTMLElement).click())
}

interface Watched {
  most: number
  frames: number
}

/** How far each frame that was drawn lay from the end; looked at when the next one begins. It runs in the page. */
function watchEnd(): void {
  const atEnd: Watched = { most: 0, frames: 0 }
  const log = document.querySelector('[role=log]') as HTMLElement
  const frame = () => {
    atEnd.frames += 1
    atEnd.most = Math.max(atEnd.most, log.scrollHeight - log.clientHeight - log.scrollTop)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  Object.assign(globalThis, { atEnd })
}
