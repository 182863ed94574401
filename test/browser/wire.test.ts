// What the live wire carries and costs: linear in what is said, and right however it was cut.
import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'
import { isLive, loaded, showsLast } from './transcript.ts'
import { cutAnywhere, hardText, pieces } from './words.ts'

/** SEEDS=200 is the long form. A page holds so many texts at once. */
const last = Number(process.env['SEEDS'] ?? 30)
const onePage = 30
const groups = Array.from({ length: Math.ceil(last / onePage) }, (_, index) => ({ first: index * onePage + 1 }))

describeInChromium('the live wire', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  /** Bytes to the tab for one reply of so many pieces, after a first piece has been seen. */
  async function cost(run: string, count: number, rate: number, earlier = 0): Promise<number> {
    const program = await house.program(run)
    for (let each = 0; each < earlier; each++) await program.say('Ada', [pieces(410, each + 1).join('')])
    const tab = await house.tab(`/run/${run}`)
    await isLive(tab)
    const said = pieces(count)
    const message = program.open('Ada')
    await message.start
    await message.grow(['First: '])
    await showsLast(tab, 'First:', { writing: true })
    await loaded(tab)
    const before = house.proxy.down
    await message.grow(said, { rate })
    await message.end()
    await showsLast(tab, `First: ${said.join('')}`)
    const bytes = house.proxy.down - before
    await tab.close()
    return bytes
  }

  it('costs at most 8 KB for 1,000 pieces at 1,000 a second, and twice the pieces at most 2.1 times that', async () => {
    const one = await cost('one', 1000, 1000)
    expect(one).toBeLessThanOrEqual(8 * 1024)
    expect(await cost('two', 2000, 1000)).toBeLessThanOrEqual(2.1 * one)
  })

  it('costs at most 25 bytes a piece at 50 a second', async () => {
    expect(await cost('slow', 200, 50)).toBeLessThanOrEqual(200 * 25)
  })

  it('costs the same for a reply behind twenty earlier messages of 2 KB', async () => {
    const alone = await cost('alone', 500, 1000)
    expect(await cost('behind', 500, 1000, 20)).toBeLessThanOrEqual(1.1 * alone + 200)
  })

  it.each(groups)(
    'shows a text that was cut anywhere as the same text said at once, seeds from $first',
    async ({ first }) => {
      const seeds = Array.from({ length: Math.min(onePage, last - first + 1) }, (_, index) => first + index)
      const [cut, whole] = [await house.program('cut'), await house.program('whole')]
      const tab = await house.tab('/run/cut')
      await isLive(tab)
      for (const seed of seeds) {
        const text = hardText(seed)
        await cut.say('Ada', cutAnywhere(text, seed), { rate: 500 })
        await whole.say('Ada', [text])
      }
      const other = await house.tab('/run/whole')
      for (const each of [tab, other]) await each.waitForFunction(allWritten, seeds.length)
      const [got, wanted] = [await tab.evaluate(texts), await other.evaluate(texts)]
      for (const [index, seed] of seeds.entries()) expect([seed, got[index]]).toEqual([seed, wanted[index]])
      const said = seeds.map(hardText).map((text) => ({ len: text.length, crc: crc32(text) }))
      expect(await tab.evaluate(sums, 'cut')).toEqual(said)
    },
  )
})

// These run inside the page.

function allWritten(count: number): boolean {
  const texts = [...document.querySelectorAll<HTMLElement>('[role=log] .markdown')]
  return texts.length === count && texts.every((text) => !('writing' in text.dataset))
}

function texts(): string[] {
  return [...document.querySelectorAll('[role=log] .markdown')].map((text) => text.innerHTML)
}

/** What Studio tells of each text that is over, in order. */
async function sums(run: string): Promise<{ len: number; crc: number }[]> {
  const answer = await fetch(`/api/runs/${run}/messages?before=${Number.MAX_SAFE_INTEGER}&limit=500`)
  const { ops } = (await answer.json()) as { ops: [string, string, { len: number; crc: number }][] }
  return ops.flatMap(([op, , sum]) => (op === 'e' ? [{ len: sum.len, crc: sum.crc }] : []))
}
