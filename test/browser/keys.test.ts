// The whole way through Studio without a mouse, and what a screen reader is told on it.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { settled } from './places.ts'
import { scene } from './scene.ts'
import { useStudio } from './studio.ts'

describeInChromium('by the keyboard alone, a person', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  async function at(path: string, sign: string): Promise<Page> {
    await scene(house.studio.journals)
    const context = await chromium.context({ permissions: ['clipboard-read', 'clipboard-write'] })
    const tab = await house.tab(path, context)
    await tab.locator(sign).first().waitFor()
    await settled(tab)
    return tab
  }

  const isAt = (tab: Page, path: string) => expect.poll(() => new URL(tab.url()).pathname).toBe(path)
  const focused = (tab: Page) => tab.evaluate(() => document.activeElement?.closest('article')?.dataset['message'])
  async function press(tab: Page, ...keys: string[]): Promise<void> {
    for (const key of keys) await tab.keyboard.press(key)
  }

  it('goes to each page by g and a letter, and sees the keys by ?', async () => {
    const tab = await at('/', '.run-row')
    for (const [key, path] of [
      ['t', '/traces'],
      ['m', '/metrics'],
      ['i', '/inbox'],
      ['r', '/'],
    ] as const) {
      await press(tab, 'g', key)
      await isAt(tab, path)
    }
    await press(tab, '?')
    expect(await tab.getByRole('dialog').innerText()).toContain('⌘K')
    await press(tab, 'Escape')
    await tab.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('filters the runs by /, and opens the one that is left with Tab and Enter', async () => {
    const tab = await at('/', '.run-row')
    await press(tab, '/')
    await tab.keyboard.type('werewolf')
    await expect.poll(() => tab.locator('.run-row').count()).toBe(1)
    const link = tab.getByRole('link', { name: /werewolf/ })
    for (let tabs = 0; tabs < 4 && !(await link.evaluate((each) => each === document.activeElement)); tabs++)
      await press(tab, 'Tab')
    await press(tab, 'Enter')
    await isAt(tab, '/run/werewolf')
  })

  it('walks through messages by j and k, copies one by c, and goes to the end by End', async () => {
    const tab = await at('/run/werewolf', '[role=log] article')
    await press(tab, 'k')
    expect(await focused(tab)).toBe('werewolf-7')
    await press(tab, 'k', 'k', 'j')
    expect(await focused(tab)).toBe('werewolf-6')
    await press(tab, 'c')
    const copied = () => tab.evaluate(() => navigator.clipboard.readText())
    await expect.poll(copied).toBe('Let us vote before lunch.')
    await tab.setViewportSize({ width: 1280, height: 300 })
    await press(tab, 'k', 'k', 'k', 'End')
    const below = () => tab.locator('[role=log]').evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop)
    await expect.poll(below).toBeLessThan(2)
  })

  it('goes to the next error by e, to the timeline by t, and is asked before s stops', async () => {
    const tab = await at('/run/etl', '.error-card')
    await press(tab, 'e')
    const failed = await focused(tab)
    await press(tab, 'e')
    expect([failed, await focused(tab)]).toEqual(['etl-2', 'etl-4'])
    await press(tab, 't')
    await isAt(tab, '/run/etl/timeline')
    await tab.goto(new URL('/run/review', tab.url()).href)
    await tab.getByRole('button', { name: 'Stop' }).waitFor()
    await settled(tab)
    await press(tab, 's')
    await tab.getByRole('dialog', { name: 'Stop this run?' }).waitFor()
    await press(tab, 'Escape')
    await tab.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('moves between lanes by [ and ], and to the question by i', async () => {
    const tab = await at('/run/review/lanes', '.lane .message')
    const lane = () => tab.evaluate(() => document.activeElement?.closest('.lane')?.getAttribute('aria-label'))
    await press(tab, ']', ']')
    expect(await lane()).toBe('Lane of Reader')
    await press(tab, '[')
    expect(await lane()).toBe('Lane of User')
    await tab.goto(new URL('/run/travel', tab.url()).href)
    await tab.locator('section.request').waitFor()
    await settled(tab)
    await press(tab, 'i')
    expect(await tab.evaluate(() => document.activeElement?.className)).toContain('request')
  })

  it('answers a form from its first field to Enter', async () => {
    const tab = await at('/run/travel', 'section.request')
    await press(tab, 'i', 'Tab', 'Space', 'Tab')
    await tab.keyboard.type('3')
    await press(tab, 'Enter')
    await tab.getByRole('button', { name: 'Allow once' }).waitFor()
    const given = house.studio.answers.given('travel', 'hotel')
    expect(given?.value).toEqual({ hotel: 'Lakeside Inn', nights: 3 })
  })

  it('finds pages, runs, messages, spans and commands in the palette', async () => {
    const tab = await at('/', '.run-row')
    const options = tab.getByRole('dialog').getByRole('option')
    for (const [words, found] of [
      ['metrics', /Go to Metrics/],
      ['werewolf', /games \/ werewolf/],
      ['causeway', /Su Causeway/],
      ['get_weather', /get_weather/],
      ['theme', /Theme/],
    ] as const) {
      await press(tab, 'Control+k')
      await tab.keyboard.type(words)
      await options.filter({ hasText: found }).first().waitFor({ timeout: 5_000 })
      await press(tab, 'Escape')
      await tab.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await press(tab, 'Control+k')
    await tab.keyboard.type('causeway')
    await options.filter({ hasText: 'Su Causeway' }).first().waitFor()
    await press(tab, 'Enter')
    await isAt(tab, '/run/travel')
  })

  it('hears at most four sentences for a long message, and none of its words', async () => {
    const program = await house.program('long')
    await program.say('Ada', ['First.'])
    const tab = await house.tab('/run/long')
    await tab.getByText('First.').waitFor()
    await tab.evaluate(listen)
    const pieces = Array.from({ length: 300 }, (_, index) => `word${index} `)
    await program.say('Ada', pieces, { rate: 100 })
    const heard = () => tab.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
    await expect.poll(heard, { timeout: 5_000 }).toContain('Ada finished, 300 words')
    expect(await heard()).toEqual(['Ada is writing', 'Ada finished, 300 words'])
  })
})

/** Notes what live regions say, as a screen reader would hear it. Runs in the page. */
function listen(): void {
  const heard: string[] = []
  const spoken = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]'
  const note = ({ target }: MutationRecord) => {
    const from = target instanceof Element ? target : target.parentElement
    const region = from?.closest('[aria-live], [role=status], [role=alert], [role=log]')
    if (region?.matches(spoken)) heard.push(region.textContent ?? '')
  }
  const watch = new MutationObserver((changes) => changes.forEach(note))
  watch.observe(document.body, { subtree: true, childList: true, characterData: true })
  Object.assign(globalThis, { heard })
}
