// Whatever a program says, in whatever field, is words on every page: it runs, loads, leads and hides nothing.
import type { BrowserContext, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { hostileRun } from './hostile-runs.ts'
import { vectors } from './hot/vectors.ts'
import { settled } from './places.ts'
import { useStudio } from './studio.ts'

const ofRun = ['', '/lanes', '/timeline', '/raw']
const others = ['/', '/inbox', '/traces', '/metrics', '/search?q=hit', '/search?q=alert', '/settings']

interface Watched {
  context: BrowserContext
  /** Requests to another place than this Studio. */
  away: string[]
}

describeInChromium('a hostile program', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** A browser that counts what leaves, and what the policy of the page had to stop. */
  async function watched(locale: string): Promise<Watched> {
    const context = await chromium.context({ locale, reducedMotion: 'reduce' })
    const away: string[] = []
    context.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(house.proxy.url).host) away.push(request.url())
    })
    context.on('page', (page) => page.on('dialog', () => away.push('a dialog')))
    await context.addInitScript(() => {
      const stopped: string[] = []
      Object.assign(globalThis, { stopped })
      addEventListener('securitypolicyviolation', (event) =>
        stopped.push(`${event.violatedDirective} ${event.blockedURI}`),
      )
    })
    return { context, away }
  }

  /** Every page that shows something of these runs, opened as far as it opens. */
  async function visits(tab: Page, runs: readonly string[], look: (path: string) => Promise<void>): Promise<void> {
    for (const path of [...runs.flatMap((id) => ofRun.map((view) => `/run/${id}${view}`)), ...others]) {
      await tab.goto(new URL(path, tab.url()).href)
      await tab.locator('main h1').waitFor()
      await settled(tab)
      await tab.evaluate(openAll)
      await settled(tab)
      await look(path)
    }
  }

  for (const locale of ['en', 'zh-CN']) {
    it(`runs, loads, leads to and covers nothing with sixty vectors in every field of every page (${locale})`, async () => {
      const runs = await Promise.all(
        [0, 1].map(async (half) => {
          await hostileRun(house.studio.journals, `hostile-${half}`, vectors.slice(half * 30, half * 30 + 30))
          return `hostile-${half}`
        }),
      )
      const { context, away } = await watched(locale)
      const tab = await house.tab('/', context)
      const found: string[] = []
      await visits(tab, runs, async (path) => {
        for (const fault of await tab.evaluate(faults)) found.push(`${path}: ${fault}`)
        if (/^.run.hostile-.$/.test(path)) expect(await tab.locator('article.message').count()).toBeGreaterThan(20)
      })
      expect(found).toEqual([])
      expect(away).toEqual([])
      expect(context.pages().length).toBe(1)
    }, 90_000)
  }

  it('cannot turn the direction of what a person reads, except in prose', async () => {
    await hostileRun(house.studio.journals, 'turned', ['rm \u202e txt.exe \u2066 \u200b end'])
    const { context } = await watched('en')
    const tab = await house.tab('/', context)
    const turned: string[] = []
    await visits(tab, ['turned'], async (path) => {
      for (const text of await tab.evaluate(unseenMarks)) turned.push(`${path}: ${JSON.stringify(text)}`)
    })
    expect(turned).toEqual([])
  })
})

function openAll(): void {
  for (const each of [...document.querySelectorAll('details')].slice(0, 200)) each.open = true
}

/** What a hostile text has reached on the page that is shown. Runs in the page. */
function faults(): string[] {
  const { hit, stopped } = globalThis as unknown as { hit?: unknown; stopped: string[] }
  const never = 'main :is(script, iframe, object, embed, link, meta, base, style, video, audio, template, math, x-y)'
  const found = [...document.querySelectorAll(never)].map((each) => `an element ${each.localName}`)
  if (hit !== undefined) found.push('a script ran')
  found.push(...stopped.splice(0).map((each) => `the policy stopped ${each}`))
  for (const each of document.querySelectorAll('main img')) found.push(`an image of ${each.getAttribute('src')}`)
  for (const each of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    if (!/^(https?|mailto|blob):$/.test(each.protocol)) found.push(`a link to ${each.protocol}`)
    const isOwn = each.origin === location.origin
    if (!isOwn && !(each.rel.includes('noopener') && each.target === '_blank'))
      found.push(`a link opened here: ${each.href}`)
  }
  for (const each of document.querySelectorAll('main *')) {
    if (each.getAttributeNames().some((name) => name.startsWith('on'))) found.push(`a handler in ${each.localName}`)
    if (/url\(|@import|expression/.test(each.getAttribute('style') ?? '')) found.push(`a style of ${each.localName}`)
  }
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} px wide`)
  for (const link of document.querySelectorAll('nav a')) {
    const { x, y, width, height } = link.getBoundingClientRect()
    if (!link.contains(document.elementFromPoint(x + width / 2, y + height / 2)))
      found.push('the navigation is covered')
  }
  return found
}

/** Texts with marks that turn or hide, outside of prose, where languages may need them. Runs in the page. */
function unseenMarks(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const marks = /[\u200b\u202a-\u202e\u2066-\u2069]/
  const found: string[] = []
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const { parentElement: parent, textContent: text } = node
    if (marks.test(text ?? '') && parent?.closest('.markdown, textarea') === null)
      found.push(`${parent.localName}.${parent.className} ${text?.slice(0, 60)}`)
  }
  return [...new Set(found)]
}
