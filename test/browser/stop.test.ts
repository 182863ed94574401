// Stop, by a person in a page: the real model call of a real program ends at once, and what was said stays.
import { performance } from 'node:perf_hooks'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { type Simulator, simulator } from '../../src/simulator/index.ts'
import { agent } from './agent.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

describeInChromium('Stop', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** A model that has said this much and would go on for ever. */
  function endless(): Promise<Simulator> {
    return simulator({ models: { '*': { text: ['Half of ', 'the answer'], end: 'silence' } } })
  }

  async function press(tab: Page): Promise<number> {
    await tab.getByRole('button', { name: 'Stop', exact: true }).click()
    const sure = tab.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true })
    await sure.waitFor()
    const began = performance.now()
    await sure.click()
    return began
  }

  async function stoppedFrom(prepare: (tab: Page, path: string) => Promise<Page>): Promise<void> {
    await using provider = await endless()
    const { run, result } = await agent('talk', house.studio.url, 'endless', provider.baseUrl('openai'))
    const path = `/run/${run}`
    const first = await house.tab(path)
    await first.getByText('Half of the answer').waitFor()
    const tab = await prepare(first, path)
    await tab.getByText('Half of the answer').waitFor()
    const call = await provider.nextRequest()
    const began = await press(tab)
    await call.closed
    expect(performance.now() - began).toBeLessThanOrEqual(500)
    expect(call.aborted).toBe(true)
    expect((await result).failed).toContain('stopped in Studio')
    for (const page of new Set([first, tab])) await isMarked(page)
  }

  /** The half answer is there, says that it was stopped, and nothing writes or waits any more. */
  async function isMarked(tab: Page): Promise<void> {
    const message = tab.locator('article.message', { hasText: 'Half of the answer' })
    await message.getByText('Stopped', { exact: true }).waitFor()
    expect(await tab.locator('[role=log] [data-writing], [role=log] .caret').count()).toBe(0)
  }

  it('after a reload ends the model call within half a second, and keeps and marks what was said', () =>
    stoppedFrom(async (tab) => {
      await tab.reload()
      return tab
    }))

  it('in a second tab ends the same call, and both tabs show it', () => stoppedFrom((_, path) => house.tab(path)))

  it('that is not confirmed stops nothing', async () => {
    await using provider = await endless()
    const { run } = await agent('talk', house.studio.url, 'endless', provider.baseUrl('openai'))
    const tab = await house.tab(`/run/${run}`)
    await tab.getByText('Half of the answer').waitFor()
    await tab.locator('[role=log]').focus()
    await tab.keyboard.press('s')
    await tab.getByRole('dialog').waitFor()
    await tab.keyboard.press('Escape')
    await tab.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await provider.nextRequest()).aborted).toBe(false)
    expect(await tab.getByText('Stopped', { exact: true }).count()).toBe(0)
  })
})
