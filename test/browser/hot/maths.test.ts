// Formulas: read before anything else in a text, drawn in their place, harmless, and copied as they were written.
import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { cut } from './grammar.ts'
import { type HotPage, openHotPage } from './hot-page.ts'

const answer = String.raw`The sum $a*b*c$ and \(\mathbb{R}_1\) cost $5 and $10, in **bold $x*y$ words**.

$$
\sum_{i=0}^n x_i
- b
$$

1. So \[\begin{aligned} a &= b \\ c &= \frac{1}{2} \end{aligned}\]
2. ${'`$not$`'} and \$3.

| a | b |
|---|---|
| $\alpha$ | 2 |

end
`

const hostile = [
  String.raw`\href{javascript:window.hit=1}{x}`,
  String.raw`\url{http://127.0.0.1:9/leak}`,
  String.raw`\includegraphics[width=1em]{http://127.0.0.1:9/leak.png}`,
  String.raw`\htmlStyle{position:fixed;inset:0}{x} \htmlId{hot}{x} \htmlClass{shell}{x} \htmlData{formula=1}{x}`,
  String.raw`\def\a{\a\a}\a`,
  String.raw`\def\a#1{#1#1#1#1}\a{\a{\a{\a{\a{\a{\a{x}}}}}}}`,
  String.raw`\rule{900em}{900em}\kern-900em x\raisebox{-900em}{y}`,
  String.raw`\fcolorbox{red}{blue}{x} \pmb{x} \text{<img src=x onerror=window.hit=1>}`,
  `${'{'.repeat(500)}x${'}'.repeat(500)}`,
  `${'{'.repeat(1_990)}x${'}'.repeat(1_990)}`,
  `${String.raw`\sqrt{`.repeat(500)}x${'}'.repeat(500)}`,
  `${String.raw`\frac{1}{`.repeat(300)}x${'}'.repeat(300)}`,
  `${String.raw`\left(`.repeat(600)}x`,
  `${String.raw`\begin{matrix}`.repeat(150)}x${String.raw`\end{matrix}`.repeat(150)}`,
  String.raw`\gdef\frac#1#2{stolen}\frac{1}{2}`,
  String.raw`\newcommand{\b}{\b\b\b}\b \let\c=\c\c \edef\d{\d\d}\d`,
  `\\def\\a{${'x'.repeat(3_000)}}${'\\a'.repeat(400)}`,
  String.raw`\nothing{`,
]

describeInChromium('formulas in a text', () => {
  let hot: HotPage
  beforeAll(async () => {
    hot = await openHotPage()
  })
  afterAll(() => hot?.close())
  beforeEach(() => hot.page.evaluate(() => document.body.replaceChildren()))

  /** The drawn page of each way to cut the text. */
  function drawn(ways: readonly (readonly string[])[]): Promise<string[]> {
    return hot.page.evaluate(async (all) => {
      const { painter, StreamMarkdown, Formulas, place } = window.hot
      const formulas = new Formulas(painter)
      const places = all.map((chunks) => {
        const element = place()
        const stream = new StreamMarkdown(element, { painter, holdMs: 1e9, onFormula: formulas.add })
        for (const chunk of chunks) {
          stream.push(chunk)
          stream.paint()
        }
        stream.end()
        window.hot.paintAll(stream)
        return element
      })
      while (document.querySelector('[data-formula]:not([data-drawn])') !== null) await window.hot.frame()
      return places.map((element) => [...element.children].map((each) => each.innerHTML).join(''))
    }, ways)
  }

  test('are drawn; money, code and escaped dollars are text, and stars in a formula lean nothing', async () => {
    const [page = ''] = await drawn([[answer]])
    const sources = [...page.matchAll(/data-formula="([^"]*)"/g)].map((found) => found[1])
    expect(sources).toHaveLength(6)
    expect(page.match(/<math/g)).toHaveLength(6)
    expect(page).not.toMatch(/<em>|<ul>/)
    expect(page).toContain('cost $5 and $10')
    expect(page).toContain('<code>$not$</code> and $3.')
    expect(page).toContain('ℝ')
    expect(page).toContain('class="cell-right"')
  })

  test('look the same however their text was cut', async () => {
    const ways = Array.from({ length: 40 }, (_, seed) => cut(answer, seed + 1))
    const [whole, ...others] = await drawn([[answer], ...ways])
    expect(others.filter((page) => page !== whole)).toEqual([])
  })

  test('are words until they are drawn, and then nothing else on the page has changed', async () => {
    const found = await hot.page.evaluate(async () => {
      const { painter, StreamMarkdown, Formulas, place } = window.hot
      const formulas = new Formulas(painter)
      const element = place()
      const stream = new StreamMarkdown(element, { painter, onFormula: formulas.add })
      stream.push('One $x^2$ and \\(\\wrong\\).\n\n$$\ny\n$$\n\nend')
      stream.end()
      stream.paint()
      const before = [element.textContent, ...element.querySelectorAll('p, span')]
      const changed: string[] = []
      new MutationObserver((all) => {
        for (const { target, type } of all) if (type === 'childList') changed.push((target as Element).className)
      }).observe(element, { childList: true, subtree: true })
      while (element.querySelectorAll('[data-drawn]').length < 3) await window.hot.frame()
      const after = [...element.querySelectorAll('p, span')]
      return {
        text: before[0],
        kept: after.every((node, at) => node === before[at + 1]),
        changed,
        now: element.innerText,
      }
    })
    expect(found.text).toBe('One $x^2$ and \\(\\wrong\\).$$\ny\n$$end')
    expect(found.kept).toBe(true)
    expect(found.changed).toEqual(['formula', 'formula display'])
    expect(found.now).toContain('\\(\\wrong\\)')
  })

  test('that would run, load, lead away or grow for ever do nothing of it', async () => {
    const started = performance.now()
    const pages = await drawn(hostile.map((tex) => [`$$${tex}$$`]))
    expect(performance.now() - started).toBeLessThan(5_000)
    // What one formula says about macros, no other hears of.
    expect((await drawn([[String.raw`$\frac{1}{2}$`]]))[0]).toContain('<mfrac>')
    for (const page of pages) {
      expect(page.replace(/data-formula="[^"]*"/, '')).not.toMatch(
        /<(?:a|img|script|mglyph|annotation)\b|\s(?:href|src|style|id|on\w+)=/,
      )
    }
    const wide = await hot.page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect([wide, hot.faults]).toEqual([false, []])
    expect(hot.requests.filter((url) => !/\/assets\/[\w.-]+\.js$/.test(url))).toEqual([])
    expect(await hot.page.evaluate(() => 'hit' in window)).toBe(false)
  })

  test('without end, or a hundred thousand characters long, are text, and the page stays alive', async () => {
    const long = 100_000
    const texts = [
      `$$${'x+'.repeat(long / 2)}y$$`,
      `$${'x'.repeat(long)}$`,
      `\\(${'\\frac{'.repeat(long / 6)}\\)`,
      '$'.repeat(long),
      '$x '.repeat(long / 3),
      '$$\n'.repeat(long / 3),
      '\\['.repeat(long / 2),
      `${'`a` *b* '.repeat(long / 40)}$c$`,
    ]
    for (const text of texts) {
      const started = performance.now()
      const [page = ''] = await drawn([[text]])
      const told = [text.slice(0, 9), page.length >= text.length / 2, performance.now() - started < 5_000]
      expect(told).toEqual([text.slice(0, 9), true, true])
      await hot.page.evaluate(() => document.body.replaceChildren())
    }
    expect(hot.faults).toEqual([])
  })

  test('are copied as their source', async () => {
    await drawn([['So $x^2$ is\n\nleft']])
    const copied = await hot.page.evaluate(() => {
      getSelection()!.selectAllChildren(document.querySelector('article')!)
      const clipboardData = new DataTransfer()
      document.querySelector('article')!.dispatchEvent(new ClipboardEvent('copy', { bubbles: true, clipboardData }))
      return clipboardData.getData('text/plain')
    })
    expect(copied.replace(/\n+/g, '\n').trim()).toBe('So $x^2$ is\nleft')
  })

  test('that are wide scroll in their own box, in the light and in the dark', async () => {
    await hot.page.setViewportSize({ width: 360, height: 700 })
    await drawn([[`${answer}\n$$${'x_1 + '.repeat(60)}y$$\n`]])
    const sizes = await hot.page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('.formula.display')]
      return [document.documentElement.scrollWidth, all.some((each) => each.scrollWidth > each.clientWidth)]
    })
    await hot.page.setViewportSize({ width: 900, height: 700 })
    const folder = process.env['AGENTSCOPE_SCREENSHOTS']
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true })
      await hot.page.screenshot({ path: `${folder}/maths.png` })
    }
    expect(sizes).toEqual([360, true])
  })
})
