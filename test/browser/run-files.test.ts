// A run leaves Studio as one file and comes back from it, through the page; and the drawer of a phone.
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { scene } from './scene.ts'
import { useStudio } from './studio.ts'

describeInChromium('in the page', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it('a run is exported as one file, deleted, and imported again with all that was said', async () => {
    await scene(house.studio.journals)
    const tab = await house.tab('/')
    await tab.getByRole('checkbox', { name: 'Select werewolf' }).check()
    const saving = tab.waitForEvent('download')
    await tab.getByRole('button', { name: 'Export' }).click()
    const file = await (await saving).path()
    await tab.getByRole('button', { name: 'Delete' }).click()
    await tab.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect.poll(() => tab.locator('.run-row').count()).toBe(4)
    const asking = tab.waitForRequest((request) => request.url().endsWith('/api/import'))
    await tab.locator('input[type=file]').setInputFiles({
      name: 'werewolf.jsonl',
      mimeType: '',
      buffer: await readFile(file),
    })
    expect(await (await asking).headerValue('content-type')).toBe('application/x-ndjson')
    await tab.getByRole('link', { name: /werewolf/ }).click()
    await tab.getByText('Let us vote before lunch.').first().waitFor()
    expect(await tab.locator('[role=log] article').count()).toBe(7)
  })

  it('a file that is no run is refused in words, and nothing is added', async () => {
    await scene(house.studio.journals)
    const tab = await house.tab('/')
    await tab.locator('.run-row').nth(4).waitFor()
    const file = { name: 'notes.jsonl', mimeType: '', buffer: Buffer.from('not a run\n') }
    await tab.locator('input[type=file]').setInputFiles(file)
    await tab.locator('.toast').waitFor()
    expect((await house.studio.journals.runs()).length).toBe(5)
  })

  it('the navigation of a phone is a drawer that opens, leads on, and closes', async () => {
    await scene(house.studio.journals)
    const tab = await house.tab('/', await chromium.context({ viewport: { width: 390, height: 844 }, hasTouch: true }))
    const link = tab.getByRole('navigation').getByRole('link', { name: 'Settings' })
    await tab.locator('.run-row').first().waitFor()
    expect(await link.isVisible()).toBe(false)
    await tab.locator('.top').getByRole('button', { name: 'Menu' }).tap()
    await link.tap()
    await expect.poll(() => new URL(tab.url()).pathname).toBe('/settings')
    await expect.poll(() => link.isVisible()).toBe(false)
    await tab.locator('.top').getByRole('button', { name: 'Menu' }).tap()
    await link.waitFor()
    await tab.keyboard.press('Escape')
    await expect.poll(() => link.isVisible()).toBe(false)
  })
})
