// `npm run screenshots`: every page of Studio, light and dark, in both languages, at three widths, into .data/screenshots.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openStudio } from '../../src/studio/server/studio.ts'
import { launch } from './launch.ts'
import { scene } from './scene.ts'

const pages: Record<string, string> = {
  runs: '/',
  chat: '/run/travel',
  speaking: '/run/review',
  failed: '/run/etl',
  chinese: '/run/reading',
  lanes: '/run/review/lanes',
  timeline: '/run/travel/timeline',
  raw: '/run/travel/raw',
  traces: '/traces',
  inbox: '/inbox',
  metrics: '/metrics',
  search: '/search?q=hotel',
  settings: '/settings',
}
const sizes = [
  [1440, 900],
  [1024, 768],
  [390, 844],
] as const

const folder = resolve(import.meta.dirname, '../../.data/screenshots')
const only = process.argv.slice(2)
const data = await mkdtemp(join(tmpdir(), 'agentscope-screenshots-'))
const studio = await openStudio({ port: 0, data: join(data, 'studio.sqlite') })
const browser = await launch()
try {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await scene(studio.journals)
  for (const theme of ['light', 'dark'] as const)
    for (const locale of ['en', 'zh-CN']) await shoot(browser, theme, locale)
  console.log(`Screenshots are in ${folder}`)
} finally {
  await browser.close()
  await studio.close()
  await rm(data, { recursive: true, force: true })
}

async function shoot(browser: Browser, colorScheme: 'light' | 'dark', locale: string): Promise<void> {
  const context = await browser.newContext({ colorScheme, locale, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(studio.url)
  await page.waitForSelector('main')
  for (const [name, path] of Object.entries(pages)) {
    if (only.length > 0 && !only.includes(name)) continue
    await visit(page, path)
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}-${locale.slice(0, 2)}.png`) })
    }
  }
  await context.close()
}

/** Waits until nothing more is loaded; the live socket stays open and does not count. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, studio.url).href)
  await page.waitForSelector('main')
  await page.waitForLoadState('networkidle')
}
