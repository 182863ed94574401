// What is done after a break stands under the message that it is about, in the reader's language.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { type Model, type Script, simulator } from '../../src/simulator/index.ts'
import { agent } from './agent.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

const wrongKey: Script = { error: { status: 401, message: 'Wrong key.' } }

/** The first request has no answer as long as somebody listens. */
function lateOnce(): Model {
  let asked = 0
  return ({ signal }) => {
    asked += 1
    if (asked > 1) return { text: 'At nine.' }
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ text: 'Too late.' })))
  }
}

const models: Record<string, Model> = {
  breaks: [{ text: 'It leaves at ni', end: 'cut' }, { text: 'ne.' }],
  'breaks-for-good': [{ text: 'It leaves at ni', end: 'cut' }, wrongKey],
  refuses: wrongKey,
  answers: { text: 'At nine.' },
  'is-late': lateOnce(),
  talks: { text: 'word '.repeat(100) },
}

/** By who speaks: the kind of each piece of news in words, what it says, and how the message ended. */
const told: Record<string, { en: string[]; zh: string[]; text: RegExp }> = {
  Resumer: { en: ['continued'], zh: ['已续答'], text: /It leaves at nine\.[\s\S]*openai was asked to go on/ },
  Ender: { en: ['not continued'], zh: ['未能续答'], text: /Wrong key/ },
  Deputy: { en: ['replaced'], zh: ['已替换'], text: /answers in its place/ },
  Hasty: {
    en: ['second request', 'second request'],
    zh: ['第二个请求', '第二个请求'],
    text: /The second request answered/,
  },
  Saver: { en: ['budget'], zh: ['预算'], text: /10 output tokens/ },
}

describeInChromium('after a break', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** A tab at a run in which all of it happened. */
  async function watching(): Promise<Page> {
    const provider = await simulator({ models })
    const { run, result } = await agent('after-break', house.studio.url, 'breaks', provider.baseUrl('openai'))
    const tab = await house.tab(`/run/${run}`)
    await result
    await provider.close()
    await messageOf(tab, 'Saver').locator('.message-end').waitFor()
    return tab
  }

  const messageOf = (tab: Page, name: string) =>
    tab.locator('article.message', { has: tab.getByRole('heading', { name, exact: true }) })

  const kindsOf = (tab: Page, name: string) => messageOf(tab, name).locator('.notice-kind').allInnerTexts()

  it('says what was done, in English and in Chinese', async () => {
    const tab = await watching()
    for (const [name, { en, text }] of Object.entries(told)) {
      expect(await kindsOf(tab, name), name).toEqual(en)
      expect(await messageOf(tab, name).innerText(), name).toMatch(text)
    }
    expect(await messageOf(tab, 'Saver').innerText()).toContain('Stopped by the budget')
    await tab.evaluate(() => localStorage.setItem('studio.language', 'zh'))
    await tab.reload()
    await messageOf(tab, 'Saver').locator('.message-end').waitFor()
    for (const [name, { zh }] of Object.entries(told)) expect(await kindsOf(tab, name), name).toEqual(zh)
    expect(await messageOf(tab, 'Saver').innerText()).toContain('因预算用完而停止')
  })
})
