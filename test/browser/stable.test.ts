// What stands on the page stays: no settled block is replaced, selections and open folds survive, and little changes.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import type { Program } from './program.ts'
import { useStudio } from './studio.ts'
import { isLive } from './transcript.ts'
import { hardText } from './words.ts'

const before =
  'First words here.\n\n- one\n- two\n\n```js\nconst answer = 42 // why\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAnd '
const answer = Array.from({ length: 30 }, (_, seed) => hardText(seed + 1).replaceAll('\r', '')).join('\n\n')
const chunks = (answer.match(/[\s\S]{1,5}/g) ?? []).slice(0, 500)

describeInChromium('what stands in the transcript', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it('is not replaced by 500 pieces behind it, and a piece adds and removes three nodes on average', async () => {
    const { tab, message } = await answering('stable')
    await tab.evaluate(watchNodes)
    await message.grow(chunks, { rate: 100 })
    await shows(tab, 'done')
    const { changes, touched } = await tab.evaluate(() => (globalThis as unknown as { nodes: Watched }).nodes)
    expect(touched).toEqual([])
    expect(changes / chunks.length).toBeLessThanOrEqual(3)
    expect(changes).toBeGreaterThan(20)
  })

  it.each([
    ['text', '.markdown p', 'First words here.'],
    ['a block of code', '.markdown code[data-language]', 'const answer = 42 // why'],
  ])('keeps a selection in %s through 500 pieces, and through its colours', async (_, selector, words) => {
    const { tab, message } = await answering('selected')
    await tab.$eval(selector, (element) => getSelection()?.selectAllChildren(element))
    await message.grow(chunks, { rate: 500 })
    await message.end()
    await shows(tab, 'done')
    await tab.waitForFunction(() => CSS.highlights.size > 0)
    expect((await tab.evaluate(() => getSelection()?.toString()))?.trim()).toBe(words)
  })

  it('leaves a fold as its reader left it, open or closed, through 500 pieces', async () => {
    const { tab, message, thought } = await answering('folds', true)
    await tab.click('.thinking >> nth=0 >> summary')
    await tab.click('.thinking >> nth=1 >> summary')
    await message.grow(chunks, { rate: 500 })
    await thought?.grow([' and on'])
    await thought?.end()
    await shows(tab, 'done')
    expect(await tab.$$eval('.thinking', (folds) => folds.map((fold) => (fold as HTMLDetailsElement).open))).toEqual([
      true,
      false,
    ])
  })

  /** A thought that is over, perhaps one that goes on, and a message that holds a block of each kind and grows. */
  async function answering(run: string, isThinking = false) {
    const program = await house.program(run)
    await program.say('Ada', ['It was thought about.'], { kind: 'thinking' })
    const thought = isThinking ? await opened(program, 'thinking', 'Thinking') : undefined
    const message = await opened(program, 'text', before)
    const tab = await house.tab(`/run/${run}`)
    await isLive(tab)
    await shows(tab, 'And')
    return { tab, message, thought }
  }
})

async function opened(program: Program, kind: 'text' | 'thinking', text: string) {
  const message = program.open('Ada', kind)
  await message.start
  await message.grow([text])
  return {
    ...message,
    grow: async (said: readonly string[], { rate = 1000 } = {}) => {
      await message.grow(said, { rate })
      if (kind === 'text') await message.grow(['\n\ndone'])
    },
  }
}

function shows(tab: Page, words: string) {
  return tab.waitForFunction((words) => {
    const text = [...document.querySelectorAll('[role=log] .markdown')].at(-1)?.textContent.trim()
    return text?.endsWith(words) === true
  }, words)
}

interface Watched {
  changes: number
  /** Settled blocks that were removed or in which something was. */
  touched: string[]
}

/** Counts nodes that come and go, and remembers each block that has another two behind it. It runs in the page. */
function watchNodes(): void {
  const nodes: Watched = { changes: 0, touched: [] }
  const log = document.querySelector('[role=log]') as HTMLElement
  let settled: Element[] = []
  const note = () => {
    settled = [...log.querySelectorAll('.markdown-section > *')].slice(0, -2)
  }
  note()
  new MutationObserver((records) => {
    for (const { target, addedNodes, removedNodes } of records) {
      nodes.changes += addedNodes.length + removedNodes.length
      for (const block of settled) {
        if (block.contains(target) || [...removedNodes].includes(block)) nodes.touched.push(block.outerHTML)
      }
    }
    note()
  }).observe(log, { childList: true, subtree: true })
  Object.assign(globalThis, { nodes })
}
