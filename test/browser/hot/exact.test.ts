// However a text is cut, the page at its end is the one that the whole text gives at once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { cut, grammar } from './grammar.ts'
import { type HotPage, openHotPage } from './hot-page.ts'

const seeds = 200

describeInChromium('StreamMarkdown, chunk by chunk', () => {
  let hot: HotPage
  beforeAll(async () => {
    hot = await openHotPage()
  })
  afterAll(() => hot?.close())

  test.each(Object.keys(grammar))(`${seeds} ways to cut %s give the page of the whole text`, async (name) => {
    const text = grammar[name]!
    const cuts = Array.from({ length: seeds }, (_, seed) => cut(text, seed + 1))
    const found = await hot.page.evaluate(
      ({ text, cuts }) => {
        const whole = window.hot.rendered([text])
        const wrong = cuts
          .map((chunks) => ({ chunks, page: window.hot.rendered(chunks) }))
          .filter(({ page }) => page !== whole)
        return { whole, wrong: wrong.length, example: wrong[0] }
      },
      { text, cuts },
    )
    expect(found.example?.page, JSON.stringify(found.example?.chunks)).toBe(found.example && found.whole)
    expect(found.wrong).toBe(0)
    expect(found.whole.length).toBeGreaterThan(text.length / 2)
  })

  test('a text of 100 KB that is taken down in steps gives the page of the same text in small pieces', async () => {
    const all = Object.values(grammar).filter((text) => !text.includes('never closed') && !text.includes('[one]:'))
    const text = Array.from({ length: 12 }, (_, round) => `## Round ${round}\n\n${all.join('\n\n')}`).join('\n\n')
    const [once, pieces] = await hot.page.evaluate(
      (cuts) => cuts.map((chunks) => window.hot.rendered(chunks)),
      [[text], text.match(/[\s\S]{1,997}/g) ?? []],
    )
    expect(text.length).toBeGreaterThan(100_000)
    expect(once).toBe(pieces)
  })

  test('nothing went wrong on the page', () => {
    expect(hot.faults).toEqual([])
  })
})
