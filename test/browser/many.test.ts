// A run of five hundred messages and a trace of ten thousand spans: open soon, small in memory, smooth to scroll.
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { JournalRecord, Span } from '../../src/journal/journal.ts'
import { atOnce } from '../suites/at-once.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { fairFrames } from './fair-frames.ts'
import type { Program } from './program.ts'
import { drawn, isAtEnd, left, seen, wheel } from './reading.ts'
import { useStudio } from './studio.ts'
import { pieces } from './words.ts'

const nodesOf = (tab: Page) => tab.evaluate(() => document.querySelectorAll('*').length)

describeInChromium('a large run', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)

  it('of 500 messages shows its last screen within 400 ms, of at most 4,000 nodes', atOnce, async () => {
    const { tab } = await manyMessages()
    await tab.reload()
    expect(await tab.evaluate(shownAt, 'Message 500 says')).toBeLessThanOrEqual(400)
    await isAtEnd(tab)
    expect(await nodesOf(tab)).toBeLessThanOrEqual(4000)
  })

  it('of 500 messages is read to its top and back: on few nodes, and to the same row', async () => {
    const { tab } = await manyMessages()
    await allOlder(tab)
    expect(await nodesOf(tab)).toBeLessThanOrEqual(4000)
    await wheel(tab, -3000)
    const before = await seen(tab)
    await tab.evaluate(toTopAndBack, before.words)
    expect(await seen(tab)).toEqual(before)
    const top = await tab.evaluate(() => (globalThis as unknown as { first: string }).first)
    expect(top).toContain('Message 1 says')
    expect(await nodesOf(tab)).toBeLessThanOrEqual(4000)
    expect(await left(tab)).toBeGreaterThan(1)
  })

  it('reads a message of 200 KB upwards without a jump', async () => {
    const program = await house.program('long')
    const part = (index: number) => `## Part ${index}\n\n${pieces(80, index).join('')}\n\n- one\n- two **bold**\n\n`
    await program.say('Ada', [Array.from({ length: 400 }, (_, index) => part(index)).join('')])
    const tab = await house.tab('/run/long')
    await tab.waitForFunction(() => document.querySelector('[role=log]')?.textContent.includes('Part 399'))
    await isAtEnd(tab)
    await wheel(tab, -1)
    expect(await tab.evaluate(jumpsUpwards)).toEqual([])
  })

  it('with a trace of 10,000 spans opens its timeline within a second and scrolls it smoothly', atOnce, async () => {
    const program = await house.program('spans')
    await program.write(...spans(10_000))
    const tab = await house.tab('/run/spans/timeline')
    await tab.waitForSelector('.waterfall-row')
    await tab.reload()
    expect(await tab.evaluate(spansShownAt)).toBeLessThanOrEqual(1000)
    expect(await nodesOf(tab)).toBeLessThanOrEqual(4000)
    const { fps, longest } = await fairFrames(tab, () => tab.evaluate(scrollThrough, '.waterfall-scroll'))
    expect(fps).toBeGreaterThanOrEqual(55)
    expect(longest).toBeLessThanOrEqual(100)
  })

  async function manyMessages() {
    const program = await house.program('many')
    await Promise.all(Array.from({ length: 500 }, (_, index) => sayOne(program, index + 1)))
    const tab = await house.tab('/run/many')
    await tab.waitForFunction(() => document.querySelector('[role=log]')?.textContent.includes('Message 500 says'))
    return { program, tab }
  }
})

function sayOne(program: Program, index: number): Promise<string> {
  const text = `Message ${index} says **this**:\n\n- one\n- two\n\n${pieces(60 + (index % 7) * 40, index).join('')}`
  return program.say(`Agent ${index % 5}`, [text])
}

/** Trees of a reply, its model call and tools; times in a row, as one long run would have them. */
function spans(count: number): JournalRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const isRoot = index % 20 === 0
    const startMs = 1_700_000_000_000 + index * 40
    const span: Span = {
      traceId: 'trace-1',
      spanId: `span-${index}`,
      ...(!isRoot && { parentSpanId: `span-${index - (index % 20)}` }),
      name: isRoot ? `reply ${index}` : `step ${index}`,
      kind: isRoot ? 'agent' : index % 3 === 0 ? 'tool' : 'model',
      startMs,
      endMs: startMs + (isRoot ? 800 : 35),
      status: index % 97 === 0 ? 'error' : 'ok',
      attributes: { 'gen_ai.request.model': 'qwen3-max', 'gen_ai.usage.input_tokens': 1000 + index },
    }
    return { type: 'span', at: startMs, span }
  })
}

async function allOlder(tab: Page): Promise<void> {
  for (let count = 50; count < 500; count += 50) {
    await tab.$eval('[role=log]', (log) => log.scrollTo(0, 0))
    await tab.waitForFunction(
      (first) => document.querySelector('.transcript-rows')?.textContent.includes(first),
      `Message ${500 - count} says`,
    )
  }
  await tab.$eval('[role=log]', (log) => log.scrollTo(0, log.scrollHeight))
  await drawn(tab)
}

// These run inside the page.

/** Milliseconds from the navigation until these words are in the view. */
function shownAt(words: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const log = document.querySelector('[role=log]')
      const last = [...(log?.querySelectorAll('.markdown') ?? [])].at(-1)
      const isSeen = last?.textContent.includes(words) && last.getBoundingClientRect().top < innerHeight
      if (isSeen) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })
}

function spansShownAt(): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelectorAll('.waterfall-row').length > 10) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })
}

/** To the first row, which is noted, and back until the block with these words is where it was. */
async function toTopAndBack(words: string): Promise<void> {
  const log = document.querySelector('[role=log]') as HTMLElement
  const edge = log.getBoundingClientRect().top
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  const blocks = () => [...log.querySelectorAll('.markdown-section > *')]
  const top = () => blocks().find((each) => each.textContent.startsWith(words))
  const was = (top()?.getBoundingClientRect().top ?? 0) - edge
  while (log.scrollTop > 0) {
    log.scrollTop -= 2000
    await frame()
  }
  Object.assign(globalThis, { first: blocks()[0]?.textContent })
  for (let found = top(); ; found = top()) {
    const left = found === undefined ? 2000 : found.getBoundingClientRect().top - edge - was
    if (Math.abs(left) < 1) return
    log.scrollTop += Math.min(2000, left)
    await frame()
  }
}

/** A second and a half of scrolling, down and up. */
async function scrollThrough(selector: string): Promise<void> {
  const element = document.querySelector(selector) as HTMLElement
  element.scrollTop = element.scrollHeight / 3
  for (let step = 0; step < 90; step += 1) {
    element.scrollTop += step < 60 ? 120 : -120
    await new Promise((done) => requestAnimationFrame(done))
  }
}

/** Scrolls up through the whole text and notes each time a block is not where the scrolling alone has put it. */
async function jumpsUpwards(): Promise<string[]> {
  const log = document.querySelector('[role=log]') as HTMLElement
  const edge = log.getBoundingClientRect().top
  const jumps: string[] = []
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  while (log.scrollTop > 150) {
    const block = [...log.querySelectorAll('.markdown-section > *')].find(
      (each) => each.checkVisibility({ contentVisibilityAuto: true }) && each.getBoundingClientRect().top > edge + 20,
    )
    const before = block?.getBoundingClientRect().top ?? 0
    log.scrollTop -= 150
    await frame()
    const moved = (block?.getBoundingClientRect().top ?? 0) - before
    if (Math.abs(moved - 150) > 2) jumps.push(`${block?.textContent.slice(0, 20)}: ${moved}`)
  }
  return jumps
}
