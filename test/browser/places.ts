// Every page of Studio, as tests visit them over the scene: its path, and what stands there once it is there.
import type { Page } from 'playwright-core'

export const places = {
  runs: ['/', '.run-row'],
  chat: ['/run/travel', '[role=log] h2'],
  failed: ['/run/etl', '.error-card'],
  lanes: ['/run/review/lanes', '.lane .message'],
  timeline: ['/run/travel/timeline', '.run-scroll h2, .run-scroll [role]'],
  raw: ['/run/travel/raw', '.run-main pre, .run-main details'],
  traces: ['/traces', 'main h1'],
  inbox: ['/inbox', '.request'],
  metrics: ['/metrics', 'main table, main canvas, main svg'],
  search: ['/search?q=temple', 'main mark'],
  settings: ['/settings', 'main select'],
} as const

export type Place = keyof typeof places
export const allPlaces = Object.keys(places) as Place[]

/** Goes there within the tab, as a click on a link does, and waits until it is there. */
export async function goTo(tab: Page, place: Place): Promise<void> {
  const [path, sign] = places[place]
  await tab.goto(new URL(path, tab.url()).href)
  await tab.locator(sign).first().waitFor({ timeout: 8_000 })
  await settled(tab)
}

/** What is shown does not change any more: the same words in two looks, a tenth of a second apart, and no colour on its way. */
export async function settled(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    const look = () => document.body.innerText.replace(/\d/g, '')
    const frame = () => new Promise((done) => setTimeout(done, 100))
    for (let before = ''; before !== look(); await frame()) before = look()
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish()
  })
}
