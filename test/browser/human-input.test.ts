// A person answers a real program: words, a form, a yes or no; and what an Enter must not do.
import type { BrowserContext } from 'playwright-core'
import { expect, it } from 'vitest'
import { simulator } from '../../src/simulator/index.ts'
import { agent } from './agent.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

describeInChromium('a person', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  async function asked(task: string, provider = '', context?: BrowserContext) {
    const program = await agent(task, house.studio.url, task, provider)
    const tab = await house.tab(`/run/${program.run}`, context)
    await tab.locator('.request').waitFor()
    return { ...program, tab, words: tab.locator('.request textarea') }
  }

  /** A model that calls `tidy` once and then speaks. */
  const tidying = () =>
    simulator({ models: { '*': [{ toolCalls: [{ name: 'tidy', input: {} }] }, { text: 'So be it.' }] } })

  it('answers in words, in two lines, with Enter', async () => {
    const { result, tab, words } = await asked('ask')
    expect(await tab.locator('.request').innerText()).toContain('Which hotel?')
    await words.fill('The one')
    await words.press('Shift+Enter')
    await words.pressSequentially('at the lake')
    await words.press('Enter')
    expect(await result).toEqual({ got: 'The one\nat the lake' })
    await tab.locator('.request-answered').waitFor()
  })

  it('composes a word with an input method, whose Enter chooses the word and sends nothing', async () => {
    const { result, tab, words } = await asked('ask')
    const keys = await tab.context().newCDPSession(tab)
    await words.focus()
    await keys.send('Input.imeSetComposition', { text: 'hangzhou', selectionStart: 8, selectionEnd: 8 })
    expect(await words.inputValue()).toBe('hangzhou')
    await keys.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    })
    await keys.send('Input.insertText', { text: '杭州' })
    expect(await words.inputValue()).toBe('杭州')
    expect(await waiting()).toBe(1)
    await words.press('Enter')
    expect(await result).toEqual({ got: '杭州' })
  })

  async function waiting(): Promise<number> {
    return house.studio.answers.pending().length
  }

  it('finds a half-written answer again behind a reload', async () => {
    const { result, tab, words } = await asked('ask')
    await words.fill('Half an ans')
    await tab.reload()
    await words.waitFor()
    await expect.poll(() => words.inputValue()).toBe('Half an ans')
    await words.press('End')
    await words.pressSequentially('wer')
    await words.press('Enter')
    expect(await result).toEqual({ got: 'Half an answer' })
  })

  it('is told what a form still needs, finds its defaults, and sends a value of the shape', async () => {
    const { result, tab } = await asked('form')
    const send = tab.getByRole('button', { name: 'Send' })
    expect(await tab.getByLabel('days').inputValue()).toBe('2')
    await send.click()
    expect(await tab.getByText('This is needed.').count()).toBe(3)
    await tab.getByLabel('days').fill('two')
    await send.click()
    await tab.getByText('A number is needed.').waitFor()
    await tab.getByLabel('days').fill('12')
    await send.click()
    await tab.getByText('At most 9.').waitFor()
    await tab.getByLabel('City').fill('Hangzhou')
    await tab.getByLabel('days').fill('3')
    await tab.getByText('autumn').click()
    await tab.getByRole('group', { name: 'guest' }).getByLabel('name').fill('Li')
    expect(await waiting()).toBe(1)
    await send.click()
    const guest = { name: 'Li' }
    expect(await result).toMatchObject({ got: { city: 'Hangzhou', days: 3, season: 'autumn', guest } })
  })

  it('finds a half-filled form again behind a reload', async () => {
    const { tab } = await asked('form')
    await tab.getByLabel('City').fill('Hangzhou')
    await tab.getByText('spring').click()
    await tab.reload()
    await tab.getByLabel('City').waitFor()
    await expect.poll(() => tab.getByLabel('City').inputValue()).toBe('Hangzhou')
    expect(await tab.getByRole('radio', { name: 'spring' }).isChecked()).toBe(true)
  })

  it('allows a call for the whole run, and is not asked for the next one', async () => {
    const call = { toolCalls: [{ name: 'tidy', input: {} }] }
    await using provider = await simulator({ models: { '*': [call, call, { text: 'So be it.' }] } })
    const { result, tab } = await asked('approve', provider.baseUrl('openai'))
    await tab.getByRole('button', { name: 'Allow tidy in this run' }).click()
    expect(await result).toEqual({ got: ['ran', 'ran'] })
    await tab.getByText('So be it.').waitFor()
    expect(await tab.locator('.request').count()).toBe(0)
  })

  it('denies a call and says why, which the model reads', async () => {
    await using provider = await tidying()
    const { result, tab } = await asked('approve', provider.baseUrl('openai'))
    await tab.getByRole('button', { name: 'Deny, because…' }).click()
    await tab.getByLabel('Why not? The model reads it.').fill('It is my desk.')
    await tab.getByRole('button', { name: 'Deny', exact: true }).click()
    expect(await result).toEqual({ got: [] })
    expect(JSON.stringify(provider.requests[1]?.body)).toContain('It is my desk.')
  })

  it('approves nothing by Enter in another field, or on the card itself', async () => {
    await using provider = await tidying()
    const { result, tab } = await asked('approve', provider.baseUrl('openai'))
    await tab.keyboard.press('Control+k')
    await tab.getByRole('dialog').getByRole('combobox').fill('approve')
    await tab.getByRole('option', { name: 'default / approve' }).waitFor()
    await tab.keyboard.press('Enter')
    await tab.locator('.request').focus()
    await tab.keyboard.press('Enter')
    await tab.keyboard.press('Space')
    expect(await waiting()).toBe(1)
    await tab.getByRole('button', { name: 'Allow once' }).press('Enter')
    expect(await result).toEqual({ got: ['ran'] })
  })

  it('sees when the program that asked has gone, and that the answer is kept for it', async () => {
    const { process, tab, words } = await asked('ask')
    process.kill('SIGKILL')
    await tab.getByText('Lost', { exact: true }).waitFor()
    await words.fill('The one at the lake')
    await words.press('Enter')
    await tab.locator('.request-answered', { hasText: 'The one at the lake' }).waitFor()
  })
})
