// Chinese, Japanese and Korean have no spaces between words: emphasis and the ends of lines follow rules of their own.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInChromium } from '../chromium.ts'
import { cut } from './grammar.ts'
import { type HotPage, openHotPage } from './hot-page.ts'

const bold = (words: string) => `<strong>${words}</strong>`

describeInChromium('a text in Chinese, Japanese or Korean', () => {
  let hot: HotPage
  beforeAll(async () => {
    hot = await openHotPage()
  })
  afterAll(() => hot?.close())

  test.each([
    ['这是**粗体：**后面', `这是${bold('粗体：')}后面`],
    ['中文**（括号）**中文', `中文${bold('（括号）')}中文`],
    ['**“引用”**表示**重点。**再来', `${bold('“引用”')}表示${bold('重点。')}再来`],
    ['*斜体。*后面', '<em>斜体。</em>后面'],
    ['**a *b*：**后', `${bold('a <em>b</em>：')}后`],
    ['**日本語。**次', `${bold('日本語。')}次`],
    ['**한국어(Korean)**은', `${bold('한국어(Korean)')}은`],
    ['**`代码`**后', `${bold('<code>代码</code>')}后`],
    ['**第一项**：说明', `${bold('第一项')}：说明`],
    ['二 * 三 * 四，**粗 **后', '二 * 三 * 四，**粗 **后'],
    ['a**b.**c', 'a**b.**c'],
  ])('%j is emphasised where it is meant, however it is cut', async (text, wanted) => {
    const cuts = [[text], [...text], cut(text, 5)]
    const pages = await hot.page.evaluate((cuts) => cuts.map((chunks) => window.hot.rendered(chunks)), cuts)
    for (const page of pages) expect(page).toBe(`<p dir="auto">${wanted}</p>`)
  })

  test('a line that ends between two characters of it leaves no space', async () => {
    const text = '第一行\n第二行，\n第三行 and\nmore 한국어\n단어'
    const page = await hot.page.evaluate((text) => window.hot.rendered([...text]), text)
    expect(page).toBe('<p dir="auto">第一行第二行，第三行 and\nmore 한국어\n단어</p>')
  })

  test('no line begins with a mark that ends something, and none ends with one that begins something', async () => {
    const lines = await hot.page.evaluate(() => {
      const place = window.hot.place()
      place.style.width = '10em'
      const stream = new window.hot.StreamMarkdown(place, { painter: window.hot.painter })
      stream.push(
        '他说：“今天天气很好，我们去西湖（早上）散步吧。”她答：「好的，走吧！」于是、他们就出发了；路上没有人。'.repeat(
          4,
        ),
      )
      stream.end()
      window.hot.paintAll(stream)
      const text = place.querySelector('p')?.firstChild as Text
      const lines: string[] = []
      let before = Number.NaN
      for (let at = 0; at < text.length; at += 1) {
        const range = new Range()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        const { bottom } = range.getBoundingClientRect()
        if (bottom === before) lines.push(`${lines.pop()}${text.data[at]}`)
        else lines.push(text.data[at] ?? '')
        before = bottom
      }
      return lines
    })
    expect(lines.length).toBeGreaterThan(10)
    for (const line of lines) {
      expect(line).not.toMatch(/^[，。、：；！”）」]/)
      expect(line).not.toMatch(/[“（「]$/)
    }
  })
})
