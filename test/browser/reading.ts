// What a reader of a run does and sees: the scroll position of the transcript, and what stands at the top of the view.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Pixels that are left below the view. */
export function left(tab: Page): Promise<number> {
  return tab.$eval('[role=log]', (log) => log.scrollHeight - log.clientHeight - log.scrollTop)
}

/** The block of text that reaches into the view at its top, by its words, and where it stands on the screen. */
export function seen(tab: Page): Promise<{ words: string; top: number }> {
  return tab.$eval('[role=log]', (log) => {
    const edge = log.getBoundingClientRect().top
    const blocks = [...log.querySelectorAll('.markdown-section > *')]
    const block = blocks.find((each) => each.getBoundingClientRect().bottom > edge + 1)
    const top = (block?.getBoundingClientRect().top ?? Number.NaN) - edge
    return { words: block?.textContent.slice(0, 60) ?? '', top: Math.round(top) }
  })
}

/** Two frames later everything that was asked for is drawn. */
export function drawn(tab: Page): Promise<void> {
  return tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))
}

/** Turns the wheel over the transcript, and waits until the position has changed with it. */
export async function wheel(tab: Page, pixels: number): Promise<void> {
  await tab.hover('[role=log]', { position: { x: 300, y: 200 } })
  const before = await tab.$eval('[role=log]', (log) => log.scrollTop)
  await tab.mouse.wheel(0, pixels)
  await tab.waitForFunction((top) => document.querySelector('[role=log]')?.scrollTop !== top, before)
  await drawn(tab)
}

export async function isAtEnd(tab: Page): Promise<void> {
  await expect.poll(() => left(tab)).toBeLessThanOrEqual(1)
}
