// What stands beside a run: who answered whom, how full a window was, and a call as a test; and what Settings refuse.
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { scene } from './scene.ts'
import { useStudio } from './studio.ts'

describeInChromium('beside a run', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it('the graph of agents says the links of the one that is chosen by keyboard', async () => {
    await scene(house.studio.journals)
    const tab = await house.tab('/run/travel')
    await tab.locator('.inspector').getByText('Agents').click()
    const critic = tab.getByRole('button', { name: 'Critic: 1 message.' })
    await critic.focus()
    await tab.keyboard.press('Enter')
    await expect.poll(() => critic.getAttribute('aria-pressed')).toBe('true')
    expect(await tab.locator('.agent-links li').allInnerTexts()).toEqual([
      'Critic answered Planner 1×.',
      'Planner answered Critic 1×.',
    ])
  })

  it('a span shows how full the window was, unknown as –, and is copied as a test', async () => {
    await scene(house.studio.journals)
    const context = await chromium.context({ permissions: ['clipboard-read', 'clipboard-write'] })
    const tab = await house.tab('/run/travel', context)
    await tab.locator('.inspector').getByText('Span').click()
    const fill = tab.locator('.run-span dl > div', { hasText: 'Context window' })
    expect(await fill.locator('dd').innerText()).toBe('–')
    await tab.getByRole('button', { name: 'Copy as test fixture' }).click()
    await expect.poll(() => tab.evaluate(() => navigator.clipboard.readText())).toContain('await simulator({')
    await tab.goto(new URL('/settings', tab.url()).href)
    const windows = tab.locator('section', { hasText: 'Context windows' })
    await windows.getByRole('button', { name: '+ qwen3-max' }).click()
    await windows.getByRole('spinbutton', { name: 'Tokens, qwen3-max' }).fill('2000')
    await windows.getByRole('button', { name: 'Save' }).click()
    await tab.getByText('Saved', { exact: true }).waitFor()
    await tab.goto(new URL('/run/travel', tab.url()).href)
    await tab.locator('.inspector').getByText('Span').click()
    await tab.getByText(/\d+ of 2,000 tokens/).waitFor()
  })

  it('a pattern that is too short is refused at its field, by its line, and one that fits is kept', async () => {
    const tab = await house.tab('/settings')
    const field = tab.getByRole('textbox', { name: 'Taken out before storing' })
    const save = tab.locator('.redact').getByRole('button', { name: 'Save' })
    await field.fill('sk-*\na*')
    await save.click()
    await tab.getByRole('alert').getByText('Line 2').waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.fill('sk-*')
    await save.click()
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('false')
    const kept = await tab.evaluate(async () => (await fetch('/api/settings')).json())
    expect(kept).toMatchObject({ redact: ['sk-*'] })
  })
})
