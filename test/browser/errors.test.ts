// What goes wrong in a program is shown where it happened, with its cause and what may be done; nothing spins for ever.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { type Model, simulator } from '../../src/simulator/index.ts'
import { agent } from './agent.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

const refusals = [
  { status: 401, cause: 'Bad key.', retry: /key/i },
  { status: 429, cause: 'Too many requests.', retry: /tried again|asks to wait/ },
  { status: 500, cause: 'The machine is on fire.', retry: /tried again/ },
] as const

describeInChromium('an error', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** A tab at the run of a program that does this task with that model. */
  async function watching(task: string, model: Model, said?: string): Promise<Page> {
    const provider = await simulator({ models: { '*': model } })
    const { run, result } = await agent(task, house.studio.url, task, provider.baseUrl('openai'))
    const tab = await house.tab(`/run/${run}`)
    if (said !== undefined) await tab.getByText(said).first().waitFor()
    await result
    await provider.close()
    return tab
  }

  /** The card, in the message that failed; and nothing on the page is still waiting. */
  async function card(tab: Page) {
    const found = tab.locator('article.message .error-card')
    await found.first().waitFor()
    expect(await found.count()).toBe(1)
    await nothingSpins(tab)
    return found.innerText()
  }

  async function nothingSpins(tab: Page): Promise<void> {
    const spinning = tab.locator('[role=log] :is([data-writing], .caret, [aria-busy=true])')
    await expect.poll(() => spinning.count()).toBe(0)
    const log = await tab.locator('[role=log]').innerText()
    expect(log).not.toMatch(/running…|writing the call…|Thinking…/)
  }

  for (const { status, cause, retry } of refusals) {
    it(`of the provider, ${status}, is a card in its place, with the cause and what may help`, async () => {
      const tab = await watching('talk', { error: { status, message: cause } })
      const text = await card(tab)
      expect(text).toContain(String(status))
      expect(text).toContain(cause)
      expect(text).toMatch(retry)
    })
  }

  it('in the middle of an answer keeps the words before it, and its card stands under them', async () => {
    const tab = await watching('talk', { text: ['Half of ', 'it'], end: 'cut' }, 'Half of it')
    const message = tab.locator('article.message', { has: tab.locator('.error-card, .message-end.bad') })
    expect(await message.innerText()).toMatch(/Half of it[\s\S]*(broke off|Failed)/)
    await nothingSpins(tab)
  })

  it('that is no JSON on the wire is told as what it is', async () => {
    const body = 'data: {"choices":[{"delta":{"content":"Half of it"}}]}\n\ndata: {oops\n\n'
    const tab = await watching('talk', { recorded: { body, contentType: 'text/event-stream' } })
    await tab.getByText('Half of it').first().waitFor()
    await tab.locator('article.message :is(.error-card, .message-end.bad, .message-notice)').first().waitFor()
    await nothingSpins(tab)
  })

  it('that a tool throws stands in the card of its call, open, and the agent goes on', async () => {
    const calls = { toolCalls: [{ name: 'tidy', input: {} }] }
    const tab = await watching('throwing', [calls, { text: 'I could not tidy.' }], 'I could not tidy.')
    const failed = tab.locator('details.tool.failed')
    await failed.waitFor()
    expect(await failed.getAttribute('open')).not.toBeNull()
    expect(await failed.innerText()).toContain('The disk is full of plates.')
    await nothingSpins(tab)
  })

  it('that ends the program itself is told under what it had said, and no caret blinks on', async () => {
    await using provider = await simulator({ models: { '*': { text: ['Half of ', 'it'], end: 'silence' } } })
    const { run, process } = await agent('talk', house.studio.url, 'crash', provider.baseUrl('openai'))
    const tab = await house.tab(`/run/${run}`)
    await tab.getByText('Half of it').waitFor()
    process.kill('SIGKILL')
    const lost = tab.locator('.error-card', { hasText: 'went away without an ending' })
    await lost.waitFor()
    expect(await lost.innerText()).toContain('start it again')
    const caret = () =>
      tab.evaluate(() => {
        const last = document.querySelector('[role=log] .markdown')?.lastElementChild
        return [last?.lastElementChild, last].map((each) => each && getComputedStyle(each, '::after').content)
      })
    expect((await caret()).filter((content) => content && content !== 'none')).toEqual([])
  })
})
