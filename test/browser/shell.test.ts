// The frame around Studio's pages and its two main ones, as a person meets them: keys, questions, theme, language.
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { scene } from './scene.ts'
import { useStudio } from './studio.ts'

describeInChromium('the shell of Studio', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it('swaps the token of its address for a cookie and takes it out of sight', async () => {
    const page = await house.tab('/')
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    expect(page.url()).not.toContain('token')
    await page.reload()
    await page.getByText('Live', { exact: true }).waitFor()
  })

  it('shows how to connect a program when there are no runs', async () => {
    const page = await house.tab('/')
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor()
    expect(await page.locator('pre').textContent()).toContain(new URL(page.url()).origin)
  })

  it('lists runs, filters them by status and by words, and opens one', async () => {
    await scene(house.studio.journals)
    const page = await house.tab('/')
    const rows = page.locator('.run-row')
    await rows.nth(4).waitFor()
    await page.getByRole('tab', { name: 'Failed' }).click()
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByRole('tab', { name: 'All' }).click()
    await page.getByRole('searchbox').fill('critic hangzhou')
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByRole('link', { name: /hangzhou/ }).click()
    await page.getByRole('heading', { name: 'Two days in Hangzhou' }).waitFor()
  })

  it('finds errors and questions, and leads to the run of one', async () => {
    const program = await house.program('asks')
    const ada = { name: 'Ada', id: 'ada' }
    const error = { type: 'provider', message: 'The tower is out of reach.', retryable: true } as const
    await program.tell(ada, { type: 'error', error })
    await program.tell(ada, { type: 'input-request', id: 'q', name: 'Ada', text: 'Which tower?' })
    const page = await house.tab('/search?q=tower')
    const results = page.locator('.result', { hasText: 'tower' })
    await expect.poll(() => results.allInnerTexts()).toHaveLength(2)
    expect((await results.allInnerTexts()).join()).toMatch(
      /question[\s\S]*Which tower\?[\s\S]*error[\s\S]*out of reach/,
    )
    await results.filter({ hasText: 'Which tower?' }).click()
    await page.getByRole('textbox', { name: 'Your answer' }).waitFor()
  })

  it('deletes the chosen runs when it is confirmed, and not before', async () => {
    await scene(house.studio.journals)
    const page = await house.tab('/')
    await page.getByRole('checkbox', { name: 'Select werewolf' }).check()
    await page.getByRole('button', { name: 'Delete' }).click()
    expect(await house.studio.journals.runs()).toContain('werewolf')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect.poll(() => house.studio.journals.runs()).not.toContain('werewolf')
    await expect.poll(() => page.locator('.run-row').count()).toBe(4)
  })

  it('says that the connection is lost, and is live again when it is back', async () => {
    await scene(house.studio.journals)
    const page = await house.tab('/run/review')
    await page.getByText('Live', { exact: true }).waitFor()
    await page.context().setOffline(true)
    await house.proxy.cut()
    await page.getByRole('alert').getByText('Connection lost').waitFor()
    await page.context().setOffline(false)
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.getByText('Connection lost').count()).toBe(0)
  })

  it('allows a tool call by a button in its card, never by Enter elsewhere', async () => {
    await scene(house.studio.journals)
    const page = await house.tab('/run/travel')
    await page.getByRole('button', { name: 'Next question' }).click()
    const allow = page.getByRole('button', { name: 'Allow once' })
    await allow.waitFor()
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('Enter')
    expect(await allow.isEnabled()).toBe(true)
    await page.keyboard.press('i')
    await page.keyboard.press('Enter')
    expect(await allow.isEnabled()).toBe(true)
  })

  it('sends what was chosen in a form to its run, and turns to the next question', async () => {
    await scene(house.studio.journals)
    const page = await house.tab('/run/travel')
    await page.getByText('Canal House').click()
    const commands = house.studio.answers.commands('travel', AbortSignal.timeout(10_000))[Symbol.asyncIterator]()
    const told = commands.next()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('button', { name: 'Allow once' }).waitFor()
    const value = { hotel: 'Canal House', nights: 2 }
    expect((await told).value).toMatchObject({ type: 'answer', requestId: 'hotel', answer: { value } })
    await commands.return?.()
  })

  it('keeps the chosen theme and language over a reload, before anything is painted', async () => {
    const page = await house.tab('/')
    await page.getByRole('button', { name: 'Theme: as the system' }).click()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    await page.getByRole('button', { name: '切换到中文' }).click()
    await page.reload({ waitUntil: 'commit' })
    await page.getByRole('heading', { name: '运行', exact: true }).waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh')
  })
})
