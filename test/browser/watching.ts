// What a tab can tell about its own time: how late each piece is shown, and how smoothly the page is drawn.
import type { Page } from 'playwright-core'

export interface Lags {
  /** Milliseconds from the moment a piece was told to the moment it stood in the page, by its number. */
  p50: number
  p99: number
  pieces: number
}

export interface Frames {
  fps: number
  /** Milliseconds between two frames. */
  p95: number
  longest: number
}

/** Pieces that carry their number, ten characters each: `#00017 xx `. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `#${String(index + 1).padStart(5, '0')} xx `)
}

/** Begins to note when each numbered piece stands in the page. */
export async function watchNumbers(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    const shown: number[] = []
    const look = () => {
      const log = document.querySelector('[role=log]')
      const walker = log && document.createTreeWalker(log, NodeFilter.SHOW_TEXT)
      let last = 0
      for (let node = walker?.lastChild(); node && last === 0; node = node.previousSibling) last = lastNumber(node)
      const now = performance.timeOrigin + performance.now()
      for (let number = shown.length; number < last; number++) shown[number] = now
    }
    const lastNumber = (node: Node) => {
      const text = node.textContent ?? ''
      const found = [...text.slice(-400).matchAll(/#(\d{5})(?= )/g)].at(-1)
      return found === undefined ? 0 : Number(found[1])
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
    Object.assign(globalThis, { shownAt: shown })
  })
}

/** How late the pieces were, which were told at these times (milliseconds since 1970). */
export async function lags(tab: Page, toldAt: readonly number[]): Promise<Lags> {
  const shown = await tab.evaluate(() => (globalThis as unknown as { shownAt: number[] }).shownAt)
  const late = toldAt.map((at, index) => (shown[index] ?? Number.POSITIVE_INFINITY) - at).sort((a, b) => a - b)
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), pieces: shown.length }
}

/** Counts frames from now on; the returned function ends it. */
export async function countFrames(tab: Page): Promise<() => Promise<Frames>> {
  await tab.evaluate(() => {
    const gaps: number[] = []
    let before = performance.now()
    const frame = () => {
      const now = performance.now()
      gaps.push(now - before)
      before = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(() => {
      before = performance.now()
      requestAnimationFrame(frame)
    })
    Object.assign(globalThis, { frameGaps: gaps })
  })
  return async () => {
    const gaps = await tab.evaluate(() => (globalThis as unknown as { frameGaps: number[] }).frameGaps.slice())
    const sorted = gaps.toSorted((a, b) => a - b)
    const total = sorted.reduce((sum, gap) => sum + gap, 0)
    return { fps: (gaps.length * 1000) / total, p95: quantile(sorted, 0.95), longest: sorted.at(-1) ?? 0 }
  }
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
