// What a person sees of a run: the growing texts of the chat, as the page holds them.
import type { Page } from 'playwright-core'

/** The newest text of a run shows exactly this (runs of white space count as one), written to its end. */
export async function showsLast(tab: Page, text: string, { writing = false, timeout = 8_000 } = {}): Promise<void> {
  await tab.waitForFunction(
    ({ text, writing }) => {
      const last = [...document.querySelectorAll<HTMLElement>('[role=log] .markdown')].at(-1)
      if (last === undefined || 'writing' in last.dataset !== writing) return false
      return last.textContent?.replace(/\s+/g, ' ').trim() === text.replace(/\s+/g, ' ').trim()
    },
    { text, writing },
    { timeout },
  )
}

/** How many texts there are, and how long the newest is. */
export function sizes(tab: Page): Promise<{ texts: number; lastLength: number }> {
  return tab.evaluate(() => {
    const texts = [...document.querySelectorAll('[role=log] .markdown')]
    return { texts: texts.length, lastLength: texts.at(-1)?.textContent?.length ?? 0 }
  })
}

/** The page of a run is there. */
export async function isLive(tab: Page): Promise<void> {
  await tab.waitForSelector('.run-main')
}

/** Everything that the page loads behind its first text has come: nothing is fetched for half a second. */
export async function loaded(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    const count = () => performance.getEntriesByType('resource').length
    const pause = () => new Promise((done) => setTimeout(done, 500))
    for (let before = -1; before !== count(); await pause()) before = count()
  })
}
