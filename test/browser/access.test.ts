// Whether everybody can use Studio's pages: rules of accessibility, narrow and large screens, motion, words, weight.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Page, Response } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { allPlaces, goTo, settled } from './places.ts'
import { scene } from './scene.ts'
import { useStudio } from './studio.ts'

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

describeInChromium('everybody', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  async function visitor(options: Parameters<typeof chromium.context>[0] = {}): Promise<Page> {
    await scene(house.studio.journals)
    return house.tab('/', await chromium.context({ reducedMotion: 'reduce', ...options }))
  }

  for (const [locale, switchBack] of [
    ['en', 'light'],
    ['zh-CN', 'dark'],
  ] as const) {
    it(`finds no page, light or dark, that breaks a rule of WCAG, in ${locale}, first in ${switchBack}`, async () => {
      const tab = await visitor({ locale })
      const found: string[] = []
      for (const place of allPlaces) {
        await goTo(tab, place)
        for (const colorScheme of ['light', 'dark'] as const) {
          await tab.emulateMedia({ colorScheme })
          await settled(tab)
          for (const fault of await violations(tab)) found.push(`${place} ${colorScheme}: ${fault}`)
        }
      }
      expect(found).toEqual([])
    })
  }

  it('finds the same on a phone, with the drawer open, and in each dialog', async () => {
    const tab = await visitor({ viewport: { width: 390, height: 844 } })
    const found: string[] = []
    const look = async (what: string) => {
      for (const fault of await violations(tab)) found.push(`${what}: ${fault}`)
    }
    for (const place of allPlaces) {
      await goTo(tab, place)
      await look(place)
    }
    await tab.getByRole('button', { name: 'Menu', exact: true }).first().click()
    await look('drawer')
    await tab.keyboard.press('Escape')
    await tab.keyboard.press('?')
    await tab.getByRole('dialog').waitFor()
    await look('keys')
    await tab.keyboard.press('Escape')
    await tab.keyboard.press('Control+k')
    await tab.getByRole('dialog').getByRole('combobox').fill('a')
    await look('palette')
    expect(found).toEqual([])
  })

  for (const [what, viewport] of [
    ['360 px', { width: 360, height: 780 }],
    ['200 % zoom', { width: 640, height: 400 }],
  ] as const) {
    it(`needs no sideways scroll at ${what}, on any page, in either language`, async () => {
      const tab = await visitor({ viewport, deviceScaleFactor: 2 })
      const wide: string[] = []
      for (const language of ['en', 'zh']) {
        await tab.evaluate((id) => localStorage.setItem('studio.language', id), language)
        for (const place of allPlaces) {
          await goTo(tab, place)
          for (const each of await tab.evaluate(tooWide)) wide.push(`${language} ${place}: ${each}`)
        }
      }
      expect(wide).toEqual([])
    })
  }

  it('who wants no motion sees none', async () => {
    const tab = await visitor()
    for (const place of ['runs', 'lanes', 'chat'] as const) {
      await goTo(tab, place)
      const moving = await tab.evaluate(() =>
        document.getAnimations().map((each) => (each as CSSAnimation).animationName ?? 'transition'),
      )
      expect([place, moving]).toEqual([place, []])
    }
  })

  it('reads Chinese in every corner of a Chinese page', async () => {
    const tab = await visitor({ locale: 'zh-CN' })
    const said = JSON.stringify(await everything(house.origin, house.token)).toLowerCase()
    const english: string[] = []
    for (const place of allPlaces) {
      await goTo(tab, place)
      for (const text of await tab.evaluate(wordsOf)) {
        const latin = text.match(/[A-Za-z]{3,}(?: [A-Za-z]+)*/g) ?? []
        const strange = latin.filter((word) => !known.test(word) && !said.includes(word.toLowerCase()))
        if (strange.length > 0 && !said.includes(text.toLowerCase())) english.push(`${place}: ${text}`)
      }
    }
    expect([...new Set(english)]).toEqual([])
  })

  it('loads at most 85 KB of script and style at first, and nothing from elsewhere on any page', async () => {
    const context = await chromium.context()
    const bodies: Promise<Buffer>[] = []
    const away: string[] = []
    context.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(house.proxy.url).host) away.push(request.url())
    })
    const weigh = (response: Response) => {
      if (response.ok() && ['script', 'stylesheet'].includes(response.request().resourceType()))
        bodies.push(response.body())
    }
    context.on('response', weigh)
    await scene(house.studio.journals)
    const tab = await house.tab('/run/travel', context)
    await tab.locator('[role=log] h2').first().waitFor()
    // What is left behind on the way to another page has no body any more.
    context.off('response', weigh)
    const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThanOrEqual(85 * 1024)
    for (const place of allPlaces) await goTo(tab, place)
    expect(away).toEqual([])
  })
})

/** Names and units that are the same in every language. */
const known =
  /^(AgentScope|AgentScope Studio|Studio|English|Switch to English|JSON|CSV|TTFT|URL|Cookie|Enter|Shift|Esc|OTLP|Ctrl|token|tok|MB|ms|USD|curl|SQLite|UTC|GMT|[A-Z][A-Za-z]+\/[A-Za-z_]+)$/i

/** What axe-core finds in the page, one line each. */
async function violations(tab: Page): Promise<string[]> {
  await tab.evaluate(`${axe}; 0`)
  return tab.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    interface Violation {
      id: string
      nodes: { html: string; failureSummary: string }[]
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${id} ${html.slice(0, 160)} ${failureSummary.split('\n')[1]}`),
    )
  })
}

/** What makes the page, or its content, wider than the window. */
function tooWide(): string[] {
  const page = document.documentElement
  const main = document.querySelector('main')
  const found = [page, main].filter((each) => each !== null && each.scrollWidth > each.clientWidth)
  const wide = [...document.querySelectorAll('main *, .top *')].filter((each) => {
    const box = each.getBoundingClientRect()
    return found.length > 0 && box.right > innerWidth + 1
  })
  return wide
    .slice(0, 4)
    .map((each) => `${each.localName}.${each.className}`)
    .concat(found.map((each) => each?.localName ?? ''))
}

/** All texts and names that a person of the page reads or hears, and its fields' hints; not what programs say. */
function wordsOf(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts: string[] = []
  const isSaid = (element: Element | null) =>
    element?.closest('noscript, pre, .markdown, .json') != null || (element?.closest('select')?.length ?? 0) > 100
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (!isSaid(node.parentElement)) texts.push(node.textContent?.trim() ?? '')
  for (const each of document.querySelectorAll('*')) {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(each.getAttribute(name) ?? '')
  }
  return texts.filter((text) => text !== '')
}

/** All that the scene's runs say, from Studio itself: their words are nobody's to translate. */
async function everything(origin: string, token: string): Promise<unknown[]> {
  const headers = { authorization: `Bearer ${token}` }
  const read = async (path: string) => (await fetch(`${origin}${path}`, { headers })).json()
  const { runs } = (await read('/api/runs')) as { runs: { id: string }[] }
  const paths = runs.flatMap(({ id }) => [`/api/runs/${id}/raw?limit=5000`, `/api/runs/${id}/spans`])
  return Promise.all(['/api/runs', '/api/traces', '/api/settings', ...paths].map(read))
}
