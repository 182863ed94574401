// Texts that would like to run or load something: they are words on the page, under the policy that Studio sends.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { cut } from './grammar.ts'
import { type HotPage, openHotPage } from './hot-page.ts'
import { vectors } from './vectors.ts'

describeInChromium('StreamMarkdown, given hostile texts', () => {
  let hot: HotPage
  beforeAll(async () => {
    hot = await openHotPage()
  })
  afterAll(() => hot?.close())

  test('sixty vectors run nothing, load nothing and break no rule of the policy', async () => {
    expect(vectors.length).toBe(60)
    const texts = vectors.map((text, seed) => cut(text, seed))
    const hit = await hot.page.evaluate(async (all) => {
      const { painter, StreamMarkdown, place, frame } = window.hot
      for (const chunks of all) {
        const stream = new StreamMarkdown(place(), { painter, holdMs: 0 })
        for (const chunk of chunks) {
          stream.push(chunk)
          stream.paint()
        }
        stream.end()
      }
      await frame()
      for (const link of document.querySelectorAll<HTMLElement>('.dead-link, .image-about')) link.click()
      await frame()
      return 'hit' in window
    }, texts)
    expect(hit).toBe(false)
    expect(hot.requests).toEqual([])
    expect(hot.faults).toEqual([])
  })

  test('only allowed elements and attributes are there, and every link leads where it says', async () => {
    const found = await hot.page.evaluate(() => {
      const all = [...document.querySelectorAll('article *')]
      const links = [...document.querySelectorAll<HTMLAnchorElement>('article a')]
      return {
        tags: [...new Set(all.map((each) => each.localName))].sort(),
        attributes: [...new Set(all.flatMap((each) => each.getAttributeNames()))].sort(),
        schemes: [...new Set(links.map((link) => link.protocol))].sort(),
        plain: links.every(
          (link) => link.rel === 'noopener noreferrer nofollow' && link.target === '_blank' && link.title === link.href,
        ),
      }
    })
    expect(found.tags).not.toEqual(expect.arrayContaining(['script']))
    const never =
      /^(script|img|svg|iframe|object|embed|link|meta|base|style|form|input|video|audio|template|math|details|x-y)$/
    expect(found.tags.filter((tag) => never.test(tag))).toEqual([])
    expect(found.attributes.filter((name) => /^(on|src|style|id|name|srcdoc|action)/.test(name))).toEqual([])
    expect(found.schemes).toEqual(['http:'])
    expect(found.plain).toBe(true)
  })

  test('an image is a place that names its host, and marks that hide in code are spelled out', async () => {
    const page = await hot.page.evaluate(() =>
      window.hot.rendered(['![chart](https://tracker.example/a.png?q=1) `if (a\u202e) {`\n\n```\nx\u200b = 1\n```\n']),
    )
    expect(page).toContain('chart · tracker.example')
    expect(page).toContain('<span class="hidden-mark">U+202E</span>')
    expect(page).toContain('x<span class="hidden-mark">U+200B</span> = 1')
    expect(hot.requests).toEqual([])
  })
})
