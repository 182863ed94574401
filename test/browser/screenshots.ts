// `npm run screenshots`: every page of Studio, light and dark, in both languages, at three widths, into .data/screenshots.
// Longer than most files: it names all pages, and what is to be done on them.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openStudio } from '../../src/studio/server/studio.ts'
import { launch } from './launch.ts'
import { scene } from './scene.ts'

/** Where it is, and what is done there before the picture is taken. */
type Shot = readonly [path: string, act?: (page: Page) => Promise<unknown>]

const shots: Record<string, Shot> = {
  runs: ['/'],
  chat: ['/run/travel'],
  speaking: ['/run/review'],
  failed: ['/run/etl'],
  chinese: ['/run/reading'],
  answered: ['/run/werewolf'],
  lanes: ['/run/review/lanes'],
  timeline: ['/run/travel/timeline'],
  span: ['/run/travel/timeline', (page) => page.locator('.waterfall-pick').nth(3).click()],
  raw: ['/run/travel/raw'],
  'raw-open': ['/run/travel/raw', (page) => page.locator('.raw-entry > summary').first().click()],
  traces: ['/traces'],
  inbox: ['/inbox'],
  metrics: ['/metrics'],
  search: ['/search?q=temple'],
  settings: ['/settings'],
  palette: ['/', (page) => page.keyboard.press('Control+k')],
}
/** These are of a Studio without runs, that goes away. */
const others = ['empty', 'lost', 'locked']
const prices = {
  'qwen3-max': { input: 1.2, cachedInput: 0.24, output: 6 },
  'gpt-5*': { input: 0.25, cachedInput: 0.025, output: 2 },
}
type Size = readonly [width: number, height: number]
const sizes: readonly Size[] = [
  [1440, 900],
  [1024, 768],
  [390, 844],
]

const folder = resolve(import.meta.dirname, '../../.data/screenshots')
const only = process.argv.slice(2)
const isWanted = (name: string) => only.length === 0 || only.includes(name)
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
  const ending = `${colorScheme}-${locale.slice(0, 2)}.png`
  await visit(page, studio.url)
  await page.evaluate(async (prices) => {
    const body = JSON.stringify({ prices })
    await fetch('/api/settings', { method: 'PUT', headers: { 'content-type': 'application/json' }, body })
  }, prices)
  for (const [name, [path, act]] of Object.entries(shots)) {
    if (!isWanted(name)) continue
    // A page that opens on a phone is another one than a page that becomes narrow.
    for (const from of [sizes.slice(0, 2), sizes.slice(2)]) {
      await size(page, from[0])
      await visit(page, new URL(path, studio.url).href)
      await act?.(page)
      await take(page, name, from, ending)
    }
  }
  if (others.some(isWanted)) await shootOthers(page, ending)
  await context.close()
}

async function shootOthers(page: Page, ending: string): Promise<void> {
  const empty = await openStudio({ port: 0 })
  try {
    await visit(page, empty.url)
    await take(page, 'empty', sizes, ending)
    await page.context().clearCookies()
    await visit(page, new URL('/?', empty.url).href)
    await take(page, 'locked', sizes, ending)
    await visit(page, empty.url)
  } finally {
    await empty.close()
  }
  await page.waitForSelector('.lost-bar')
  await take(page, 'lost', sizes, ending)
}

async function take(page: Page, name: string, at: readonly Size[], ending: string): Promise<void> {
  if (!isWanted(name)) return
  for (const each of at) {
    await size(page, each)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    await page.screenshot({ path: join(folder, `${name}-${each[0]}-${ending}`) })
  }
}

async function size(page: Page, [width, height]: Size = [1440, 900]): Promise<void> {
  await page.setViewportSize({ width, height })
}

/** Waits until nothing more is loaded; the live socket stays open and does not count. */
async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.waitForSelector('main')
  await page.waitForLoadState('networkidle')
}
