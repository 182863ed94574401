// Settled blocks stay: no node of theirs is replaced, a selection survives, and a chunk changes a handful of nodes.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { cut, grammar } from './grammar.ts'
import { type HotPage, openHotPage } from './hot-page.ts'

const answer = [
  grammar.paragraphs,
  grammar.lists,
  grammar.fences?.split('```not')[0],
  grammar.tables,
  grammar.quotes,
].join('\n\n')
const rows = Array.from({ length: 3_000 }, (_, row) => `| ${row} | **cell** ${row} | \`x\` |\n`)
const table = `| a | b | c |\n|---|---|---|\n${rows.join('')}`
const prose = Array.from(
  { length: 400 },
  (_, n) => `Paragraph ${n} with **bold** and \`code\`, ${'some words '.repeat(40)}.\n\n`,
).join('')
const code = `\`\`\`js\n${Array.from({ length: 2_500 }, (_, n) => `const value${n} = compute(${n}, 'text')`).join('\n')}\n`

describeInChromium('StreamMarkdown, while it is written', () => {
  let hot: HotPage
  beforeAll(async () => {
    hot = await openHotPage()
  })
  afterAll(() => hot?.close())
  beforeEach(() => hot.page.evaluate(() => document.body.replaceChildren()))

  /** Writes `head` at once, then the chunks one by one, and counts the nodes added and removed for each. */
  function written(head: string, chunks: readonly string[]) {
    return hot.page.evaluate(
      ({ head, chunks }) => {
        const { painter, StreamMarkdown, place } = window.hot
        const element = place()
        const stream = new StreamMarkdown(element, { painter, holdMs: 1e9 })
        stream.push(head)
        window.hot.paintAll(stream)
        const changes = new MutationObserver(() => {})
        changes.observe(element, { childList: true, subtree: true })
        const counts: number[] = []
        let settledTouched = 0
        for (const chunk of chunks) {
          const settled = new Set([...element.querySelectorAll('.markdown-section > *')].slice(0, -2))
          stream.push(chunk)
          stream.paint()
          const records = changes.takeRecords()
          counts.push(
            records.reduce((sum, { addedNodes, removedNodes }) => sum + addedNodes.length + removedNodes.length, 0),
          )
          for (const { target, removedNodes } of records) {
            if (
              [...settled].some((block) => block.contains(target)) ||
              [...removedNodes].some((node) => settled.has(node as Element))
            )
              settledTouched += 1
          }
        }
        return { counts, settledTouched, nodes: element.querySelectorAll('*').length }
      },
      { head, chunks },
    )
  }

  test('500 chunks change three nodes each on average, and never a settled block', async () => {
    const chunks =
      cut(answer, 3)
        .join('')
        .match(/[\s\S]{1,5}/g) ?? []
    const { counts, settledTouched } = await written('', chunks)
    expect(settledTouched).toBe(0)
    expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).toBeLessThanOrEqual(3)
  })

  test.each([
    ['200 KB of paragraphs', prose],
    ['an open code block of 100 KB', code],
    ['a table of 3,000 rows', table],
  ])('behind %s a chunk still changes at most three nodes', async (_, head) => {
    const tail =
      head === table ? ['| 1 |', ' two | ', '3 |\n', '| x', '|\n'] : ['a ', 'few ', 'more ', 'words\n', 'and ', 'again']
    const { counts, settledTouched } = await written(head, tail)
    expect(Math.max(...counts)).toBeLessThanOrEqual(3)
    expect(settledTouched).toBe(0)
  })

  test('a selection in settled words and one in code survive what follows', async () => {
    const texts = await hot.page.evaluate(async () => {
      const { painter, StreamMarkdown, Highlighter, place } = window.hot
      const highlighter = new Highlighter({ label: 'Colour' })
      const coloured: Promise<void>[] = []
      const element = place()
      const stream = new StreamMarkdown(element, { painter, onCode: (block) => coloured.push(highlighter.add(block)) })
      stream.push('First words here.\n\n```js\nconst answer = 42 // why\n```\n\nand')
      stream.paint()
      const selected: string[] = []
      for (const within of ['p', 'code']) {
        getSelection()!.selectAllChildren(element.querySelector(within)!)
        for (let n = 0; n < 100; n += 1) {
          stream.push(` more **words** ${n}\n\n`)
          stream.paint()
        }
        await Promise.all(coloured)
        selected.push(getSelection()!.toString())
      }
      return { selected, ranges: [...CSS.highlights].map(([name, set]) => `${name} ${set.size}`).sort() }
    })
    expect(texts.selected.map((text) => text.trim())).toEqual(['First words here.', 'const answer = 42 // why'])
    expect(texts.ranges).toContain('code-keyword 1')
    expect(texts.ranges).toContain('code-comment 1')
  })

  test('a definition at the end makes links of what names it and touches nothing else', async () => {
    const found = await hot.page.evaluate(() => {
      const { painter, StreamMarkdown, place } = window.hot
      const element = place()
      const stream = new StreamMarkdown(element, { painter })
      stream.push('Plain [1] one.\n\nSee [docs].\n\nEnd.\n\n[docs]: https://docs.example\n')
      stream.paint()
      const before = [...element.querySelectorAll('p')]
      stream.end()
      stream.paint()
      const after = [...element.querySelectorAll('p')]
      return {
        kept: before.every((node, index) => node === after[index]),
        page: after.map((node) => node.textContent),
        links: element.querySelectorAll('a').length,
      }
    })
    expect(found).toEqual({ kept: true, page: ['Plain [1] one.', 'See docs.', 'End.'], links: 1 })
  })

  test('no half marker is ever seen, and no block changes its kind twice', async () => {
    const text =
      '# Head\n\nSome **bold words** and `code` and [a link](https://a.example/x) and ~~gone~~ and *it*.\n\n' +
      '- **one** two\n- `three`\n\n```js\nlet a\n```\n\n| h |\n|---|\n| **x** |\n\n1. first\n2. second\n'
    const found = await hot.page.evaluate((text) => {
      const { painter, StreamMarkdown, place } = window.hot
      const element = place()
      const stream = new StreamMarkdown(element, { painter, holdMs: 1e9 })
      const seen = new Set<string>()
      const kinds: string[][] = []
      for (const char of text) {
        stream.push(char)
        stream.paint()
        for (const mark of element.textContent.match(/[*`~[\]#|]/g) ?? []) seen.add(mark)
        for (const [index, block] of [...element.querySelectorAll('.markdown-section > *')].entries()) {
          kinds[index] ??= []
          if (kinds[index].at(-1) !== block.localName) kinds[index].push(block.localName)
        }
      }
      return { seen: [...seen], kinds: kinds.map((each) => each.join(' ')) }
    }, text)
    expect(found).toEqual({ seen: [], kinds: ['h1', 'p', 'ul', 'figure', 'figure', 'ol'] })
  })

  test('a marker that nothing follows is shown when its time is over', async () => {
    const shown = await hot.page.evaluate(async () => {
      const { painter, StreamMarkdown, place } = window.hot
      const element = place()
      const whole = new Promise<void>((done) => {
        const onPaint = () => element.textContent === 'two *' && done()
        const stream = new StreamMarkdown(element, { painter, holdMs: 100, onPaint })
        stream.push('two *')
        stream.paint()
      })
      const before = element.textContent
      await whole
      return [before, element.textContent]
    })
    expect(shown).toEqual(['two ', 'two *'])
  })

  test('what comes after the end, and a text told anew, are shown whole', async () => {
    const pages = await hot.page.evaluate(() => {
      const { painter, StreamMarkdown, place } = window.hot
      const element = place()
      const stream = new StreamMarkdown(element, { painter })
      const pages: string[] = []
      const show = (change: () => void) => {
        change()
        stream.paint()
        pages.push(element.textContent)
      }
      show(() => stream.push('**one**'))
      show(() => stream.end())
      show(() => stream.push(' two'))
      show(() => stream.replace('**one** two three'))
      show(() => stream.replace('other'))
      return pages
    })
    expect(pages).toEqual(['one', 'one', 'one two', 'one two three', 'other'])
  })
})
