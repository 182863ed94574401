// Studio itself is killed in mid-stream and started again on the same port and data: nobody is hurt by it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { Program } from './program.ts'
import { tcpProxy } from './proxy.ts'
import { journalsAt, studioProcess } from './studio-process.ts'
import { isLive, showsLast, sizes } from './transcript.ts'
import { pieces } from './words.ts'

const rate = 100

describeInChromium('a Studio that is killed and started again', () => {
  const chromium = useChromium()

  /** The data, and a program that is linked to the Studio through a proxy of its own. */
  async function room() {
    const folder = await mkdtemp(join(tmpdir(), 'agentscope-restart-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const data = join(folder, 'studio.sqlite')
    const studio = await studioProcess(data)
    onTestFinished(() => studio[Symbol.asyncDispose]())
    const proxy = await tcpProxy(studio.url)
    onTestFinished(() => proxy[Symbol.asyncDispose]())
    const journals = journalsAt(proxy.url)
    onTestFinished(() => journals.close())
    const program = new Program(journals, 'restart')
    await program.begin()
    return { data, studio, proxy, program }
  }

  it('is followed again by the tab, slows no agent, and calls the run lost until it reports', async () => {
    const { data, studio, proxy, program } = await room()
    const tab = await (await chromium.context()).newPage()
    await tab.goto(new URL('/run/restart#', studio.url).href.replace('#', new URL(studio.url).hash))
    await isLive(tab)
    const message = program.open('Ada')
    await message.start
    const said = pieces(400)
    const half = Promise.withResolvers<void>()
    let lastAt = 0
    const told = (piece: number) => {
      lastAt = performance.now()
      if (piece === 100) half.resolve()
    }
    const began = performance.now()
    const grown = message.grow(said, { rate, told })
    await half.promise
    await tab.waitForFunction(hasText)
    studio.signal('SIGKILL')
    proxy.accept(false)
    proxy.cut()
    await tab.waitForSelector('.lost-bar', { timeout: 2000 })
    const again = await studioProcess(data, Number(new URL(studio.url).port))
    onTestFinished(() => again[Symbol.asyncDispose]())
    await tab.waitForSelector('.pill.lost')
    proxy.accept(true)
    await tab.waitForSelector('.pill.running')
    await grown
    // The last piece was told when it would have been without a Studio.
    expect(lastAt - began).toBeLessThanOrEqual((said.length * 1000) / rate + 250)
    await message.end()
    await showsLast(tab, said.join(''))
    expect((await sizes(tab)).texts).toBe(1)
  })
})

/** Runs in the page. */
function hasText(): boolean {
  return (document.querySelector('[role=log] .markdown')?.textContent ?? '').length > 100
}
