// Nothing flashes while a text is written: no half marker, no block that changes its kind, no line that jumps.
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'
import { isLive, showsLast } from './transcript.ts'

/** Texts whose marks are all meant: none of them is to be read, ever. Beside each, the kinds of its blocks. */
const corpus: readonly [name: string, text: string, kinds: string][] = [
  ['bold', 'Some **bold words** and __more__, ***both*** and ~~gone~~ ones, *leaning*.', 'P'],
  [
    'links',
    'See [the docs](https://a.example/x_y), <https://b.example> and `code` here, ![alt](http://c.example).',
    'P',
  ],
  ['fences', 'Code:\n\n```js\nlet a = 1\nlet b\n```\n\nand\n\n~~~\ntilde\n~~~\n\nend', 'P FIGURE P FIGURE P'],
  ['tables', 'Rows:\n\n| h | i |\n|---|:-:|\n| **x** | 1 |\n| `y` | 2 |\n\nend', 'P FIGURE P'],
  [
    'lists',
    '# Head\n\n- **one** two\n- `three`\n  - deep\n\n1. first\n2. second\n\n> said\n> more',
    'H1 UL OL BLOCKQUOTE',
  ],
  ['Chinese', '这是**粗体：**后面的文字，和`代码`。\n\n- **第一项**：说明\n- 第二项', 'P UL'],
]
/** Marks that are words of a formula: they are read as they were written, and stay what they were. */
const maths: [string, string, string] = ['maths', 'So $a_1 + b$ and\n\n$$\n\\sum_{i=0}^n x_i + y_i\n$$\n\nend', 'P P P']

describeInChromium('a text that is being written', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it.each(corpus)('of %s shows no raw marker and no block that changes its kind', async (name, text, kinds) => {
    const { marks, blocks, shift, whole } = await watched(name, text)
    expect(marks.filter(({ milliseconds }) => milliseconds > 200)).toEqual([])
    expect(blocks.map((each) => each.join(' ')).join(' ')).toBe(kinds)
    expect(shift).toBeLessThanOrEqual(0.02)
    expect(whole).not.toMatch(/[*`~[\]#|]/)
  })

  it('of formulas is calm: each is drawn in its place, in blocks that stay what they are', async () => {
    const [name, text, kinds] = maths
    const { blocks, shift, formulas } = await watched(name, text)
    expect(blocks.map((each) => each.join(' ')).join(' ')).toBe(kinds)
    expect(shift).toBeLessThanOrEqual(0.02)
    expect(formulas).toEqual(['$a_1 + b$', '$$\n\\sum_{i=0}^n x_i + y_i\n$$'])
  })

  /** The text, character by character, in a run whose page stands still but for it. */
  async function watched(run: string, text: string): Promise<Watched & Written> {
    const program = await house.program('flicker')
    await program.say('Ada', [`About ${run}.`])
    const tab = await house.tab('/run/flicker')
    await isLive(tab)
    await showsLast(tab, `About ${run}.`)
    const message = program.open('Ada')
    await message.start
    await tab.waitForFunction(() => document.querySelectorAll('.message').length === 2)
    await tab.evaluate(watchText)
    await message.grow([...text], { rate: 80 })
    await message.end()
    await tab.waitForFunction(isWritten)
    return tab.evaluate(collect)
  }
})

interface Watched {
  /** Raw marks that were read, and for how long without a break. */
  marks: { mark: string; in: string; milliseconds: number }[]
  /** For each block in its place: the names of the elements that stood there, one after the other. */
  blocks: string[][]
  /** The cumulative layout shift. */
  shift: number
}

// These run inside the page.

interface Written {
  whole: string
  /** The source of each that is drawn. */
  formulas: (string | undefined)[]
}

/** Nothing more is coming: neither words nor drawings. */
function isWritten(): boolean {
  if (document.querySelector('[data-formula]:not([data-drawn])') !== null) return false
  const texts = [...document.querySelectorAll<HTMLElement>('[role=log] .markdown')]
  return texts.length === 2 && !('writing' in (texts[1] as HTMLElement).dataset)
}

function collect(): Watched & Written {
  const { watched } = globalThis as unknown as { watched: Watched }
  const whole = [...document.querySelectorAll('[role=log] .markdown')].at(-1)?.textContent ?? ''
  const drawn = [...document.querySelectorAll<HTMLElement>('[data-formula][data-drawn=""]')]
  return { ...watched, whole, formulas: drawn.map(({ dataset }) => dataset['formula']) }
}

/** Looks at the newest text in each frame. */
function watchText(): void {
  const watched: Watched = { marks: [], blocks: [], shift: 0 }
  const since = new Map<string, number>()
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watched.shift += (entry as PerformanceEntry & { value: number }).value
  }).observe({ type: 'layout-shift' })
  const look = () => {
    const text = [...document.querySelectorAll('[role=log] .markdown')][1]
    const words = text?.textContent ?? ''
    const marks = new Set(words.match(/[*`~[\]#|]/g))
    for (const mark of since.keys()) if (!marks.has(mark)) since.delete(mark)
    for (const mark of marks) {
      const began = since.get(mark) ?? performance.now()
      since.set(mark, began)
      watched.marks.push({ mark, in: words.slice(-40), milliseconds: performance.now() - began })
    }
    for (const [index, { tagName }] of [...(text?.querySelectorAll('.markdown-section > *') ?? [])].entries()) {
      watched.blocks[index] ??= []
      if (watched.blocks[index].at(-1) !== tagName) watched.blocks[index].push(tagName)
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  Object.assign(globalThis, { watched })
}
